"""What a source says of one article, before it is read.

Owns the value that feeds, webhooks and folders share, and what of it `article.reader.load` is told.
Never fetches and never reads an article.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from threadbot.article.address import untracked, without_secrets

if TYPE_CHECKING:
    from threadbot.article.model import Known

#: Characters of text below which an entry is a mere teaser, so that its page must be read.
SHORT = 800

# Neither can run away on hostile text: what stands between the ends cannot hold them.
_TAG = re.compile(r"<[^<>]*>")
_TEASER_END = re.compile(
    r"(?:\[?(?:…|\.\.\.)\]?|(?:read more|continue reading|lire la suite|weiterlesen|leer más"
    r"|continua a leggere)\W{0,5})$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as its source announces it.

    Args:
        guid: the source's own name for it: a feed's guid, a post's number, a path in a folder.
        address: its http(s) address, absolute.
        title: as plain text, or None.
        content: all of its text that the source gives, or nothing.
        content_type: what the content is written in.
        summary: the source's own summary, as plain text.
        author: the author's name.
        published: when, with its offset from UTC.
        dated_by_change: whether that is but the moment of the last change, so that it was published
            then or before.
        language: a two-letter code.
        categories: the source's keywords, in its order.
        picture: the address of the lead picture.
        name: the file name, whose extension says what the content is; None for what is no file.
        source: the absolute path that it was read from; None for what is no file.
        is_update: whether its source calls it a change of what was published before.
        changed: when its source made this state of it; feeds are not believed about that.
        written: when its file was written last; None for what is no file.
    """

    guid: str | None = None
    address: str | None = None
    title: str | None = None
    content: str = ""
    content_type: str = "text/html"
    summary: str | None = None
    author: str | None = None
    published: datetime | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    picture: str | None = None
    name: str | None = None
    source: str | None = None
    dated_by_change: bool = False
    is_update: bool = False
    changed: datetime | None = None
    written: datetime | None = None

    @property
    def needs_page(self) -> bool:
        """Whether the article stands on its page, and here but its beginning."""
        if self.address is None:
            return False
        text = self.text
        return len(text) < SHORT or _TEASER_END.search(text[-40:]) is not None

    @property
    def text(self) -> str:
        """The content as plain text, roughly: enough to compare and to measure it."""
        if self.content_type != "text/html":
            return " ".join(self.content.split())
        return plain_text(self.content)

    @property
    def said(self) -> str:
        """How a message names the entry."""
        place = self.address or self.guid
        return self.title or (without_secrets(place) if place else "an entry without a title")

    @property
    def says_something(self) -> bool:
        """Whether an article could be made of it: a file that is being written says nothing yet."""
        return bool(self.title or self.content or self.summary or self.address)

    def known(self) -> Known:
        """Give what `load` need not find out."""
        known: Known = {}
        if self.title:
            known["title"] = self.title
        if self.author:
            known["author"] = self.author
        if self.published:
            # The day where the author is, which the offset tells.
            known["published"] = self.published.date()
        if self.language:
            known["language"] = self.language
        if self.address:
            # What a feed appends to count its readers is none of the thread's readers' business.
            known["url"] = untracked(self.address)
        if self.summary and self.content:
            known["description"] = self.summary
        if self.picture:
            known["image"] = self.picture
        if self.categories:
            known["tags"] = self.categories
        return known

    def to_json(self) -> str:
        """Write the entry so that it can be stored until its article is read."""
        times = {
            "published": self.published,
            "changed": self.changed,
            "written": self.written,
        }
        written = {name: moment and moment.isoformat() for name, moment in times.items()}
        return json.dumps(asdict(self) | written, ensure_ascii=True)

    @classmethod
    def from_json(cls, text: str) -> Entry:
        """Read what `to_json` wrote.

        Raises:
            ValueError: it is nothing that it could have written.
        """
        try:
            fields = json.loads(text)
            # What was stored by a former version lacks some of the times.
            moments = {name: fields.pop(name, None) for name in ("changed", "written")}
            moments["published"] = fields.pop("published")
            read: dict[str, Any] = {
                name: text and datetime.fromisoformat(text) for name, text in moments.items()
            }
            return cls(**{**fields, "categories": tuple(fields["categories"])}, **read)
        except (TypeError, KeyError, AttributeError, RecursionError) as error:
            message = "this is no stored entry"
            raise ValueError(message) from error


def plain_text(markup: str) -> str:
    """Take the tags out of markup, and write white space as single spaces.

    >>> plain_text("<p>Fish &amp; chips,<br>again</p>")
    'Fish & chips, again'
    """
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())
