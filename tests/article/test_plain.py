"""Plain text, whole articles."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

import pytest

from threadbot.article import Article, Block, Heading, ListBlock, ListItem, Paragraph, Quote, load

if TYPE_CHECKING:
    from pathlib import Path

_LETTERS = {Heading: "h", Paragraph: "p", Quote: "q"}
_LONG = (
    "Le centre de calcul ouvrira ses portes au printemps, après trois ans de travaux et de débats "
    "sur sa consommation d'eau. Les communes du plateau en partageront les frais."
)
_LONG_TOO = (
    "Les laboratoires de la vallée attendaient cette annonce depuis longtemps, et les entreprises "
    "qui travaillent avec eux l'attendaient plus encore. Il reste à trouver les équipes."
)


def shape(article: Article) -> str:
    """Write the kinds of an article's blocks in a line, lists with the number of items."""
    return " ".join(map(_letter, article.blocks))


def _letter(block: Block) -> str:
    if isinstance(block, ListBlock):
        return f"{'ol' if block.ordered else 'ul'}({len(block.items)})"
    return _LETTERS[type(block)]


def read(text: str) -> Article:
    """Read a plain text whose language does not matter."""
    return load(text, name="article.txt", known={"language": "fr"}, typography="keep")


@pytest.fixture
def sample(shared: Path) -> bytes:
    return (shared / "articles" / "openai-paris-bruxelles.txt").read_bytes()


_SAMPLE = "p h p ul(2) p h p ol(3) h p p ul(3) h p ul(3) p"


def test_the_sample_is_read(sample: bytes) -> None:
    """The sample gives its title, its byline and its blocks exactly."""
    article = load(sample, name="openai-paris-bruxelles.txt")
    assert article.title.startswith("OpenAI ouvre des bureaux à Paris et Bruxelles\u00a0: l’IA")
    assert (article.author, article.handle) == ("Enpause", "@EnPause")
    assert (article.published, article.language) == (date(2024, 10, 13), "fr")
    assert shape(article) == _SAMPLE


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_change_nothing(
    sample: bytes, encoding: str, line_end: str
) -> None:
    """The sample reads the same in every encoding, with a mark or without, and line end."""
    text = sample.decode()
    changed = text.replace("\n", line_end).encode(encoding)
    assert load(changed) == load(text)


def test_blank_lines_may_be_missing(sample: bytes) -> None:
    """The sample pasted without blank lines gives the same blocks."""
    lines = [line for line in sample.decode().splitlines() if line.strip()]
    assert load("\n".join(lines)) == load(sample)


@pytest.mark.parametrize("columns", [60, 72, 80])
def test_wrapping_changes_nothing(sample: bytes, columns: int) -> None:
    """The sample wrapped by an editor gives the same blocks and the same words."""
    assert load(_wrapped(sample.decode(), columns)) == load(sample)


@pytest.mark.parametrize("columns", [45, 50, 60, 65, 72, 76, 80, 100])
def test_wrapping_without_blank_lines_changes_nothing(sample: bytes, columns: int) -> None:
    """A short line tells a heading where the next word would have fitted in the window."""
    lines = "\n".join(line for line in sample.decode().splitlines() if line.strip())
    assert load(_wrapped(lines, columns)) == load(sample)


@pytest.mark.parametrize("columns", [60, 72])
def test_wrapped_text_without_blank_lines_is_read(columns: int) -> None:
    """Headings, items and paragraphs are parted by the breaks that no wrapping made."""
    text = (
        f"Un centre de calcul\nPar Jeanne Dupont\n{_LONG}\nPourquoi ici ?\n{_LONG_TOO}\n"
        f"- {_LONG}\n- Le second point\nEt demain ?\n{_LONG}"
    )
    article = read(_wrapped(text, columns))
    assert shape(article) == "p h p ul(2) h p"
    assert article.blocks == read(text).blocks


def _wrapped(text: str, columns: int) -> str:
    """Wrap each line greedily, the way that editors do, without joining any."""
    wrapped = []
    for line in text.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        current = ""
        for word in line.split():
            if current and len(current) + 1 + len(word) > columns:
                wrapped.append(current)
                current = f"{indent}{word}"
            else:
                current = f"{current} {word}" if current else f"{indent}{word}"
        wrapped.append(current)
    return "\n".join(wrapped)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(f"Pourquoi ici ?\n\n{_LONG}", "h p", id="question-heads"),
        pytest.param(f"Enfin !\n\n{_LONG}", "h p", id="call-heads"),
        pytest.param(
            f"Pourquoi ici ?\n{_LONG}\n\nEt après\n{_LONG}", "h p h p", id="on-its-paragraph"
        ),
        pytest.param(f"{_LONG}\n\nUne fin sans point", "p p", id="nothing-after"),
        pytest.param(f"Les points clés\n\n• Un\n• Deux\n\n{_LONG}", "h ul(2) p", id="list-heading"),
        pytest.param(f"Trois raisons :\n\n• Un\n• Deux\n\n{_LONG}", "p ul(2) p", id="list-intro"),
        pytest.param(f"Tech\n\nÉnergie\n\nLyon\n\n{_LONG}", "p p h p", id="run-of-three"),
        pytest.param(f"Une partie\n\nUne section\n\n{_LONG}", "h h p", id="run-of-two"),
        pytest.param(f"{_LONG}\n\nUn\n\nDeux\n\nTrois", "p p p p", id="run-at-the-end"),
        pytest.param(f"{_LONG}\n\nPhoto : Jeanne Dupont\n\n{_LONG}", "p p p", id="credit"),
        pytest.param(f"{_LONG}\n\nLire aussi : le plan\n\n{_LONG}", "p p p", id="read-also"),
        pytest.param(f"{_LONG}\n\n***\n\n{_LONG}", "p p", id="rule"),
        pytest.param(f"{_LONG}\n\n> On y va.\n> Vraiment.\n\n{_LONG}", "p q p", id="quote"),
        pytest.param(f"{_LONG}\n\n>\n\n{_LONG}", "p p", id="empty-quote"),
        pytest.param(
            f"{_LONG}\n\n— Tu viens ?\n— Pas ce soir.\n— Dommage.\n\n{_LONG}",
            "p p p p p",
            id="dialogue",
        ),
        pytest.param(
            f"{_LONG}\n\n- Bonjour, dit-il.\n- Bonjour.\n\n{_LONG}",
            "p p p p",
            id="dialogue-with-hyphens",
        ),
        pytest.param(
            f"{_LONG}\n\n- Quel budget ?\n- Quel calendrier ?\n\n{_LONG}",
            "p ul(2) p",
            id="list-of-questions",
        ),
        pytest.param(
            f"{_LONG}\n\nL'eau descend\nLa ville dort\nRien ne bouge\n\n{_LONG}",
            "p p p",
            id="poem",
        ),
        pytest.param(
            f"{_LONG}\n\nMaison du calcul\n12, rue des Lilas\n69001 Lyon\n\n{_LONG}",
            "p p p",
            id="postal-address",
        ),
        pytest.param(
            f"{_LONG}\n\nPourquoi ici ?\nParce que oui.\nEt pour longtemps.\n\n{_LONG}",
            "p h p p p",
            id="heading-on-short-paragraphs",
        ),
        pytest.param(
            f"1. Le lieu\n\n{_LONG}\n\n2. Le prix\n\n{_LONG}",
            "h p h p",
            id="numbered-headings",
        ),
        pytest.param(f"{_LONG}\n\n1. Le lieu", "p ol(1)", id="numbered-at-the-end"),
        pytest.param(f"1. Un\n\n2. Deux\n\n3. Trois\n\n{_LONG}", "ol(3) p", id="loose-list"),
        pytest.param(
            f"1. Un\n2. Deux\n\n1. Un\n2. Deux\n\n{_LONG}", "ol(2) ol(2) p", id="numbers-again"
        ),
        pytest.param(
            f"• Un\n• Deux\n1. Un\n2. Deux\n\n{_LONG}", "ul(2) ol(2) p", id="bullets-then-numbers"
        ),
        pytest.param(f"(1) Un\n(2) Deux\n\n{_LONG}", "ol(2) p", id="numbers-in-brackets"),
        pytest.param(f"a) Un\nb) Deux\n\n{_LONG}", "ol(2) p", id="letters"),
        pytest.param(f"{_LONG}\n{_LONG_TOO}\nEt après ?\n{_LONG}", "p p h p", id="no-blank-lines"),
        pytest.param(f"## Le lieu.\n{_LONG}\n{_LONG_TOO}", "h p p", id="marked-heading"),
        pytest.param("- Un\n- Deux\n## Le lieu\n- Trois", "ul(2) h ul(1)", id="marked-in-list"),
        pytest.param("## A\n\n## B\n\n## C", "h h h", id="marked-run"),
        pytest.param(f"#Lyon attend\n\n{_LONG}", "h p", id="hashtag-is-no-mark"),
    ],
)
def test_blocks_are_told_apart(body: str, expected: str) -> None:
    """What stands around a line decides with its own look what it is."""
    assert shape(read(f"Un titre\n\n{body}")) == expected


def test_marks_of_headings_are_no_text() -> None:
    """`#` to `######` and a space head in plain text too, at their level, and are taken away."""
    text = f"# Un titre\n\n{_LONG}\n\n## Le lieu\n{_LONG}\n### Le prix ###\n\n{_LONG}\n\n#Lyon"
    article = read(text)
    assert article.title == "Un titre"
    headings = [block for block in article.blocks if isinstance(block, Heading)]
    assert headings == [Heading(2, "Le lieu"), Heading(3, "Le prix")]
    assert article.blocks[-1] == Paragraph("#Lyon")


def test_the_lines_of_a_verse_stay_lines() -> None:
    """Line breaks that the author set are kept as line feeds."""
    article = read(
        f"Un titre\n\n{_LONG}\n\nL'eau descend,\nla ville dort,\nrien ne bouge\n\n{_LONG}"
    )
    assert article.blocks[1] == Paragraph("L'eau descend,\nla ville dort,\nrien ne bouge")


def test_dialogue_keeps_its_dashes() -> None:
    """The dash of a spoken line belongs to its text."""
    article = read(f"Un titre\n\n{_LONG}\n\n— Tu viens ?\n— Non.\n\n{_LONG}")
    assert article.blocks[1:3] == (Paragraph("— Tu viens ?"), Paragraph("— Non."))


def test_lists_nest_by_indent() -> None:
    """Deeper items are children of the item above; wrapped items and paragraphs of theirs join."""
    text = (
        f"Un titre\n\n{_LONG}\n\n"
        "• Le lieu, qui a fait\n  débat\n    1. Plateau\n    2. Vallée\n      - Nord\n• Le prix\n\n"
        "  Un second alinéa.\n\n• Le reste\nencore dit\n"
    )
    items = (
        ListItem(
            "Le lieu, qui a fait débat",
            children=(ListItem("Plateau"), ListItem("Vallée", children=(ListItem("Nord"),))),
            children_ordered=True,
        ),
        ListItem("Le prix\nUn second alinéa."),
        ListItem("Le reste encore dit"),
    )
    assert read(text).blocks[1] == ListBlock(ordered=False, items=items)


def test_right_aligned_numbers_are_one_list() -> None:
    """One column more or less is no level, and a list keeps the number that it begins with."""
    article = read(f"Un titre\n\n 9. Neuf\n10. Dix\n\n{_LONG}")
    items = (ListItem("Neuf"), ListItem("Dix"))
    assert article.blocks[0] == ListBlock(ordered=True, items=items, start=9)


def test_nesting_has_an_end() -> None:
    """However far a text indents its items, they can be walked through."""
    text = "Un titre\n\n" + "\n".join(" " * (2 * depth) + "- x" for depth in range(1500))
    assert shape(read(text)) == "ul(1)"


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        (f"Un centre\nde calcul à Lyon\n\n{_LONG}", "Un centre de calcul à Lyon", "p"),
        (f"Mistral s'installe à\nLyon\n\n{_LONG}", "Mistral s'installe à Lyon", "p"),
        (f"Un centre :\nLyon attend\nPar Jeanne Dupont\n\n{_LONG}", "Un centre : Lyon attend", "p"),
        (f"Un centre\nLyon attend\n\n{_LONG}", "Un centre", "h p"),
        (f"Un centre\nil ouvrira demain.\n\n{_LONG}", "Un centre", "p p"),
        (f"Un centre\n• Lyon\n\n{_LONG}", "Un centre", "ul(1) p"),
        ("Un centre", "Un centre", ""),
        (f"13 octobre 2024\nUn centre\n\n{_LONG}", "Un centre", "p"),
    ],
)
def test_the_title_is_the_first_line(text: str, title: str, expected: str) -> None:
    """A title that was wrapped over lines is whole, and a line under it stays apart."""
    article = read(text)
    assert (article.title, shape(article)) == (title, expected)


@pytest.mark.parametrize(
    "top",
    [
        "Par Jeanne Dupont\n3 mars 2025\n\n",
        "Par Jeanne Dupont\n\n3 mars 2025\n\n",
        "Le chapô dit tout en une phrase.\n\nPar Jeanne Dupont, le 3 mars 2025\n\n",
    ],
)
def test_bylines_are_no_paragraphs(top: str) -> None:
    """A byline may go over lines and stand under a standfirst; it is never text."""
    article = read(f"Un titre\n\n{top}{_LONG}\n\n{_LONG_TOO}")
    assert (article.author, article.published) == ("Jeanne Dupont", date(2025, 3, 3))
    texts = [block.text for block in article.blocks if isinstance(block, Paragraph)]
    assert not any("Jeanne" in text or "2025" in text for text in texts)
    assert texts[-2:] == [_LONG, _LONG_TOO]


_PART = f"Et après ?\n\n{_LONG}\n\n• Un\n• Deux\n\nUn vers\nUn autre\n\nA\n\nB\n\nC\n\n"


@pytest.mark.no_cover  # which takes most of the time
@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        pytest.param(_PART, 4, id="prose"),
        pytest.param(_PART.replace("\n\n", "\n"), 4, id="prose-without-blank-lines"),
        # No article has 250,000 lines; these would take minutes if anything grew faster.
        pytest.param("Un mot\n\n", 10, id="headings"),
        pytest.param("Un mot\n", 10, id="lines"),
        pytest.param("- x\n", 10, id="items"),
        pytest.param("> y\n", 10, id="quotation"),
    ],
)
def test_a_megabyte_is_read_in_proportion(body: str, seconds: float) -> None:
    """Reading takes time in proportion to the text, whatever it is made of."""
    text = "Un titre\n\n" + body * (1_000_000 // len(body))
    start = time.process_time()
    read(text)
    assert time.process_time() - start < seconds
