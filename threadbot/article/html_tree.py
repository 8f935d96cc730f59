"""HTML as a tree: parsed, bounded, and asked which of its elements a reader sees.

Owns the parser's limits and the names of elements and classes that mean something; never makes
blocks and never decides which part of a page is its article.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from lxml import etree
from lxml.html import HTMLParser

from threadbot.article.address import resolve
from threadbot.article.decoding import clean
from threadbot.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.html import HtmlElement

#: So many elements are read in a few seconds; the page of an article has a few thousand.
MAX_ELEMENTS: Final = 40_000
#: Attributes of one element, as a tree of them takes time by the square of their number; and of
#: all elements, each of which takes a kilobyte.
MAX_ATTRIBUTES: Final = 1_000
MAX_ATTRIBUTES_OF_ALL: Final = 200_000

#: What stands inside a line of text; every other element begins a block.
INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data dfn em font i img ins kbd label mark nobr picture"
    " q rb ruby samp small source span strong sub sup time tt u var wbr amp-img".split()
)
BOLD: Final = frozenset({"b", "strong"})
IMAGES: Final = frozenset({"img", "amp-img"})
# What no reader sees as text, and words that their author has struck.
_UNREAD = frozenset(
    "script style template noscript head title meta link base iframe frame frameset noframes object"
    " embed applet audio video canvas svg map area button input select textarea option optgroup"
    " datalist progress meter dialog rp rt del s strike amp-ad amp-analytics amp-audio amp-video"
    " amp-youtube amp-iframe amp-consent amp-sidebar amp-sticky-ad amp-embed amp-pixel".split()
)
_HIDING_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|screen-reader(?:-text)?|visually-?hidden|assistive-text|element-invisible"
    r"|print-only|mw-editsection|headerlink|heading-anchor|anchorjs-link)(?:\s|$)",
    re.IGNORECASE,
)
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FOOTNOTE_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[a-z*†‡])[\])]?")
_PERMALINK_MARK = re.compile(r"[¶#§🔗∞\s]*")

_SMALLEST_PIXELS = 3
_GIVE_TEXT = "save the article's text in a file and give that"
_PIXELS = re.compile(r"\d+")
_LAZY_SOURCES = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-orig-file")
_SOURCE_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_CANDIDATE = re.compile(r"([^\s,]\S*[^\s,])(?:\s+(\d+(?:\.\d+)?)[wx])?\s*(?:,|$)")
_LONGEST_SET = 10_000
_LONGEST_NAMES = 1_000
_SCHEME = re.compile(r"[a-z][a-z\d+.-]*:", re.IGNORECASE)
_WHITE = re.compile(r"[ \t\n\f]+")


def parse(text: str) -> HtmlElement:
    """Parse HTML as browsers do, well-formed or not.

    Args:
        text: decoded and clean; a page or a part of one.

    Returns:
        The `html` element. Comments and processing instructions are gone.

    Raises:
        SourceError: there is no element in it, too many, they are nested too deep, or have too
            many attributes.
    """
    data = text.encode()
    _refuse_attributes(data)
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.LxmlError:
        root = None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        message = (
            "its elements are nested more than 250 deep; save its text in a file and give that"
        )
        raise SourceError(message)
    if root is None:
        message = "there is no text in its markup; give an article that has a title and some text"
        raise SourceError(message)
    if sum(1 for _ in zip(range(MAX_ELEMENTS + 1), root.iter(), strict=False)) > MAX_ELEMENTS:
        message = (
            f"it has more than {MAX_ELEMENTS:,} elements; save its text in a file and give that"
        )
        raise SourceError(message)
    return root


class _AttributeCounter:
    """Takes tags from the parser, which then makes no tree."""

    def __init__(self) -> None:
        self._of_all = 0

    def start(self, _tag: str, attributes: Mapping[str, str]) -> None:
        """Take a tag.

        Raises:
            SourceError: there are too many attributes.
        """
        self._of_all += len(attributes)
        if len(attributes) > MAX_ATTRIBUTES:
            found = f"a tag with more than {MAX_ATTRIBUTES:,} attributes"
        elif self._of_all > MAX_ATTRIBUTES_OF_ALL:
            found = f"more than {MAX_ATTRIBUTES_OF_ALL:,} attributes"
        else:
            return
        message = f"it has {found}, which no page needs; {_GIVE_TEXT}"
        raise SourceError(message)

    def close(self) -> None:
        """Have nothing to give."""


def _refuse_attributes(data: bytes) -> None:
    """Look at the tags before there is a tree of them.

    The parser itself says what is a tag: whatever else counted would read hostile markup otherwise
    than it does. Without a tree that takes a fifth of the time, and grows with the text alone.
    """
    with suppress(etree.LxmlError):
        etree.fromstring(data, HTMLParser(encoding="utf-8", target=_AttributeCounter()))


def names_of(element: HtmlElement) -> list[str]:
    """Give the classes of an element, as far as a sane page goes."""
    return str(element.get("class", ""))[:_LONGEST_NAMES].split()


def is_unread(element: HtmlElement) -> bool:
    """Tell what is no text to a reader: hidden, active, struck, or a mark beside the text."""
    tag = element.tag
    if tag in _UNREAD:
        return True
    attributes = element.attrib
    if attributes and _is_hidden(attributes):
        return True
    if tag == "a" and attributes.get("href", "").startswith("#"):
        return _PERMALINK_MARK.fullmatch(words_of(element)) is not None
    return tag == "sup" and _is_footnote_mark(element)


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or _HIDING_STYLE.search(attributes.get("style", "")[:_LONGEST_NAMES]) is not None
        or _HIDING_CLASS.search(attributes.get("class", "")[:_LONGEST_NAMES]) is not None
    )


def _is_footnote_mark(element: HtmlElement) -> bool:
    linked = element.find(".//a[@href]")
    return linked is not None and _FOOTNOTE_MARK.fullmatch(words_of(element)) is not None


def words_of(element: HtmlElement, most: int = 1_000) -> str:
    """Give the words of an element on one line, whether they are seen or not.

    Args:
        element: any element.
        most: so many characters are looked at, for an element may hold the whole page.
    """
    pieces: list[str] = []
    for piece in element.itertext():
        pieces.append(piece[:most])
        most -= len(pieces[-1])
        if most <= 0:
            break
    return _WHITE.sub(" ", clean("".join(pieces))).strip()


def collapsed(text: str) -> str:
    """Make one space of white space as HTML does; a no-break space is none."""
    return _WHITE.sub(" ", text)


def image_source(element: HtmlElement, base: str | None) -> str | None:
    """Find the address of a picture, also of one that a script loads when it comes into view.

    Args:
        element: an `img`.
        base: what relative addresses are resolved against; without it they stay as they are.

    Returns:
        An address; None for a placeholder, a counting pixel, or data in place of an address.
    """
    for side in ("width", "height"):
        size = _PIXELS.match(element.get(side, "").strip())
        if size and int(size[0]) < _SMALLEST_PIXELS:
            return None
    candidates = [element.get(name, "") for name in _LAZY_SOURCES]
    candidates += [_largest(element.get(name, "")) for name in _SOURCE_SETS[:2]]
    candidates += [element.get("src", ""), _largest(element.get(_SOURCE_SETS[2], ""))]
    for candidate in candidates:
        if source := _usable(clean(candidate).strip(), base):
            return source
    return None


def _usable(source: str, base: str | None) -> str | None:
    if not source or source.startswith("#"):
        return None
    absolute = resolve(base, source)
    if absolute is None and not _SCHEME.match(source) and not source.startswith("//"):
        return _WHITE.sub("%20", source)
    return absolute


def _largest(source_set: str) -> str:
    """Give the candidate of a `srcset` with the most pixels."""
    found = [(float(size or 1), url) for url, size in _CANDIDATE.findall(source_set[:_LONGEST_SET])]
    return max(found, default=(0.0, ""))[1]
