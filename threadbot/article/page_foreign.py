"""What on a web page is never its article: menus, banners, comments, and what else names itself.

Owns the names of tags, roles, classes and phrases that give such parts away; never decides what
the article is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from threadbot.article.html_tables import is_data_table
from threadbot.article.html_tree import INLINE, is_unread, names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_TAGS = frozenset({"nav", "aside", "footer", "form", "address", "amp-auto-ads"})
_ROLES = frozenset(
    "navigation complementary contentinfo dialog alertdialog search menu menubar toolbar".split()
)
# Words of class names and ids; each stands for itself between hyphens or capitals.
_WORDS: Final = frozenset(
    "ad ads advert advertisement advertising adsbygoogle publicite anzeige werbung publicidad"
    " sponsored promo promotion outbrain taboola"
    " cookie cookies consent gdpr rgpd cmp onetrust didomi"
    " newsletter subscribe subscription signup login signin abonnement"
    " related relatedposts recommended recommendation recommendations recirculation trending"
    " mostread popular similar readmore readalso"
    " share sharing sharebar sharedaddy social socials addtoany"
    " sidebar breadcrumb breadcrumbs pagination pager navbar navigation nav menu submenu toolbar"
    " footer skiplink popup modal toc tagcloud taglist donate donation".split()
)
_PHRASES = re.compile(
    r"widgets?|widget[-_].*|.*widgets?[-_]area|skip[-_]?(?:to|link).*|back[-_]?to[-_]?top"
    r"|(?:entry|post|article)[-_]*(?:tags?|footer|nav|navigation)|tags[-_]links|cat[-_]links"
    r"|(?:author|post-author|about-author)[-_]*(?:box|bio|card|info)|(?:lire|voir)[-_]aussi"
    r"|read[-_](?:more|next|also)|more[-_](?:from|on|stories)|(?:most|to)[-_]read|table[-_]of[-_]contents"
)
_COMMENTS = frozenset("comment comments commentlist disqus respond replies kommentare".split())
# What systems derive from an article's subject, or say of a layout.
_SAYS_NOTHING = re.compile(
    r"(?:tag|category|cat|format|type|status|has|is|no|with|js)[-_].*|.*[-_]open"
)
# A longer id is made of the words of a heading, and so is any on these elements.
_MOST_WORDS = 3
_MOST_WORDS_OF_ID = {"section": 1} | dict.fromkeys("h1 h2 h3 h4 h5 h6 p li dt dd a span".split(), 0)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_ABOUT = re.compile(
    r"(?:^|[\s_-])(?:author|byline|auteur|autor|autore|posted|dateline|timestamp|pubdate"
    r"|(?:post|entry|article)[_-]*(?:meta|info|date)|meta|publish(?:ed)?|date|reading-time|kicker)"
    r"(?:$|[\s_-])"
)
#: A part with so much of the page's paragraphs is the article, whatever it is called.
_MOST_OF_PAGE = 0.4
_NEARLY_ALL = 0.7
_LONGEST_ABOUT = 200

_RELATED = re.compile(
    r"(?:[àa]\s+)?(?:lire|voir|écouter|découvrir)\s+(?:aussi|également|la\s+suite)|(?:lire|voir)\s+plus"
    r"|(?:sur|dans)\s+(?:le|la)\s+même\s+(?:sujet|thème|rubrique)|articles?\s+(?:similaires?|liés"
    r"|récents|connexes)|vous\s+aimerez\s+aussi|nos\s+autres\s+articles|à\s+découvrir"
    r"|related(?:\s+(?:articles?|posts?|stories|content|reading|topics|news))?"
    r"|(?:read|see|watch)\s+(?:more|also|next)|you\s+(?:may|might)\s+(?:also\s+)?(?:like|enjoy)"
    r"|more\s+(?:stories|articles|news|on\s+this(?:\s+\w+)?|from\s+.{1,40})|recommended"
    r"(?:\s+(?:for\s+you|reading|articles|stories))?|most\s+(?:read|popular)|trending(?:\s+now)?"
    r"|mehr\s+(?:zum\s+thema|artikel)|lesen\s+sie\s+(?:auch|mehr)|lesetipps?|auch\s+interessant"
    r"|das\s+könnte\s+(?:sie|dich|ihnen)\s+auch\s+(?:interessieren|gefallen)|weitere\s+artikel"
    r"|(?:ähnliche|verwandte)\s+(?:artikel|beiträge|themen)"
    r"|(?:artículos|noticias|entradas|contenidos)\s+relacionad[ao]s|le[ea]\s+también|más\s+noticias"
    r"|(?:también\s+)?te\s+puede\s+interesar|leggi\s+anche|articoli\s+correlati"
    r"|(?:ti\s+)?potrebbe(?:ro)?\s+interessar(?:ti|e)(?:\s+anche)?|leia\s+também|veja\s+também"
    r"|artigos\s+relacionados|lees\s+ook|gerelateerde\s+artikelen"
    r"|関連(?:記事|リンク|ニュース)|(?:あわせて|併せて|合わせて)読みたい|おすすめ(?:の)?記事|人気記事"
    r"|اقرأ\s+أيضا?ً?|(?:مواضيع|مقالات|أخبار)\s+ذات\s+صلة|قد\s+يعجبك\s+أيضا?ً?",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"(?:\d+\s+)?(?:commentaires?|comments?|kommentare?|comentarios?|commenti)(?:\s*\(?\d+\)?)?"
    r"|(?:laisser|poster|ajouter)\s+un\s+commentaire|leave\s+a\s+(?:reply|comment)"
    r"|schreibe?n?\s+(?:sie\s+)?einen\s+kommentar|deja\s+(?:un\s+comentario|una\s+respuesta)"
    r"|lascia\s+un\s+commento|コメント(?:を残す)?|(?:التعليقات|اترك\s+تعليقا?ً?)"
    r"|partage[rz](?:\s+(?:cet|l[’'])\s*article)?|share(?:\s+this(?:\s+\w+)?)?|teilen|compartir"
    r"|condividi|シェア(?:する)?|(?:s[’']inscrire|inscrivez-vous|abonnez-vous|subscribe|sign\s+up)\b.{0,40}"
    r"|(?:notre|our|unser)?\s*newsletter|publicité|advertisement|anzeige|werbung|publicidad|pubblicità"
    r"|table\s+of\s+contents|sommaire|inhaltsverzeichnis|目次"
    r"|©.{0,200}|copyright\s*(?:©|\(c\)|\d{4}).{0,200}|(?:tous\s+droits\s+réservés|all\s+rights"
    r"\s+reserved|alle\s+rechte\s+vorbehalten|todos\s+los\s+derechos\s+reservados"
    r"|tutti\s+i\s+diritti\s+riservati).{0,60}",
    re.IGNORECASE,
)


def prune(root: HtmlElement, title: HtmlElement | None) -> None:
    """Take out of a page what is not seen, and what says of itself that it is no article.

    Args:
        root: the page; it is changed.
        title: the element that shows the title; what is around it stays.
    """
    for element in [one for one in root.iter() if one is not root and is_unread(one)]:
        _drop(element)
    weights, lengths = _weights(root)
    _flatten_tables(root)
    shelter = set(title.iterancestors()) if title is not None else set()
    everything = weights.get(root, 0)
    for element in list(root.iter()):
        if element.tag in {"html", "body", "main"} or element in shelter:
            continue
        limit = _limit(element, lengths.get(element, 0))
        if limit is not None and weights.get(element, 0) <= limit * everything:
            _drop(element)


def _drop(element: HtmlElement) -> None:
    """Take an element out, but not the text behind it."""
    if element.getparent() is not None and element.tag not in {"head", "html", "body"}:
        element.drop_tree()


def _weights(root: HtmlElement) -> tuple[dict[HtmlElement, int], dict[HtmlElement, int]]:
    """Count the characters in each element: those of its paragraphs, and all."""
    elements = list(root.iter())
    within = {one for one in elements if one.tag == "p"}
    weights: dict[HtmlElement, int] = {}
    lengths: dict[HtmlElement, int] = {}
    for one in elements:
        above = one.getparent()
        if above in within:
            within.add(one)
            weights[above] += len(one.tail or "")
        lengths[one] = len(one.text or "")
        weights[one] = lengths[one] if one in within else 0
    for one in reversed(elements[1:]):
        above = one.getparent()
        weights[above] += weights[one]
        lengths[above] += lengths[one] + len(one.tail or "")
    return weights, lengths


def _flatten_tables(root: HtmlElement) -> None:
    """Make plain boxes of the tables that lay out a page."""
    for table in [one for one in root.iter("table") if not is_data_table(one)]:
        groups = [table, *table.iterchildren("tbody", "thead", "tfoot")]
        rows = [row for group in groups for row in group.iterchildren("tr")]
        for element in (*groups, *rows, *(cell for row in rows for cell in row)):
            element.tag = "div"


def _limit(element: HtmlElement, length: int) -> float | None:
    """Give the share of the page's text up to which an element is foreign; None: it is not."""
    tag, attributes = element.tag, element.attrib
    if tag in _TAGS or attributes.get("role") in _ROLES:
        quoted = tag == "footer" and element.getparent().tag == "blockquote"
        return None if quoted else _MOST_OF_PAGE
    names = names_of(element)
    own = attributes.get("id", "")
    if len(_WORD.findall(own)) <= _MOST_WORDS_OF_ID.get(tag, _MOST_WORDS):
        names += own.split()
    if not names:
        return None
    words = {word for name in names for word in _words(name)}
    if words & _COMMENTS:
        return _NEARLY_ALL
    if words & _WORDS or any(_PHRASES.fullmatch(name.lower()) for name in names):
        return _MOST_OF_PAGE
    if _ABOUT.search(" ".join(names).lower()) and tag not in {"a", "p", "article", "section"}:
        inline = tag in INLINE and element.getparent().tag == "p"
        short = length <= _LONGEST_ABOUT and next(element.iter("h1", "h2"), None) is None
        return _MOST_OF_PAGE if short and not inline else None
    return None


def _words(name: str) -> Iterator[str]:
    if not _SAYS_NOTHING.fullmatch(name.lower()):
        yield from (word.lower() for word in _WORD.findall(name))


def leads_elsewhere(text: str) -> bool:
    """Tell a line that heads links to other articles, or something that is no article."""
    line = text.strip(" \u00a0:…→>»!?.،。")
    return bool(_RELATED.fullmatch(line) or _AROUND.fullmatch(line))


def elsewhere_until(text: str) -> int:
    """Count the characters of "Read also:" and its like at the start of a line."""
    match = _RELATED.match(text)
    rest = text[match.end() :].lstrip(" \u00a0") if match else ""
    return len(text) - len(rest) if rest[:1] in {":", "→", ">", "»", "：", "|", "-", "–"} else 0
