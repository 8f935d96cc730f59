"""The language of an article."""

from __future__ import annotations

import subprocess
import sys

import pytest

from threadbot.article import Heading, load
from threadbot.article.language import detect, normalise


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("fr", "fr"),
        ("fr-FR", "fr"),
        ("FR_fr", "fr"),
        ("zh-Hant-TW", "zh"),
        ("fra", "fr"),
        ("eng", "en"),
        ("tlh", None),
        ("French", None),
        ("", None),
    ],
)
def test_tags_become_codes(tag: str, expected: str | None) -> None:
    """A language tag gives its two letters; another word gives nothing."""
    assert normalise(tag) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le centre de calcul ouvrira ses portes au printemps, après trois ans de travaux.", "fr"),
        ("The data centre will open its doors in spring, after three years of building.", "en"),
        ("Das Rechenzentrum öffnet nach drei Jahren Bauzeit im Frühling seine Türen.", "de"),
        ("El centro de cálculo abrirá sus puertas en primavera, tras tres años de obras.", "es"),
        ("Il centro di calcolo aprirà le porte in primavera, dopo tre anni di lavori.", "it"),
        ("Valbrune", None),
        ("2024 2025 2026 ... 100 200 300", None),
    ],
)
def test_the_words_tell_the_language(text: str, expected: str | None) -> None:
    """A sentence is enough; a word is too little."""
    assert detect(text) == expected


@pytest.mark.parametrize(
    ("byline", "expected"),
    [("Publié le 3 mars 2025 par Ann Lee", "fr"), ("By Ann Lee", "en")],
)
def test_a_byline_tells_the_language(byline: str, expected: str) -> None:
    """The words of a byline are the source's own language."""
    assert load(f"OK\n\n{byline}\n\nOK OK.").language == expected


def test_without_any_declaration_the_whole_text_tells() -> None:
    """Headings, lists and paragraphs speak together, and the spaces follow the language."""
    text = (
        "Valbrune\n\nPourquoi ici ?\n\nLe plateau avait un lieu sans projet.\n\n"
        "• L'eau de la rivière\n  • Le réseau de l'hôpital\n\n> Rien ne presse."
    )
    article = load(text, name="a.txt")
    assert article.language == "fr"
    assert article.blocks[0] == Heading(2, "Pourquoi ici\u00a0?")


def test_the_model_is_not_loaded_where_the_language_is_known() -> None:
    """Neither the model nor the readers of other formats are imported without need."""
    program = (
        "import sys; from threadbot.article import Heading, load;"
        "load('Un titre\\n\\nPublié le 3 mars 2025\\n\\nTexte.', name='a.txt');"
        "heavy = {'py3langid', 'numpy', 'markdown_it', 'yaml', 'frontmatter'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (run.stdout, run.stderr) == ("[]\n", "")


def test_a_publication_has_a_usual_language() -> None:
    """It stands in where the source names none and its text is too short to tell; only there."""
    short, long = "OK\n\nOK.", "Un titre\n\nDeux mots et une phrase entière de plus."
    assert load(short).language is None
    assert load(short, usual_language="de").language == "de"
    assert load(long, usual_language="de").language == "fr"
    assert load(short, usual_language="de", known={"language": "es"}).language == "es"
    assert load("OK\n\nBy Ann Lee\n\nOK.", usual_language="de").language == "en"
    declared = f"---\nlang: es\n---\n# {short}"
    assert load(declared, name="a.md", usual_language="de").language == "es"
