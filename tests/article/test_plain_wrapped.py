"""Narrowly wrapped text without blank lines: a heading may fill its line by chance."""

from __future__ import annotations

import textwrap

import pytest

from threadbot.article import Heading, load

COLUMNS = 50
#: Four lines each; together they tell that the text was wrapped at 50 columns.
PARAGRAPH = (
    "La ville relance un chantier qui était arrêté depuis dix ans, et trois lignes verront le jour "
    "entre la gare et le port avant la fin de cette année si le conseil vote le budget."
)
NEXT = "travaux commencent en mai et durent au moins deux ans, dit la mairie."


def headings(head: str, opening: str, gap: str = "\n") -> list[str]:
    """Give the headings of a text whose middle is a line and a paragraph that opens so."""
    assert len(head) <= COLUMNS < len(f"{head} {opening.partition(' ')[0]}")
    blocks = (PARAGRAPH, PARAGRAPH, head, f"{opening} {NEXT}", PARAGRAPH)
    text = gap.join(textwrap.fill(block, COLUMNS) for block in blocks)
    article = load(f"Le titre\n\n{text}", known={"language": "fr"}, typography="keep")
    return [block.text for block in article.blocks if isinstance(block, Heading)]


@pytest.mark.parametrize(
    ("head", "opening"),
    [
        ("La rue de Siam sera-t-elle rendue aux piétons ?", "Enfin, les"),
        ("Venez toutes et tous voir le tram samedi à midi !", "Samedi, les"),
        ("Ce qui va changer pour les habitants du centre", "Avant mai, les"),
        ("Trois lignes pour relier la gare et le vieux port", "L’été, les"),
        ("What will change for people who live in the city", "When the"),
    ],
)
def test_a_heading_that_fills_its_line_is_none_of_the_paragraph(head: str, opening: str) -> None:
    """It asks or calls, or the line below begins as nothing but a sentence does."""
    assert headings(head, opening) == [head]


@pytest.mark.parametrize(
    ("head", "opening"),
    [
        ("Les trois lignes du nouveau tramway de la ville de", "La Rochelle et les"),
        ("Les deux lignes du nouveau tramway desserviront", "Recouvrance, car les"),
        ("Les deux lignes du nouveau tramway iront plus loin", "que prévu, mais les"),
        ("Le tram revient. Les trois lignes vont desservir", "Le Relecq, car les"),
    ],
)
def test_the_first_line_of_a_paragraph_stays_with_it(head: str, opening: str) -> None:
    """A name may begin a line with a capital; what leads on is no heading."""
    assert headings(head, opening) == []


def test_where_blank_lines_part_the_paragraphs_none_is_needed() -> None:
    """There a line that stands on a paragraph is judged as it always was."""
    text = f"{PARAGRAPH}\n\n{PARAGRAPH}\n\nLa rue sera-t-elle rendue aux piétons, et quand ? {NEXT}"
    wrapped = "\n\n".join(textwrap.fill(one, COLUMNS) for one in text.split("\n\n"))
    article = load(f"Le titre\n\n{wrapped}", known={"language": "fr"})
    assert not any(isinstance(block, Heading) for block in article.blocks)
