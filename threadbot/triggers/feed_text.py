"""From the bytes of a feed to XML that cannot harm: one encoding, bounded, mended.

Owns the limits, the refusal of what is no feed, and the mending of what feeds get wrong; never
looks at what an entry says.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from html.entities import html5
from typing import TYPE_CHECKING, Final

from lxml import etree

from threadbot.article.address import resolve
from threadbot.article.decoding import decode
from threadbot.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The largest feed that is read, in bytes; the client that fetches it has the same limit.
MAX_BYTES: Final = 5_000_000
#: Entries that are read of a feed. Where it has more, its first and its last half are read, as
#: some put the newest at the end.
MAX_ENTRIES: Final = 1_000
#: Entries from which on it is refused: no publication has so many in its feed.
REFUSED_ENTRIES: Final = 10_000
#: Tags, and `<` and `&` together, those inside entries included, from which on it is refused. What
#: stays below takes a second or two at worst.
REFUSED_TAGS: Final = 250_000
REFUSED_SIGNS: Final = 800_000
#: Children of one element that are read, entries aside; characters of one tag; its attributes,
#: which take time by the square of their number; undeclared prefixes.
MOST_CHILDREN: Final = 200
REFUSED_TAG_LENGTH: Final = 20_000
REFUSED_ATTRIBUTES: Final = 1_000
REFUSED_PREFIXES: Final = 20

_XML_DECLARATION = re.compile(r"<\?xml\b[^<>]*\?>")
_DECLARED = re.compile(rb"^\s*<\?xml\b[^<>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^<>\[]*>", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s/>]")
# A tag as far as it goes; in quotes a `>` does not end it. It needs no end, so never turns back.
_TAG = re.compile(r"""<(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|["'])*+""")
_ENTITY = re.compile(r"&(?:(#\w{1,10}|\w{1,40});)?")
_ROOT = re.compile(r"<[A-Za-z_][\w.-]*(?::[\w.-]+)?")
_USED_PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]{0,40}):[A-Za-z]")
_BOUND_PREFIX = re.compile(r"\bxmlns:([A-Za-z_][\w.-]{0,40})\s*=")
_PAGE_FEED = re.compile(
    r"<link\b(?=[^<>]*\btype\s*=\s*[\"']?application/(?:rss\+xml|atom\+xml|feed\+json))[^<>]*"
    r"\bhref\s*=\s*[\"']?([^\"'<>\s]+)",
    re.IGNORECASE,
)
_FEED_ROOTS = frozenset({"rss", "feed", "rdf"})
_XML_ENTITIES = frozenset({"lt", "gt", "amp", "quot", "apos"})
# Characters in which a page names its feed.
_HEAD = 200_000
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
# What feeds use without saying so.
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


@dataclass(frozen=True, slots=True)
class SafeXml:
    """A feed as XML that is well-formed, in UTF-8, without document type and entities.

    Args:
        data: the document.
        omitted: entries that were left out of its middle.
    """

    data: bytes
    omitted: int = 0


def feed_text(body: bytes, content_type: str | None) -> str:
    """Decode a feed.

    Args:
        body: as it came.
        content_type: the whole Content-Type field, where there was one.

    Raises:
        SourceError: it is too large, empty, or in no encoding that can be told.
    """
    if len(body) > MAX_BYTES:
        message = f"it is larger than {MAX_BYTES:,} bytes, which no feed should be"
        raise SourceError(message)
    if not body.strip(b" \t\r\n\0"):
        message = "it is empty, not a feed; look at its address in a browser"
        raise SourceError(message)
    declared = _DECLARED.match(body[:400])
    if declared and "charset" not in (content_type or "").lower():
        content_type = f"application/xml; charset={declared[1].decode('ascii')}"
    try:
        return decode(_without_zeros(body), content_type).lstrip()
    except SourceError as error:
        # What it advises is meant for the file of an article.
        reason = str(error).partition(";")[0]
        message = f"it is no feed ({reason}); look at its address in a browser"
        raise SourceError(message) from error


def safe_xml(text: str, url: str) -> SafeXml:
    """Make well-formed, bounded XML of a feed's text.

    Args:
        text: as `feed_text` gave it.
        url: where it came from.

    Raises:
        SourceError: it is no feed, or of a size that no feed has.
    """
    if declaration := _XML_DECLARATION.match(text):
        text = text[declaration.end() :]
    if text.count("<") + text.count("&") > REFUSED_SIGNS:
        message = f"it has more than {REFUSED_SIGNS:,} signs of markup, which no feed needs"
        raise SourceError(message)
    pieces = list(_pieces(text))
    markup = "".join(piece for piece, is_markup in pieces if is_markup)
    _refuse_bombs(markup)
    mended = "".join(_mended(piece) if is_markup else piece for piece, is_markup in pieces)
    root = _parsed(_bound(mended, markup))
    name = "" if root is None else etree.QName(root).localname.lower()
    if root is None or name not in _FEED_ROOTS:
        raise SourceError(_what_it_is(text, name, url))
    omitted = _cut(root)
    return SafeXml(etree.tostring(root, encoding="utf-8"), omitted)


def _without_zeros(body: bytes) -> bytes:
    """Take NUL bytes out, unless they belong to the encoding."""
    start = body.lstrip()[:2]
    is_narrow = start[:1] in {b"<", b"{", b"\xef"} and start[1:] != b"\0"
    return body.replace(b"\0", b"") if is_narrow else body


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a document into markup and the escaped text of CDATA sections, each with which it is.

    What only seems to be such a section, as it stands in a comment or in an attribute, can hide no
    markup: whatever follows its beginning is text.
    """
    first, *rest = text.split(_CDATA)
    yield first, True
    for piece in rest:
        data, _, markup = piece.partition(_CDATA_END)
        yield data.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), False
        yield markup, True


def _refuse_bombs(markup: str) -> None:
    if "<!entity" in markup.lower():
        message = "it declares entities of its own (<!ENTITY ...>), which only an attack needs"
        raise SourceError(message)
    if markup.count("<") > REFUSED_TAGS:
        message = f"it has more than {REFUSED_TAGS:,} tags, which no feed needs"
        raise SourceError(message)
    for tag in _TAG.finditer(markup):
        if tag.end() - tag.start() > REFUSED_TAG_LENGTH:
            said = f"a tag of more than {REFUSED_TAG_LENGTH:,} characters"
        elif markup.count("=", *tag.span()) > REFUSED_ATTRIBUTES:
            said = f"a tag with more than {REFUSED_ATTRIBUTES:,} attributes"
        else:
            continue
        message = f"it has {said}, which no feed needs"
        raise SourceError(message)
    if sum(1 for _ in _ENTRY.finditer(markup)) > REFUSED_ENTRIES:
        message = f"it has more than {REFUSED_ENTRIES:,} entries; name a feed of the latest ones"
        raise SourceError(message)


def _mended(markup: str) -> str:
    """Resolve HTML's named entities, which XML does not know, and escape any other `&`."""
    return _ENTITY.sub(_entity, _DOCTYPE.sub("", markup))


def _entity(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;"
    if name.startswith("#") or name in _XML_ENTITIES:
        return found[0]
    if (character := html5.get(f"{name};")) is not None:
        return html.escape(character)
    return f"&amp;{name};"


def _bound(text: str, markup: str) -> str:
    """Declare the prefixes that a feed uses without having declared them."""
    used = set(_USED_PREFIX.findall(markup)) - {"xml", "xmlns"}
    missing = sorted(used - set(_BOUND_PREFIX.findall(markup)))
    root = _ROOT.search(text)
    if root is None or not missing:
        return text
    if len(missing) > REFUSED_PREFIXES:
        message = f"it uses more than {REFUSED_PREFIXES} prefixes without declaring them"
        raise SourceError(message)
    said = "".join(
        f' xmlns:{prefix}="{_NAMESPACES.get(prefix, f"urn:undeclared:{prefix}")}"'
        for prefix in missing
    )
    return f"{text[: root.end()]}{said}{text[root.end() :]}"


def _parsed(text: str) -> etree._Element | None:
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root: etree._Element | None = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return None
    return root


def _what_it_is(text: str, root: str, url: str) -> str:
    if root != "html" and "<html" not in text[:2000].lower():
        found = f"its outermost element is <{root[:40]}>" if root else "it is no XML and no JSON"
        return f"it is not a feed: {found}; look at its address in a browser"
    link = _PAGE_FEED.search(text[:_HEAD])
    address = None if link is None else resolve(url, html.unescape(link[1]))
    if address is None:
        return "it is a web page, not a feed; look for its feed's address in a browser"
    return f"it is a web page, not a feed; its feed seems to be at {address[:200]}"


def _cut(root: etree._Element) -> int:
    """Leave out the middle of a feed that is too long, and what is too much in any element."""
    half = MAX_ENTRIES // 2
    entries = list(root.iter("{*}item", "{*}entry"))
    surplus = entries[half : max(half, len(entries) - half)]
    for entry in surplus:
        parent = entry.getparent()
        if parent is not None:
            parent.remove(entry)
    kept = set(entries)
    for element in [root, *root.iter("{*}channel"), *entries]:
        for child in [child for child in element if child not in kept][MOST_CHILDREN:]:
            element.remove(child)
    return len(surplus)
