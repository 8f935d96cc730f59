"""The page on delivery tells what the tables tell."""

from __future__ import annotations

from delivery_page import PAGE, page


def test_the_page_is_up_to_date() -> None:
    """The diagrams and numbers of docs/delivery.md are those of the code."""
    text = PAGE.read_text("utf-8")
    assert page(text) == text
