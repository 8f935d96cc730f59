"""Tests that a change of how threads are made shows what it does to real threads."""

from __future__ import annotations

from threads.snapshots import FOLDER, pages


def test_the_snapshots_are_up_to_date() -> None:
    """tests/threads/*.md are what `python tests/threads/snapshots.py` writes, and no others."""
    made = pages()
    assert set(FOLDER.glob("*.md")) == set(made)
    for page, text in made.items():
        assert page.read_text("utf-8") == text, f"{page.name} is out of date"
