"""A site on this machine with a feed that its test changes, and a publication that follows it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from fetch.clients import fetcher
from fetch.loopback import LoopbackServer, response

from threadbot.config import load_config
from threadbot.sources.rounds import Rounds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fetch.loopback import Answer

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import Delivery
    from threadbot.sources.rounds import Looked

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
#: How long after that the articles begin: after the first looks of a newsroom, or they would be of
#: the archive where its feed was empty then.
FIRST_DATE = timedelta(hours=2)
#: Enough of a text that no page is read.
LONG = "The mill at the river was built by hand, and has stood still since the flood of that year. "


@dataclass(frozen=True)
class Item:
    """An entry of the feed.

    Args:
        number: tells it from others, and says when it was published.
        title: its title, or one made of the number.
        text: what is added to its text.
        guid: in place of the one that is made of the number.
        address: in place of that, too.
        content: in place of the text.
        category: what it is filed under.
        dated: whether it says when it was published; where the clock is real it had better not,
            as an old date makes it one of the archive.
    """

    number: int
    title: str = ""
    text: str = ""
    guid: str = ""
    address: str = ""
    content: str = ""
    category: str = ""
    dated: bool = True

    def xml(self) -> str:
        """Write it as RSS has it."""
        number = self.number
        body = self.content or (
            f"<p>Report {number} begins. {LONG * 6}</p><h2>What changes</h2>"
            f"<p>Number {number} ends here. {LONG * 6}{self.text}</p>"
        )
        moment = format_datetime(START + FIRST_DATE + timedelta(minutes=number))
        date = f"<pubDate>{moment}</pubDate>" if self.dated else ""
        return (
            f"<item><title>{escape(self.title or f'Article {number}')}</title>"
            f"<link>{escape(self.address or f'https://enpause.com/article-{number}')}</link>"
            f"<guid isPermaLink='false'>{escape(self.guid or f'post-{number}')}</guid>"
            f"<category>{escape(self.category)}</category>"
            f"{date}"
            f"<content:encoded>{escape(body)}</content:encoded></item>"
        )


def rss(items: Iterable[Item], more: str = "") -> bytes:
    """Write a feed, the newest entry first."""
    written = "".join(item.xml() for item in sorted(items, key=lambda item: -item.number))
    return (
        "<?xml version='1.0' encoding='utf-8'?>"
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/' "
        "xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Enpause</title>"
        f"<link>https://enpause.com/</link><description>News</description>{more}{written}"
        "</channel></rss>"
    ).encode()


CONFIG = """\
[accounts.ours-x]
network = "x"

[accounts.ours-bsky]
network = "bluesky"

[[source]]
name = "site"
kind = "feed"
url = "http://news.example:{port}/feed"
{more}

{sections}
"""


@dataclass
class Newsroom:
    """A site, and the publication that follows its feed.

    Args:
        folder: where the configuration is.
        ledger: what is known.
        more: further keys of the source.
        sections: further sections of the configuration.
        items: what the feed shows, by number.
        now: the time.
    """

    folder: Path
    ledger: Ledger
    more: str = ""
    sections: str = ""
    items: dict[int, Item] = field(default_factory=dict)
    now: datetime = START

    def __post_init__(self) -> None:
        self.answers: dict[str, Answer] = {"/feed": self._feed}
        self.server = LoopbackServer(self.answers)
        self.config = self._config()
        self.rounds = self.begin()

    def _feed(self, connection: object) -> None:
        response(rss(self.items.values()), Content_Type="application/rss+xml")(connection)  # type: ignore[arg-type]

    def _config(self) -> Config:
        caps = "" if "max_per_day" in self.more else 'max_per_day = "none"\nmax_backlog = "none"\n'
        more = caps + self.more
        text = CONFIG.format(port=self.server.port, more=more, sections=self.sections)
        (self.folder / "config.toml").write_text(text, "utf-8")
        return load_config(self.folder / "config.toml", {}, self.folder)

    def begin(self) -> Rounds:
        """Begin as a process that was just started."""
        client = fetcher(self.server)
        return Rounds(self.config, self.ledger, client=client, now=lambda: self.now)

    def reconfigure(self, more: str) -> None:
        """Change the keys of the source, and begin anew."""
        self.more = more
        self.config = self._config()
        self.rounds = self.begin()

    def show(self, *numbers: int, **changes: str) -> None:
        """Let the feed show these articles, too; changes are made to each."""
        for number in numbers:
            self.items[number] = replace(self.items.get(number, Item(number)), **changes)  # type: ignore[arg-type]

    def look(self, name: str = "site", after: timedelta = timedelta(minutes=20)) -> Looked:
        """Do one round over a source: look, then carry out."""
        self.now += after
        looked = self.rounds.look(self.rounds.sources[name])
        self.rounds.carry_out()
        return looked

    def threads(self) -> list[Delivery]:
        """Give what is in the ledger, the oldest first."""
        return list(reversed(self.ledger.history()))

    def states(self) -> list[str]:
        """Say account, state and title of each thread, the oldest first."""
        return [f"{one.row.account} {one.row.state} {one.row.title}" for one in self.threads()]

    def close(self) -> None:
        """Take the site down."""
        self.server.close()
