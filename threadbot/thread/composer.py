"""From an article to a thread: `compose`.

Owns the order of the work: single post or opening, closing and body, then the finished thread.
Pure; the same input gives the same thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from threadbot.errors import TemplateError
from threadbot.thread.assignment import assign
from threadbot.thread.bluesky_text import MAX_TAG_GRAPHEMES, MAX_TAGS, grapheme_count
from threadbot.thread.body import Body, body
from threadbot.thread.chunk import join
from threadbot.thread.coverage import choose
from threadbot.thread.frame import Hook, further_hooks, hashtag, hooks, last_words, more_last_words
from threadbot.thread.inert import Words, inert
from threadbot.thread.laws import check
from threadbot.thread.measure import Size
from threadbot.thread.model import Card, Post, Thread
from threadbot.thread.notes import omitted, warnings
from threadbot.thread.pictures import Pictures, lead_image, pictures
from threadbot.thread.pieces import cut
from threadbot.thread.price import price
from threadbot.thread.units import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadbot.article.model import Article
    from threadbot.thread.assignment import Assignment
    from threadbot.thread.model import Part
    from threadbot.thread.settings import Account, Style

#: A text with more characters than this times the limit fits no post, however many addresses it
#: holds: the longest that X counts as 23 are no longer.
_URL_SAVING = 20


def compose(article: Article, account: Account, style: Style) -> Thread:
    """Make the thread that a good editor would have written.

    Args:
        article: as it was read.
        account: where it will be posted.
        style: how it is made.

    Returns:
        Posts that fit the network's limits; what was left out and what to know stand beside them.

    Raises:
        ThreadError: X would not recognise the article's address as a link.
        TemplateError: a template errs or leaves no room.
    """
    assignment = assign(article, account, style)
    draft = _single(assignment) or _thread(assignment)
    shown = _pictures(assignment, draft)
    posts = tuple(_posts(assignment, draft, shown))
    thread = Thread(
        network=account.network,
        account=account.name,
        limit=assignment.yardstick.room.length,
        langs=(article.language,) if article.language else (),
        tags=_record_tags(assignment, draft.ending.hashtags),
        posts=posts,
        omitted=omitted(assignment, draft.used, shown.left_out, title_whole=draft.title_whole),
        warnings=(),
        price_usd=price(posts, assignment.account),
        made_with_ai=style.made_with_ai and account.network == "x",
    )
    asked = bool(article.question) == bool(draft.ending.question)
    notes = warnings(thread, assignment, draft.body, question_whole=asked)
    check(thread, draft.body, (assignment.units[at].marked_text for at in sorted(draft.body_used)))
    return replace(thread, warnings=(*notes, *shown.warnings))


@dataclass(frozen=True, slots=True)
class _Ending:
    """What a thread ends with, beside the call to read on.

    Args:
        question: the article's question, or empty.
        hashtags: words without `#`.
    """

    question: Words | str
    hashtags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A thread before its posts are measured.

    Args:
        texts: the part and the text of each post.
        ending: what stands at its end.
        used: positions of the units that stand in it.
        body_used: positions of those that stand in the body.
        body: its body.
        title_whole: whether the title stands in it uncut.
    """

    texts: tuple[tuple[Part, Words], ...]
    ending: _Ending
    used: frozenset[int]
    body_used: frozenset[int] = frozenset()
    body: Body = field(default_factory=Body)
    title_whole: bool = True


def _single(assignment: Assignment) -> _Draft | None:
    """Put the whole article into one post, if it fits; if a cap asks for one, the title alone."""
    every = frozenset(range(len(assignment.units)))
    length = sum(len(unit.text) for unit in assignment.units)
    if length <= assignment.yardstick.room.length * _URL_SAVING:
        text = join(assignment.units, goes_on=False) if every else Words("")
        for ending in _endings(assignment):
            made = _render_single(assignment, text, ending)
            if assignment.fits(made):
                return _Draft((("single", made),), ending, every)
    if assignment.style.max_posts != 1:
        return None
    return _alone(assignment)


def _alone(assignment: Assignment) -> _Draft:
    """Put into one post what an opening would say, and the call."""
    for ending in (*_endings(assignment), _BARE_ENDING):
        for hook in hooks(assignment.article, assignment.units, assignment.style.coverage):
            made = _render_single(assignment, _hook_words(assignment, hook), ending)
            if assignment.fits(made):
                return _Draft((("single", made),), ending, hook.says)
        for title, whole in _titles(assignment):
            made = _render_single(assignment, Words(""), ending, title=title)
            if assignment.fits(made):
                return _Draft((("single", made),), ending, frozenset(), title_whole=whole)
    raise _no_room(assignment, "single")


def _render_single(assignment: Assignment, text: Words, ending: _Ending, **more: Words) -> Words:
    return assignment.renderer.render(
        "single", text=text, question=ending.question, hashtags=ending.hashtags, **more
    )


def _thread(assignment: Assignment) -> _Draft:
    opening, hook, title_whole = _opening(assignment)
    made = _with_opening(assignment, opening, hook, title_whole=title_whole)
    if assignment.style.coverage == "full":
        for further in further_hooks(assignment.units, hook):
            words = assignment.renderer.render("opening", hook=_hook_words(assignment, further))
            if assignment.fits(words):
                fuller = _with_opening(assignment, words, further, title_whole=True)
                return fuller if _is_better(fuller, made) else made
    return made


def _is_better(fuller: _Draft, made: _Draft) -> bool:
    """Tell whether a fuller opening lets more words stay under a cap, or saves a post."""
    return (len(fuller.used), -len(fuller.texts)) > (len(made.used), -len(made.texts))


def _with_opening(
    assignment: Assignment, opening: Words, hook: Hook, *, title_whole: bool
) -> _Draft:
    closing, last, ending = _closing(assignment, hook.says)
    chosen = choose(assignment.units, assignment.style.coverage, hook.says, frozenset(last))
    others = 1 + bool(closing.text)
    most = assignment.style.max_posts
    made = body(assignment, chosen, others, None if most is None else max(most - others, 0))
    place = {(unit.group, unit.rank): at for at, unit in enumerate(assignment.units)}
    held = frozenset(place[unit.group, unit.rank] for post in made.units for unit in post)
    texts: list[tuple[Part, Words]] = [("opening", opening)]
    texts += [("body", words) for words in made.texts]
    if closing.text:
        texts.append(("closing", closing))
    used = hook.says.union(last, held)
    return _Draft(tuple(texts), ending, used, held, made, title_whole)


def _opening(assignment: Assignment) -> tuple[Words, Hook, bool]:
    """Make the opening with the best hook that fits; a title without end is cut."""
    render = assignment.renderer.render
    for hook in hooks(assignment.article, assignment.units, assignment.style.coverage):
        words = _hook_words(assignment, hook)
        made = render("opening", hook=words)
        if assignment.fits(made):
            return made, hook, True
    for title, whole in _titles(assignment):
        made = render("opening", hook="", title=title)
        if assignment.fits(made):
            return made, Hook((), frozenset()), whole
    raise _no_room(assignment, "opening")


def _titles(assignment: Assignment) -> Iterator[tuple[Words, bool]]:
    """Give the title whole, then shorter and shorter."""
    yield assignment.title, True
    title = Unit("heading", assignment.title.text, assignment.title.spans, section=0, group=0)
    room = assignment.yardstick.room
    pieces = cut(title, Size(room.length // 4, room.size // 4), assignment.yardstick)
    for count in range(len(pieces) - 1, 0, -1):
        yield join(pieces[:count], goes_on=True), False


def _hook_words(assignment: Assignment, hook: Hook) -> Words:
    if hook.repeats:
        return join([assignment.units[at] for at in hook.repeats], goes_on=False)
    return inert(assignment.article.description or "", (), assignment.account)


def _closing(
    assignment: Assignment, said: frozenset[int]
) -> tuple[Words, tuple[int, ...], _Ending]:
    """Make the closing with all that fits; hashtags give way first, then last words."""
    endings = list(_endings(assignment))
    article, account = assignment.article, assignment.account
    tries: list[tuple[tuple[int, ...], _Ending]] = []
    # Without a call the last words need no post of their own.
    if article.url or account.handle or article.question:
        units, addresses = assignment.units, assignment.addresses
        coverage = assignment.style.coverage
        more = more_last_words(units, addresses) if coverage == "digest" else ()
        # What is welcome but not needed costs no hashtag.
        tries += [(last, endings[0]) for last in more]
        wanted = last_words(units, coverage, addresses)
        tries += [(last, ending) for last in wanted for ending in endings]
        tries = [(last, ending) for last, ending in tries if said.isdisjoint(last)]
    tries += [((), ending) for ending in (*endings, _BARE_ENDING)]
    for last, ending in tries:
        sentence = join([assignment.units[at] for at in last], goes_on=False) if last else ""
        made = assignment.renderer.render(
            "closing",
            sentence=sentence,
            question=ending.question,
            hashtags=ending.hashtags,
        )
        if assignment.fits(made):
            return made, last, ending
    raise _no_room(assignment, "closing")


_BARE_ENDING = _Ending("", ())


def _endings(assignment: Assignment) -> Iterator[_Ending]:
    """Give the question with hashtags, then with fewer and fewer of them."""
    asked = assignment.article.question
    question = inert(asked, (), assignment.account) if asked else ""
    words = dict.fromkeys(hashtag(tag) for tag in assignment.article.tags)
    tags = [word for word in words if word][: assignment.hashtag_count]
    for count in range(len(tags), -1, -1):
        yield _Ending(question, tuple(tags[:count]))


def _no_room(assignment: Assignment, part: Part) -> TemplateError:
    name = assignment.renderer.name_of(part)
    limit = assignment.yardstick.room.length
    return TemplateError(f"{name}:1: what it says takes more than {limit} characters. Shorten it.")


def _pictures(assignment: Assignment, draft: _Draft) -> Pictures:
    posts: list[tuple[Unit, ...]] = [(), *draft.body.units]
    return pictures(
        assignment.article,
        assignment.style.images,
        posts,
        assignment.units,
        has_card=_card(assignment) is not None,
    )


def _posts(assignment: Assignment, draft: _Draft, shown: Pictures) -> Iterator[Post]:
    for place, (part, words) in enumerate(draft.texts):
        size = assignment.yardstick.measure(words.text)
        card = _card(assignment) if place == 0 else None
        images = shown.of_post.get(place, ())
        yield Post(part, words.text, words.spans, size.length, size.size, card, images)


def _card(assignment: Assignment) -> Card | None:
    article = assignment.article
    if assignment.account.network != "bluesky" or not article.url:
        return None
    lead = lead_image(article)
    return Card(article.url, article.title, article.description or "", lead.src if lead else None)


def _record_tags(assignment: Assignment, shown: tuple[str, ...]) -> tuple[str, ...]:
    """Give the tags that stand in no post, for Bluesky's record."""
    if assignment.account.network != "bluesky":
        return ()
    rest = [
        tag
        for tag in assignment.article.tags
        if hashtag(tag) not in shown and grapheme_count(tag) <= MAX_TAG_GRAPHEMES
    ]
    return tuple(rest[:MAX_TAGS])
