"""What is to be composed, for whom and by which rules: one value that every step takes.

Owns the preparation that all steps share: units made safe for the network, the handle that stands
in the thread, the measuring of posts. Never chooses words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from threadbot.errors import ThreadError
from threadbot.thread import x_text
from threadbot.thread.inert import Words, inert
from threadbot.thread.marks import strip_sentinels
from threadbot.thread.measure import YARDSTICKS, Yardstick
from threadbot.thread.render import Renderer, phrases
from threadbot.thread.settings import DEFAULT_HASHTAGS, DEFAULT_NUMBERING
from threadbot.thread.units import BULLET, units

if TYPE_CHECKING:
    from threadbot.article.model import Article
    from threadbot.thread.settings import Account, Style
    from threadbot.thread.units import Unit


@dataclass(frozen=True, slots=True)
class Assignment:
    """One thread to be made.

    Args:
        article: as it was read.
        account: with the handle that stands in the thread.
        style: how it is made.
        yardstick: how its network measures.
        renderer: makes the posts' text.
        title: the article's title, safe for the network.
        units: the article's units, safe for the network.
        addresses: the addresses that the article itself spells out.
        unnamed: the names whose `@` was dropped.
        lost: graphemes that no post can hold.
        unlinked: for each unit, the links under its words that the network or the style has not.
    """

    article: Article
    account: Account
    style: Style
    yardstick: Yardstick
    renderer: Renderer
    title: Words
    units: tuple[Unit, ...]
    addresses: tuple[str, ...]
    unnamed: tuple[str, ...]
    lost: tuple[str, ...]
    unlinked: tuple[tuple[str, ...], ...]

    @property
    def numbered(self) -> bool:
        """Whether posts bear their number."""
        chosen = self.style.numbering
        return DEFAULT_NUMBERING[self.account.network] if chosen is None else chosen

    @property
    def hashtag_count(self) -> int:
        """The most hashtags that the closing may have."""
        chosen = self.style.hashtags
        return DEFAULT_HASHTAGS[self.account.network] if chosen is None else chosen

    def fits(self, words: Words) -> bool:
        """Tell whether a finished text fits one post."""
        return self.yardstick.measure(words.text).fits(self.yardstick.room)


def assign(article: Article, account: Account, style: Style) -> Assignment:
    """Prepare an article for an account.

    Args:
        article: any article.
        account: where the thread will stand.
        style: how it is made.

    Raises:
        ThreadError: X would not recognise the article's address as a link.
        TemplateError: the phrases cannot be read.
    """
    url = article.url
    if url and account.network == "x" and not x_text.is_recognised_url(url):
        message = f"X would not link {url}: its domain is none that X knows. "
        message += "Give another address with --url."
        raise ThreadError(message)
    account = replace(account, handle=_handle(article, account))
    linking = account.network != "x" and style.inline_links == "facets"
    own = units(article)
    found = [inert(unit.text, unit.spans if linking else (), account) for unit in own]
    title = inert(" ".join(article.title.split("\n")), (), account)
    every = [title, *found]
    names = (name for words in every for name in words.unnamed)
    byline = (article.handle or "").removeprefix("@").lower()
    known = {byline, *account.people}
    safe = zip(own, found, strict=True)
    return Assignment(
        article,
        account,
        style,
        YARDSTICKS[account.network],
        Renderer(style, account, _common(article, title, account, style)),
        title,
        tuple(_safe(unit, words, style) for unit, words in safe),
        tuple(dict.fromkeys(address for words in every for address in words.addresses)),
        tuple(name for name in dict.fromkeys(names) if name.lower() not in known),
        tuple(dict.fromkeys(grapheme for words in every for grapheme in words.lost)),
        tuple(() if linking else _links(unit, article.url) for unit in own),
    )


def _safe(unit: Unit, words: Words, style: Style) -> Unit:
    """Give a unit its safe words; most have them already."""
    marker = _marker(unit, style)
    if (unit.text, unit.spans, unit.marker) == (words.text, words.spans, marker):
        return unit
    return replace(unit, text=words.text, spans=words.spans, marker=marker)


def _marker(unit: Unit, style: Style) -> str:
    return unit.marker.replace(BULLET, style.bullet) if unit.kind == "item" else unit.marker


def _links(unit: Unit, own: str | None) -> tuple[str, ...]:
    """Name the links under a unit's words, but those to the article itself."""
    return tuple(
        f"link: {unit.text[span.start : span.end]} ({span.value})"
        for span in unit.spans
        if span.value != own
    )


def _handle(article: Article, account: Account) -> str | None:
    """Find the handle that stands in the thread: the account's own, else the byline's."""
    if account.handle:
        return account.handle.removeprefix("@")
    byline = strip_sentinels(article.handle or "").removeprefix("@")
    person = account.people.get(byline.lower())
    return getattr(person, account.network, None) or byline or None


def _common(article: Article, title: Words, account: Account, style: Style) -> dict[str, object]:
    """Collect the variables that every template has."""
    site = (urlsplit(article.url).hostname or "") if article.url else ""
    return {
        "title": title,
        "author": inert(article.author, (), account) if article.author else None,
        "published": article.published,
        "language": article.language,
        "network": account.network,
        "template": style.template,
        "handle": account.handle,
        "url": article.url,
        "site": site.removeprefix("www."),
        "phrases": phrases(style, article.language),
    }
