"""A small web page to test with: a title, three paragraphs, and whatever a test adds.

Owns the page's words and its frame; never reads it.
"""

from __future__ import annotations

import json

FIRST = "The first paragraph says in a sentence or two what the whole article is about, at length."
SECOND = "The second one goes on about it, and gives the reasons, the figures and the names."
THIRD = "The third comes to an end, as they all must, with a sentence that nobody expected."
BODY = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
#: The outline of the body.
PARAGRAPHS = f"p {FIRST}\n\np {SECOND}\n\np {THIRD}"
URL = "https://example.com/news/a.html?x=1"
TITLE = "<title>A title</title>"


def page(head: str = TITLE, body: str = f"<h1>A title</h1>{BODY}") -> str:
    """Give a page."""
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def json_ld(*items: object) -> str:
    """Give a head with a title and data in JSON-LD."""
    scripts = (f'<script type="application/ld+json">{json.dumps(item)}</script>' for item in items)
    return TITLE + "".join(scripts)


def article_data(fields: dict[str, object]) -> str:
    """Give a head that describes an article in JSON-LD."""
    return json_ld({"@type": "Article", **fields})
