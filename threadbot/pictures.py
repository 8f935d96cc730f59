"""Finds the pictures that stand beside an article on this machine.

Owns the rule that nothing outside the article's own folder is ever read, whatever an article names,
and which pictures are taken from the web instead; never reads a picture's contents here, and never
fetches one.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from threadbot.article.address import resolve, without_secrets
from threadbot.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from threadbot.thread.model import Post, Thread


def is_local(src: str) -> bool:
    """Tell whether a picture is a file beside the article, not an address."""
    parts = urlsplit(src)
    return not parts.scheme and not parts.netloc


def local_picture(folder: Path | None, src: str) -> Path:
    """Find a picture in the article's own folder, or below it.

    Args:
        folder: where the article lies; None where it came from standard input.
        src: the path that the article gives, relative to that folder.

    Returns:
        The path of an existing file.

    Raises:
        SourceError: there is no such file, or it lies (through a link, too) outside the folder.
    """
    if folder is None:
        message = f"the image {src} cannot be found, as the article came from standard input"
        raise SourceError(message)
    root = folder.resolve()
    # What a web page writes as %20 is a space in the name of the file.
    names = dict.fromkeys((src, unquote(src)))
    for path in (Path(root, name).resolve() for name in names):
        if not path.is_relative_to(root):
            message = f"the image {src} lies outside the article's folder and is not read"
            raise SourceError(message)
        if path.is_file():
            return path
    message = f"the image {src} is not there; it is looked for in {root}"
    raise SourceError(message)


def with_found_pictures(thread: Thread, folder: Path | None, address: str | None) -> Thread:
    """Settle where each picture of a thread is had from: from beside the article, else the web.

    Args:
        thread: any thread.
        folder: as in `local_picture`.
        address: the article's; what does not lie beside it is looked for from there.

    Returns:
        The thread, with a warning for each picture that does not lie where the article says.
    """
    places, warnings = _places(thread, folder, address)
    if not warnings and not places:
        return thread
    posts = tuple(_replaced(post, places) for post in thread.posts)
    return replace(thread, posts=posts, warnings=(*thread.warnings, *warnings))


def without_pictures(thread: Thread, is_beyond: Callable[[str], bool]) -> Thread:
    """Leave pictures out that the article must not have fetched.

    Args:
        thread: any thread; what is beside its article was found.
        is_beyond: tells of an address that whoever wrote the article has no leave to name it.

    Returns:
        The thread, with a warning for each picture that is gone.
    """
    named = dict.fromkeys(src for src in _named(thread) if not is_local(src))
    gone = frozenset(filter(is_beyond, named))
    if not gone:
        return thread
    warnings = [
        f"The image {without_secrets(src)} is left out: it is on a server that 'allow' in [fetch] "
        "holds for, and the article is not from there."
        for src in named
        if src in gone
    ]
    posts = tuple(_without(post, gone) for post in thread.posts)
    return replace(thread, posts=posts, warnings=(*thread.warnings, *warnings))


def _without(post: Post, gone: frozenset[str]) -> Post:
    card = post.card
    if card and card.image in gone:
        card = replace(card, image=None)
    return replace(post, images=tuple(one for one in post.images if one.src not in gone), card=card)


def _places(
    thread: Thread, folder: Path | None, address: str | None
) -> tuple[dict[str, str], list[str]]:
    """Give the addresses of pictures that are not there, by their paths, and what to say of it."""
    places: dict[str, str] = {}
    warnings = []
    for src in dict.fromkeys(filter(is_local, _named(thread))):
        try:
            local_picture(folder, src)
        except SourceError as error:
            reason, place = str(error), resolve(address, src)
            if place is not None:
                places[src] = place
                reason = (
                    f"the image {src} does not lie beside the article; "
                    f"it is taken from {without_secrets(place)}"
                )
            if place is None or folder is not None:
                warnings.append(f"{reason[0].upper()}{reason[1:]}.")
        except (ValueError, OSError):
            # A path with a null character, or one that is too long, is no path.
            warnings.append(f"No path: {src!r}.")
    return places, warnings


def _named(thread: Thread) -> Iterator[str]:
    for post in thread.posts:
        yield from (image.src for image in post.images)
        if post.card and post.card.image:
            yield post.card.image


def _replaced(post: Post, places: Mapping[str, str]) -> Post:
    images = tuple(replace(one, src=places.get(one.src, one.src)) for one in post.images)
    card = post.card
    if card and card.image:
        card = replace(card, image=places.get(card.image, card.image))
    return replace(post, images=images, card=card)
