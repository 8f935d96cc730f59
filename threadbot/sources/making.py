"""From an entry to its article, and from that to a thread for each account.

Owns where an article's text is taken from (the entry, a file, its page) and whom its threads are
for. Stores nothing.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from threadbot.app import Wish, stands_in, targets
from threadbot.article import load
from threadbot.article.address import is_canonical_of
from threadbot.errors import InputError, SourceError, ThreadbotError, ThreadError
from threadbot.fetch.pages import fetch_page
from threadbot.fetch.settings import BY_HAND, Reach
from threadbot.pictures import with_found_pictures, without_pictures
from threadbot.thread import compose
from threadbot.triggers.drafts import Made
from threadbot.triggers.settings import with_parameters

if TYPE_CHECKING:
    from threadbot.app import Target
    from threadbot.article import Article
    from threadbot.article.model import Known
    from threadbot.config import Config
    from threadbot.fetch.client import Fetched
    from threadbot.fetch.pages import PageClient, Robots
    from threadbot.thread.model import Thread
    from threadbot.triggers.entry import Entry
    from threadbot.triggers.settings import Source

_A_FEW_WORDS: Final = "<h1>A mill</h1><p>It was built by hand. It has stood still since.</p>"
#: One account on each network is enough to warm up with.
_KINDS: Final = 2


class Maker:
    """Makes threads of entries.

    Args:
        config: the configuration.
        client: fetches pages.
        robots: says which pages may be fetched.
    """

    def __init__(self, config: Config, client: PageClient, robots: Robots) -> None:
        self._config = config
        self._client = client
        self._robots = robots
        self._targets: dict[tuple[str, tuple[str, ...]], tuple[Target, ...]] = {}

    def make(self, source: Source, entry: Entry, accounts: tuple[str, ...] | None) -> Made:
        """Read the article of an entry and compose its threads.

        Args:
            source: the entry's.
            entry: as its source gives it.
            accounts: whom they are for; None for the source's.

        Returns:
            Its threads; where some accounts' can be made, what keeps the others from it.

        Raises:
            ThreadError: the article makes no thread, whenever that is tried.
            InputError: it cannot be had or read.
        """
        article = self.article(source, entry)
        place = entry.source or entry.address
        if accounts is not None and not accounts:
            return Made(article, place, ())
        wished = source.accounts if accounts is None else accounts
        folder = None if entry.source is None else Path(entry.source).parent
        threads: list[Thread] = []
        refused: dict[str, ThreadError] = {}
        for target in self._for(source, wished):
            try:
                threads.append(self._thread(article, source, target, folder))
            except ThreadError as error:
                refused[target.account.name] = error
        # An edit is taken over as a whole, or not.
        if refused and (accounts is not None or not threads):
            raise next(iter(refused.values()))
        said = {account: str(error) for account, error in refused.items()}
        return Made(article, place, tuple(threads), said)

    def warm_up(self, source: Source) -> None:
        """Make threads of a few words, for what is loaded late would keep the first entry waiting.

        Args:
            source: whose accounts and style are taken.
        """
        with suppress(ThreadbotError):
            article = load(_A_FEW_WORDS, name="a.html", url="https://example.com/")
            for target in self._for(source, source.accounts)[:_KINDS]:
                self._thread(article, source, target, None)

    def article(self, source: Source, entry: Entry) -> Article:
        """Read the article of an entry: its page where the entry has but the beginning.

        Args:
            source: the entry's.
            entry: as its source gives it.

        Raises:
            InputError: it cannot be had or read.
        """
        if entry.source is None and entry.needs_page and entry.address is not None:
            reach = reach_of(source)
            page = fetch_page(self._client, entry.address, reach=reach, robots=self._robots)
            try:
                return self._of_page(entry, page)
            except SourceError:
                # A page without an article, as of a picture or a short note: the entry is all.
                if not entry.text:
                    raise
        content_type = None if entry.name else entry.content_type
        return self._load(
            entry.known(), entry.content, entry.name, content_type=content_type, url=entry.address
        )

    def _of_page(self, entry: Entry, page: Fetched) -> Article:
        """Read a page. Its address is the feed's, which it may write better but not replace."""
        known = entry.known()
        address = known.pop("url", None)
        content_type = page.headers.get("content-type")
        article = self._load(known, page.body, None, content_type=content_type, url=page.url)
        stated = article.url
        if address is None or (stated is not None and is_canonical_of(stated, address)):
            return article
        return replace(article, url=address)

    def _load(
        self,
        known: Known,
        data: bytes | str,
        name: str | None,
        *,
        content_type: str | None,
        url: str | None,
    ) -> Article:
        publication = self._config.publication
        return load(
            data,
            name=name,
            content_type=content_type,
            url=url,
            known=known,
            typography=publication.typography,
            usual_language=publication.language,
        )

    def _for(self, source: Source, accounts: tuple[str, ...]) -> tuple[Target, ...]:
        key = (source.name, accounts)
        if key not in self._targets:
            found = [
                target
                for name in accounts or (None,)
                for target in targets(self._config, Wish(account=name, style=source.style))
                if source.sandbox or not stands_in(target.account)
            ]
            # X comes before Bluesky, as in every preview.
            found.sort(key=lambda target: target.account.network != "x")
            self._targets[key] = tuple(found)
        if not self._targets[key]:
            message = (
                "no account is configured: add [accounts.NAME] to the configuration, or set "
                "'sandbox' in the [[source]]"
            )
            raise InputError(message)
        return self._targets[key]

    def _thread(
        self, article: Article, source: Source, target: Target, folder: Path | None
    ) -> Thread:
        account = target.account
        linked = article
        if article.url is not None:
            url = with_parameters(
                article.url, source.link_parameters, account.network, account.name
            )
            linked = replace(article, url=url)
        composed = compose(linked, account, target.style)
        found = with_found_pictures(composed, folder, article.url)
        reach, fetch = reach_of(source), self._config.fetch
        return without_pictures(found, lambda src: fetch.is_beyond(src, reach))


def reach_of(source: Source) -> Reach:
    """Say where a source's entries may lead that is not public.

    Strangers may write in a feed, so its own host is as far as its entries reach. Files are the
    owner's, and a webhook's sender proves that it is known.
    """
    return Reach(home=source.url) if source.kind == "feed" else BY_HAND
