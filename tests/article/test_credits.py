"""What is no part of an article's text: credits, pointers, notes, calls to subscribe."""

from __future__ import annotations

from pathlib import Path

import pytest

from threadbot.article.credits import is_credit

CASES = [
    (line[2:], line[0] == "+")
    for line in (Path(__file__).parent / "credits.txt").read_text(encoding="utf-8").splitlines()
    if line[0] != "#"
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_credits_are_told_from_text(text: str, expected: bool) -> None:  # noqa: FBT001 (a case)
    """A line is a credit only by what it opens with and goes on with, not by a word it holds."""
    assert is_credit(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Photo : AFP\nSource : Insee", True),
        ("Photo : AFP\nLe centre ouvrira au printemps.", False),
        ("Photo\u00a0: AFP", True),
        ("", False),
        (" \n ", False),
        ("…", False),
        ("See also " + "the long report " * 30, False),
    ],
)
def test_every_line_of_a_credit_is_one(text: str, expected: bool) -> None:  # noqa: FBT001 (a case)
    """Several lines are a credit together only if each of them is one; a long text never is."""
    assert is_credit(text) is expected
