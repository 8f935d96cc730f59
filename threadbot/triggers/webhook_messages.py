"""What the messages of webhooks say: the article in them, or why there is none to post.

Owns the fields of Ghost, WP Webhooks and Standard Webhooks that are believed; knows of no
signatures. What only members or those with a password may read is never taken. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, Final

from threadbot.triggers.entry import Entry
from threadbot.triggers.entry_fields import address, categories, line, moment, names
from threadbot.triggers.json_feed import entry_of

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a Standard Webhook calls the articles that it brings.
ARTICLE_TYPES = frozenset({"article.published", "article.updated"})

#: Ghost stores a post and its time of publication within this.
_AT_ONCE: Final = timedelta(minutes=1)
_PARAGRAPH = re.compile(r"<p\b", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True)
class Ignored:
    """A message that brings no article to post.

    Args:
        reason: why, in a sentence.
    """

    reason: str


def ghost_entry(message: dict[str, Any]) -> Entry | Ignored:
    """Read what Ghost sends on `post.published` and `post.published.edited`."""
    both = _object(message.get("post"))
    post, previous = _object(both.get("current")), _object(both.get("previous"))
    if not post.get("id"):
        return Ignored("it is about no post that is there")
    if post.get("status") != "published":
        return Ignored(f"the post is {_said(post.get('status'))}, not published")
    if post.get("visibility") != "public":
        return Ignored(f"the post is for {_said(post.get('visibility'))} alone")
    return Entry(
        guid=line(str(post["id"])),
        address=address(post.get("canonical_url"), None) or address(post.get("url"), None),
        title=line(post.get("title")),
        content=_text(post.get("html")),
        summary=line(post.get("custom_excerpt")),
        author=names(author.get("name") for author in _objects(post.get("authors"))),
        published=moment(post.get("published_at")),
        # Those that begin with # are the editors' own.
        categories=categories(
            tag.get("name")
            for tag in _objects(post.get("tags"))
            if tag.get("visibility") != "internal"
        ),
        picture=address(post.get("feature_image"), None),
        changed=moment(post.get("updated_at")),
        is_update=_is_ghost_update(previous, post),
    )


def wordpress_entry(message: dict[str, Any]) -> Entry | Ignored:
    """Read what WP Webhooks sends when a post is created or updated."""
    post = _object(message.get("post"))
    number = message.get("post_id") or post.get("ID")
    if not post or not number:
        return Ignored("it is about no post that is there")
    if post.get("post_type") != "post":
        return Ignored(f"it is about something of the kind {_said(post.get('post_type'))}")
    if post.get("post_status") != "publish":
        return Ignored(f"the post is {_said(post.get('post_status'))}, not published")
    if post.get("post_password"):
        return Ignored("the post is for those with its password alone")
    date = moment(post.get("post_date_gmt"))
    return Entry(
        guid=line(str(post.get("guid") or number)),
        address=address(message.get("post_permalink"), None),
        title=line(post.get("post_title"), markup=True),
        content=_paragraphs(_text(post.get("post_content"))),
        summary=line(post.get("post_excerpt"), markup=True),
        published=None if date is None else date.replace(tzinfo=UTC),
        categories=categories(_terms(message.get("taxonomies"))),
        picture=address(message.get("post_thumbnail"), None),
        changed=moment(post.get("post_modified_gmt")),
        is_update=_is_wordpress_update(message, post),
    )


def standard_entry(message: dict[str, Any]) -> Entry | Ignored:
    """Read a Standard Webhook, whose `data` is an item as JSON Feed has them."""
    kind = message.get("type")
    if kind not in ARTICLE_TYPES:
        return Ignored(f"it is of the type {_said(kind)}, which brings no article")
    item = message.get("data")
    entry = entry_of(item, {}, None)
    if entry is None:
        return Ignored("its data has neither an id nor a url nor content")
    # The message's own time stays the same when it is sent again; that of its signature does not.
    changed = moment(message.get("timestamp")) or moment(_object(item).get("date_modified"))
    return replace(entry, is_update=kind == "article.updated", changed=changed)


def _is_ghost_update(previous: dict[str, Any], post: dict[str, Any]) -> bool:
    """Tell whether a post was published before.

    `previous` holds the fields that changed, as they were: the status where that did. It is empty
    for a post that is made and published at once, and may be where nothing but its tags changed
    (TryGhost/Ghost, core/server/services/webhooks/serialize.js and the snapshots of its tests
    test/e2e-webhooks/posts.test.js, read 2026-11-24).
    """
    if previous:
        return bool(previous.get("status", "published") == "published")
    return _changed_after(post.get("published_at"), post.get("updated_at"), _AT_ONCE)


def _is_wordpress_update(message: dict[str, Any], post: dict[str, Any]) -> bool:
    """Tell whether a post was published before: its status then, or a later change, says so.

    `post_before` is the post that was saved last in the same request, which need not be this one;
    it is false where a scheduled post comes out, and not there at all when a post is made (WP
    Webhooks, integrations/wordpress/triggers/post_update.php and post_create.php, read 2026-11-24).
    """
    before = _object(message.get("post_before"))
    if before and str(before.get("ID")) == str(post.get("ID")):
        return bool(before.get("post_status") == "publish")
    return _changed_after(post.get("post_date_gmt"), post.get("post_modified_gmt"), timedelta(0))


def _changed_after(published: object, changed: object, slack: timedelta) -> bool:
    then, later = moment(published), moment(changed)
    return then is not None and later is not None and later - then > slack


def _terms(taxonomies: object) -> Iterator[object]:
    """Give the names of categories and tags."""
    for taxonomy in ("category", "post_tag"):
        terms = _object(taxonomies).get(taxonomy)
        listed = list(terms.values()) if isinstance(terms, dict) else terms
        yield from (term.get("name") for term in _objects(listed))


def _paragraphs(content: str) -> str:
    """Mark the paragraphs that WordPress's classic editor parts by blank lines alone."""
    if _PARAGRAPH.search(content):
        return content
    return "".join(f"<p>{part}\n" for part in _BLANK_LINES.split(content.strip()))


def _said(value: object) -> str:
    return repr(line(str(value)))[:60]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
