"""The examples that a newcomer tries first."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from threadbot.article import Code, Heading, Image, ListBlock, Paragraph, Quote, Table, load

_EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_french_example_has_the_shape_of_the_sample() -> None:
    """The plain text reads as title, byline, headings, lists and paragraphs."""
    article = load((_EXAMPLES / "article.txt").read_bytes(), name="article.txt")
    assert (article.author, article.handle) == ("Enpause", "@EnPause")
    assert (article.published, article.language) == (date(2026, 3, 12), "fr")
    kinds = {Heading: "h", Paragraph: "p", ListBlock: "l"}
    shape = " ".join(kinds[type(block)] for block in article.blocks)
    assert shape == "p h p l p h p l h p p l h p l p"


def test_the_markdown_example_shows_every_block() -> None:
    """The Markdown has all that can stand in an article, and a full front matter."""
    article = load((_EXAMPLES / "article.md").read_bytes(), name="article.md")
    kinds = {type(block) for block in article.blocks}
    assert kinds == {Heading, Paragraph, ListBlock, Quote, Image, Code, Table}
    assert None not in {article.author, article.handle, article.published, article.url}
    assert None not in {article.description, article.question, article.language}
    assert article.tags


def test_the_page_shows_every_block_and_nothing_else() -> None:
    """Of the page, all blocks of the article come back and nothing of what is around them."""
    article = load((_EXAMPLES / "article.html").read_bytes(), name="article.html")
    assert (article.author, article.handle) == ("Lucie Marsal", "@GazetteCausse")
    assert (article.published, article.language) == (date(2026, 2, 18), "fr")
    kinds = {
        Heading: "h", Paragraph: "p", ListBlock: "l", Quote: "q", Image: "i", Table: "t", Code: "c",
    }  # fmt: skip
    shape = " ".join(kinds[type(block)] for block in article.blocks)
    assert shape == "p i h p p h p l q h p t h p l p c h p"
    around = "cookies Villages Partager vous Gazette Articles réflexions Marcel miel légales"
    for word in (*around.split(), "Lire aussi", "Étiquettes", "min de lecture", "Publié"):
        assert word not in repr(article.blocks)
