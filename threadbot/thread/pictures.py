"""Which pictures go with which post.

Owns the choice and its reasons; never reads a picture. A picture stands with the words that it
stands beside in the article; on Bluesky a post with a link card can have none of its own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from threadbot.article.model import Article, Image

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threadbot.thread.settings import ImageChoice
    from threadbot.thread.units import Unit

#: The most pictures in a post, on X and on Bluesky (read on 2026-11-24).
MOST_IMAGES = 4


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of a thread.

    Args:
        of_post: those of each post, by its position in the thread.
        left_out: those that stand in no post.
        warnings: what to look at.
    """

    of_post: dict[int, tuple[Image, ...]]
    left_out: tuple[Image, ...]
    warnings: tuple[str, ...]


def lead_image(article: Article) -> Image | None:
    """Give an article's lead picture: the one it names, else the first in its text."""
    within = [block for block in article.blocks if isinstance(block, Image)]
    if article.image is None:
        return next(iter(within), None)
    described = (image.alt for image in within if image.src == article.image and image.alt)
    return Image(article.image, article.image_alt or next(described, ""))


def is_readable(src: str) -> bool:
    """Tell whether a picture is on the web or beside the article, in or below its folder.

    Args:
        src: its address or path, as the article gives it.
    """
    parts = urlsplit(src.replace("\\", "/"))
    if parts.scheme or parts.netloc:
        return parts.scheme in {"http", "https"} and bool(parts.netloc)
    return bool(parts.path) and not parts.path.startswith(("/", "~")) and _stays(parts.path)


def _stays(path: str) -> bool:
    return ".." not in path.split("/")


def pictures(
    article: Article,
    choice: ImageChoice,
    posts: Sequence[Sequence[Unit]],
    units: Sequence[Unit],
    *,
    has_card: bool,
) -> Pictures:
    """Give each post its pictures.

    Args:
        article: any article.
        choice: which of its pictures are wanted.
        posts: the units of each post; none for opening and closing.
        units: the article's units.
        has_card: whether the first post bears a link card, which shows the lead picture.

    Returns:
        At most four for each post.
    """
    placed: defaultdict[int, list[Image]] = defaultdict(list)
    left_out: list[Image] = []
    warnings: list[str] = []
    for image, place in _wanted(article, choice, posts, units, has_card=has_card):
        if not is_readable(image.src):
            warnings.append(
                f"The image {image.src} is left out: only images on the web and in the article's "
                "own folder are read."
            )
        elif place is None or (has_card and place == 0):
            left_out.append(image)
        elif len(placed[place]) == MOST_IMAGES:
            left_out.append(image)
            warnings.append(
                f"The image {image.src} is left out: post {place + 1} has {MOST_IMAGES} already."
            )
        else:
            placed[place].append(image)
            if not image.alt:
                warnings.append(
                    f"The image {image.src} in post {place + 1} has no alternative text."
                )
    return Pictures(
        {place: tuple(images) for place, images in placed.items()},
        tuple(left_out),
        tuple(warnings),
    )


def _wanted(
    article: Article,
    choice: ImageChoice,
    posts: Sequence[Sequence[Unit]],
    units: Sequence[Unit],
    *,
    has_card: bool,
) -> Iterator[tuple[Image, int | None]]:
    """Give every picture of the article with the post that it belongs to, or None."""
    within = [(at, block) for at, block in enumerate(article.blocks) if isinstance(block, Image)]
    lead = lead_image(article)
    # A card shows the lead picture, so there it is neither posted nor left out.
    if lead is not None and not has_card:
        if choice != "none":
            yield lead, 0
        elif any(block.src == lead.src for _, block in within):
            yield lead, None
    for at, block in within:
        if lead is None or block.src != lead.src:
            yield block, _place(at, posts, units) if choice == "all" else None


def _place(block: int, posts: Sequence[Sequence[Unit]], units: Sequence[Unit]) -> int | None:
    """Find the post beside whose words a picture stands: the last of its section before it."""
    section = next((unit.section for unit in reversed(units) if unit.group < block), None)
    if len(posts) == 1 or section is None:
        return 0
    holding = [
        (place, min(unit.group for unit in post if unit.section == section))
        for place, post in enumerate(posts)
        if any(unit.section == section for unit in post)
    ]
    before = [place for place, group in holding if group < block]
    return before[-1] if before else next((place for place, _ in holding), None)
