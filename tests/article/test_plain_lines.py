"""The rules for single lines of plain text."""

from __future__ import annotations

from pathlib import Path

import pytest

from threadbot.article.plain_lines import is_heading_like, read_line

_CASES = [
    (line[2:], line[0] == "+")
    for line in (Path(__file__).parent / "headings.txt").read_text(encoding="utf-8").splitlines()
    if line[:2] in {"+ ", "- "}
]


@pytest.mark.parametrize(("line", "expected"), _CASES)
def test_a_line_is_told_from_a_heading(line: str, expected: bool) -> None:  # noqa: FBT001 (a case)
    """A heading is short, whole, one thing, and no credit, address, quotation or sentence."""
    assert is_heading_like(line) is expected


@pytest.mark.parametrize(
    ("raw", "ordered", "number", "text"),
    [
        ("  • Paris : capitale", False, 1, "Paris : capitale"),
        ("•Paris", False, 1, "Paris"),
        ("◦ Lyon", False, 1, "Lyon"),
        ("‣ Lyon", False, 1, "Lyon"),
        ("⁃ Lyon", False, 1, "Lyon"),
        ("▪ Lyon", False, 1, "Lyon"),
        ("● Lyon", False, 1, "Lyon"),
        ("○ Lyon", False, 1, "Lyon"),
        ("· Lyon", False, 1, "Lyon"),
        ("– Lyon", False, 1, "Lyon"),
        ("— Lyon", False, 1, "Lyon"),
        ("*\tLyon", False, 1, "Lyon"),
        ("+ Lyon", False, 1, "Lyon"),
        ("- Lyon", False, 1, "Lyon"),
        ("1. Lyon", True, 1, "Lyon"),
        ("12) Lyon", True, 12, "Lyon"),
        ("(3) Lyon", True, 3, "Lyon"),
        ("b) Lyon", True, 2, "Lyon"),
    ],
)
def test_a_bullet_or_number_opens_an_item(
    raw: str,
    ordered: bool,  # noqa: FBT001 (a case)
    number: int,
    text: str,
) -> None:
    """Every bullet and number of the rules is read, and is no part of the item's text."""
    line = read_line(raw)
    assert line is not None
    assert line.marker is not None
    assert (line.marker.ordered, line.marker.number, line.text) == (ordered, number, text)


@pytest.mark.parametrize(
    "raw",
    [
        "-5 °C au lever du jour",
        "2024. Une année",
        "1.5 million",
        "3,5 %",
        "A) Lyon",
        "1.",
        "J. Dupont",
    ],
)
def test_other_openings_are_no_markers(raw: str) -> None:
    """A negative number, a year, a decimal or an initial opens no item."""
    line = read_line(raw)
    assert line is not None
    assert line.marker is None
    assert line.text == raw


def test_a_tab_reaches_to_the_next_column_of_four() -> None:
    """Indents of tabs and of spaces can be compared."""
    line = read_line("\t- Lyon")
    assert line is not None
    assert line.indent == 4
