"""The manual's page on templates is true: its variables, its order of look-up and its example."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from compositions import PACKAGED, TEMPLATES, URL, made, texts
from jinja2 import ChoiceLoader, DictLoader

from threadbot.article.model import Article, Heading, Paragraph
from threadbot.thread import Style
from threadbot.thread.render import VARIABLES

PAGE = (Path(__file__).parents[2] / "docs" / "templates.md").read_text(encoding="utf-8")
PARTS = ("opening", "body", "closing", "single")

ARTICLE = Article(
    "Three tram lines for Brest",
    (
        Paragraph("The works begin in May."),
        Heading(2, "What changes"),
        Paragraph(
            "The street in the centre is closed to cars, the stop at the station moves to the "
            "other side, and the market finds its new place by the river. The shops are not asked."
        ),
        Heading(2, "What stays"),
        Paragraph(
            "The bridge keeps its two lanes, its path for bicycles, the benches in the middle and "
            "the old lamps along the railing. The first tram is due in 2030."
        ),
    ),
    published=date(2026, 3, 7),
    language="en",
    url=URL,
)


def fenced(language: str) -> list[str]:
    """Give the page's code blocks of a language."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return [text for name, text in blocks if name == language]


def test_the_documented_variables_are_those_that_templates_have() -> None:
    """Each variable is documented with exactly the parts that have it."""
    rows = re.findall(r"^\| `(\w+)` \| ([a-z, ]+) \|", PAGE, re.MULTILINE)
    documented = {
        name: PARTS if parts == "all" else tuple(parts.split(", ")) for name, parts in rows
    }
    assert documented == VARIABLES


def test_the_documented_variables_can_be_used() -> None:
    """A template of each part can name all of its variables."""
    for part in PARTS:
        names = [name for name, parts in VARIABLES.items() if part in parts]
        used = "".join(f"{{% set x = {name} %}}" for name in names)
        shown = "{{ text }}" if part in {"body", "single"} else "{{ title }}"
        loader = ChoiceLoader([DictLoader({f"default/{part}.j2": used + shown}), PACKAGED])
        article = Article("T", ARTICLE.blocks[:1], language="en") if part == "single" else ARTICLE
        assert part in [post.part for post in made(article, "x", Style(loader=loader)).posts]


def test_the_example_makes_what_the_page_shows() -> None:
    """The page's own templates, run, give the page's thread."""
    names = re.findall(r"`templates/(brief/\w+\.j2)`:", PAGE)
    files = dict(zip(names, fenced("jinja"), strict=True))
    style = Style(loader=ChoiceLoader([DictLoader(files), PACKAGED]), template="brief")
    (shown,) = [block for block in fenced("") if "---" in block]
    assert "\n---\n".join(texts(made(ARTICLE, "x", style))) == shown.strip()


def test_the_page_names_every_packaged_style() -> None:
    """Each folder of the packaged templates is on the page."""
    packaged = {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
    assert packaged == set(re.findall(r"^- `(\w+)`:", PAGE, re.MULTILINE))
