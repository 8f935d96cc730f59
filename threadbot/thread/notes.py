"""What an editor should know about a thread: what was left out, and what to look at twice.

Owns the sentences; it decides nothing and changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.article.model import Code, Heading, Table
from threadbot.thread import bluesky_text, x_text
from threadbot.thread.units import idle_headings, units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threadbot.article.model import Image
    from threadbot.thread.assignment import Assignment
    from threadbot.thread.body import Body
    from threadbot.thread.model import Thread

#: A thread with more posts than this is seldom read to its end.
MANY_POSTS = 25
#: The number of the post after the opening.
_FIRST_BODY_POST = 2


def omitted(
    assignment: Assignment,
    used: frozenset[int],
    images: Sequence[Image],
    *,
    title_whole: bool,
) -> tuple[str, ...]:
    """List what of an article stands in no post.

    Args:
        assignment: what the thread was made of.
        used: positions of the units that stand in it.
        images: the pictures that stand in no post.
        title_whole: whether the title stands in it uncut.

    Returns:
        The article's words; links, images, code and tables with what they are before them.
    """
    article = assignment.article
    found = [] if title_whole else [article.title]
    found += [unit.text for index, unit in enumerate(units(article)) if index not in used]
    for index in sorted(used):
        found += assignment.unlinked[index]
    found += [f"image: {image.alt or image.src}" for image in images]
    idle = idle_headings(article.blocks)
    for index, block in enumerate(article.blocks):
        if isinstance(block, Heading) and index in idle:
            found.append(block.text)
        elif isinstance(block, Code):
            found.append(f"code: {block.text}")
        elif isinstance(block, Table):
            found.append("table: " + " / ".join(" | ".join(row) for row in block.rows))
    return (*found, *assignment.lost)


def warnings(
    thread: Thread, assignment: Assignment, body: Body, *, question_whole: bool
) -> tuple[str, ...]:
    """Say what an editor should look at before a thread goes out.

    Args:
        thread: the finished thread.
        assignment: what it was made of.
        body: its body.
        question_whole: whether the article's question found its place.
    """
    return (
        *_about_metadata(assignment),
        *_about_links(thread, assignment),
        *_about_length(thread, assignment, body, question_whole=question_whole),
    )


def _about_metadata(assignment: Assignment) -> Iterator[str]:
    article, account = assignment.article, assignment.account
    if not article.url:
        yield "No link: the article's address is not known; give it with --url."
    if not article.language:
        yield "The language could not be told; name it with --lang."
    is_handle = x_text.is_handle if account.network == "x" else bluesky_text.is_handle
    if account.handle and not is_handle(account.handle):
        where = "X" if account.network == "x" else "Bluesky"
        yield (
            f"@{account.handle} is no handle on {where}: it is written as it stands and mentions "
            "nobody; set the account's handle in the configuration."
        )
    for name in assignment.unnamed:
        yield f"@{name} is not in [handles]: its @ was dropped, so that nobody else is mentioned."


def _about_links(thread: Thread, assignment: Assignment) -> Iterator[str]:
    if thread.network != "x":
        return
    charge = assignment.account.prices.post_with_url
    url = assignment.article.url
    places = [
        number
        for number, post in enumerate(thread.posts, 1)
        if any(span.kind == "link" and span.value == url for span in post.spans)
    ]
    for number, post in enumerate(thread.posts, 1):
        for entity in x_text.entities(post.text):
            own = entity.value in assignment.addresses and entity.value != url
            if entity.kind == "url" and own:
                # What X charges for the article's link, it charges for the post.
                beside = f"links it beside {url}" if number in places else ""
                yield (
                    f"Post {number} holds an address of the article's own, {entity.value}: X "
                    f"{beside or f'links it and charges ${charge:.2f} for the post'}."
                )
    if url and not places:
        yield "The templates leave out the article's link."
    elif len(places) > 1:
        listed = ", ".join(map(str, places))
        yield f"The article's link stands in posts {listed}; X charges ${charge:.2f} for each."


def _about_length(
    thread: Thread, assignment: Assignment, body: Body, *, question_whole: bool
) -> Iterator[str]:
    if len(thread.posts) > MANY_POSTS:
        yield (
            f"{len(thread.posts)} posts are many; --max-posts or --coverage digest make them fewer."
        )
    if assignment.title.text and assignment.article.title in thread.omitted:
        yield "The title is too long for a post and was cut."
    if not question_whole:
        yield "The question fits no post and was left out."
    for number, post in enumerate(body.units, _FIRST_BODY_POST):
        if post[0].continues and number > _FIRST_BODY_POST:
            words = post[0].text.split()
            at = words[0] if words else post[0].text
            yield f"Post {number} goes on in the middle of a sentence, at “{at[:30]}”."
