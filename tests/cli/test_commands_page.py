"""The page of commands tells what the commands tell."""

from __future__ import annotations

from commands_page import PAGE, page


def test_the_page_of_commands_is_up_to_date() -> None:
    """docs/commands.md holds every command's help as it is now."""
    assert PAGE.read_text("utf-8") == page()
