"""The page about styles shows what really comes out."""

from styles_page import PAGE, page


def test_the_page_is_up_to_date() -> None:
    """docs/styles.md is what `python tests/thread/styles_page.py` writes."""
    assert PAGE.read_text("utf-8") == page()
