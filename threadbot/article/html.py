"""HTML fragments: the content of a feed entry or of a webhook, all of which is the article.

Owns the way from a fragment to a reading; never guesses what belongs to the article, which
`page` does for whole pages.
"""

from __future__ import annotations

from threadbot.article.html_tree import parse
from threadbot.article.html_walk import promoted, walk
from threadbot.article.model import Heading, Image, Known
from threadbot.article.opening import take_byline, take_title
from threadbot.article.reading import Reading

_NO_TITLE = "it has no title; begin it with <h1>, or name the title"


def read_html(
    text: str, base: str | None = None, title: str | None = None, address: str | None = None
) -> Reading:
    """Read a fragment of HTML.

    Args:
        text: decoded and clean.
        base: where the text came from. Relative links are resolved against it, else against
            `address`, else they are mere words; pictures only against it, else they keep the path
            that they name, as a file's pictures may stand beside the file.
        title: the title where it is known already; else the first `h1` is it, or a heading of
            any level that stands first.
        address: the article's own, where it is known already.

    Returns:
        What title and byline say, and the blocks.

    Raises:
        SourceError: there is no title, or the markup is beyond all measure.
    """
    blocks = [one.block for one in promoted(walk(parse(text), base or address, base))]
    if title is None and not any(isinstance(one, Heading) and one.level == 1 for one in blocks):
        first = next((at for at, one in enumerate(blocks) if not isinstance(one, Image)), None)
        if first is not None and isinstance(heading := blocks[first], Heading):
            blocks[first] = Heading(1, heading.text, heading.links)
    found: Known = {}
    own_title = take_title(blocks, title, _NO_TITLE)
    if own_title is not None:
        found["title"] = own_title
    return Reading(found | take_byline(blocks), tuple(blocks))
