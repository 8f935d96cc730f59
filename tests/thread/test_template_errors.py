"""Tests of what templates may not do, and of how their errors read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from compositions import (
    NETWORKS,
    PACKAGED,
    account,
    made,
    style,
)
from compositions import (
    TEMPLATED as ARTICLE,
)
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader

from threadbot.errors import TemplateError
from threadbot.thread import Style, compose

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.thread.model import NetworkName


def with_file(folder: Path, part: str, text: str) -> Style:
    """Build a style whose folder `mine` holds one file of the user's."""
    path = folder / "mine" / part
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return Style(loader=ChoiceLoader([FileSystemLoader(folder), PACKAGED]), template="mine")


# The file, its text, the line of the mistake, and words that the message must have.
MISTAKES = {
    "undefined variable": ("opening.j2", "{{ title }}\n{{ titel }}", 2, "'titel' is undefined"),
    "undefined attribute": ("opening.j2", "\n\n{{ phrases.nothing }}", 3, "nothing"),
    "variable of another part": ("opening.j2", "{{ numbering }}", 1, "'numbering' is undefined"),
    "syntax": ("opening.j2", "{{ title }}\n{{ title ", 2, "end of print statement"),
    "syntax of a block": ("body.j2", "{{ text }}\n{% if %}\n{% endif %}", 2, "xpected"),
    "unknown filter": ("closing.j2", "a\n\n{{ url | lnik }}", 3, "lnik"),
    "endless loop": (
        "opening.j2",
        "a\n{% for i in range(1000000000) %}x{% endfor %}",
        2,
        "ange",
    ),
    "endless macro": ("opening.j2", "{% macro m() %}{{ m() }}{% endmacro %}\n{{ m() }}", 0, ""),
    "includes itself": ("opening.j2", "a\n{% include 'mine/opening.j2' %}", 0, ""),
    "forbidden attribute": ("opening.j2", "a\n{{ title.__class__ }}", 2, "not allowed"),
    "division by zero": ("opening.j2", "a\n\n{{ 1 / 0 }}", 3, "division by zero"),
    "missing include": ("opening.j2", "a\n{% include 'mine/nothing.j2' %}", 2, "nothing.j2"),
    "mention of a number": ("opening.j2", "a\n{{ 5 | mention }}", 2, ""),
    "cut mention": (
        "closing.j2",
        "a\n\n{{ ('EnPause' | mention) | truncate(4, true, '') }}",
        3,
        "cut through",
    ),
    "nested spans": ("closing.j2", "a\n{{ ('a' | hashtag) | hashtag }}", 2, "inside another"),
    "sentinel": ("opening.j2", "{{ title }}\U0010fffa", 0, "cut through"),
    "no body room": ("body.j2", "{{ text }}\n" + "x" * 250, 1, "leaves room for"),
    "no opening room": ("opening.j2", "x" * 320, 1, "Shorten"),
    "no closing room": ("closing.j2", "x" * 320, 1, "Shorten"),
    "empty opening": ("opening.j2", "  \n", 0, ""),
    "call file": ("call.j2", "a\n{{ nothing }}", 2, "'nothing' is undefined"),
    "phrases": ("phrases.toml", "[en]\nread_on = \n", 2, ""),
}


@pytest.mark.parametrize("case", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_names_file_and_line(case: tuple[str, str, int, str], tmp_path: Path) -> None:
    """Whatever a template does wrong is an error with its file, its line and a reason."""
    part, text, line, reason = case
    chosen = with_file(tmp_path, part, text)
    with pytest.raises(TemplateError) as caught:
        made(ARTICLE, "x", chosen)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'mine' / part}:{line or ''}")
    assert reason in message
    assert not message.endswith("..")


def test_cutting_through_a_link_names_file_and_line(tmp_path: Path) -> None:
    """`truncate` through a link on Bluesky would damage a facet, so it is an error."""
    text = "a\n{{ ('one two three four five' | link(url)) | truncate(12) }}"
    chosen = with_file(tmp_path, "closing.j2", text)
    with pytest.raises(TemplateError, match=r"mine/closing\.j2:2: .*cut through a link"):
        made(ARTICLE, "bluesky", chosen)


@pytest.mark.parametrize("network", NETWORKS)
def test_a_mention_without_a_handle_names_file_and_line(
    network: NetworkName, tmp_path: Path
) -> None:
    """`handle | mention` where no handle is known is an error of the template, with its line."""
    chosen = with_file(tmp_path, "closing.j2", "a\n{{ handle | mention }}")
    with pytest.raises(TemplateError, match=r"mine/closing\.j2:2: "):
        compose(ARTICLE, account(network, None), chosen)


@pytest.mark.parametrize("network", NETWORKS)
def test_a_missing_template_is_named(network: NetworkName) -> None:
    """Where no folder has a part, the error says which one."""
    with pytest.raises(TemplateError, match=rf"No template default/{network}/single\.j2"):
        made(ARTICLE, network, Style(loader=DictLoader({})))


@pytest.mark.parametrize("template", ["{{ number }}", "{{ text | truncate(40) }}"])
def test_a_body_that_drops_words_is_an_error(template: str) -> None:
    """Nothing is left out silently, so a template may not lose the words that it is given."""
    with pytest.raises(TemplateError, match=r"body\.j2"):
        made(ARTICLE, "x", style({"default/body.j2": template}))


def test_a_single_post_without_room_names_its_template(tmp_path: Path) -> None:
    """Where a cap asks for one post and the template is too long for it, the file is named."""
    chosen = replace(with_file(tmp_path, "single.j2", "{{ text }}" + "x" * 320), max_posts=1)
    with pytest.raises(TemplateError, match=r"mine/single\.j2:1: what it says takes more than 280"):
        made(ARTICLE, "x", chosen)
