"""Bylines and dates."""

from __future__ import annotations

from datetime import date

import pytest

from threadbot.article import dates
from threadbot.article.byline import read_byline


@pytest.mark.parametrize(
    ("line", "author", "handle", "day", "language"),
    [
        (
            "Publié le 13 octobre 2024 par Enpause @EnPause",
            "Enpause",
            "@EnPause",
            "2024-10-13",
            "fr",
        ),
        ("Par Jeanne Dupont, le 3 mars 2025", "Jeanne Dupont", None, "2025-03-03", "fr"),
        ("Published on October 13, 2024 by Jane Doe", "Jane Doe", None, "2024-10-13", "en"),
        ("By Jane Doe", "Jane Doe", None, None, "en"),
        ("Par Jeanne Dupont", "Jeanne Dupont", None, None, "fr"),
        ("13 Oct 2024", None, None, "2024-10-13", None),
        ("2024-10-13", None, None, "2024-10-13", None),
        ("2024-10-13T10:30:00+02:00", None, None, "2024-10-13", None),
        ("1er janvier 2025", None, None, "2025-01-01", "fr"),
        ("Le dimanche 13 octobre 2024", None, None, "2024-10-13", "fr"),
        ("Le 13 octobre 2024 à 18h", None, None, "2024-10-13", "fr"),
        (
            "Par Jeanne Dupont et Paul Martin, à Lyon",
            "Jeanne Dupont et Paul Martin",
            None,
            None,
            "fr",
        ),
        (
            "Par Paul Martin | Publié le 13/10/2024 à 10h30, mis à jour le 14/10/2024 à 09:12",
            "Paul Martin",
            None,
            "2024-10-13",
            "fr",
        ),
        (
            "Mis à jour le 14 octobre 2024, publié le 13 octobre 2024",
            None,
            None,
            "2024-10-13",
            "fr",
        ),
        ("Mis à jour le 14 octobre 2024", None, None, "2024-10-14", "fr"),
        ("Jane Doe (@jdoe) · Oct. 13, 2024 · 5 min read", "Jane Doe", "@jdoe", "2024-10-13", "en"),
        ("Enpause · 13 octobre 2024", "Enpause", None, "2024-10-13", "fr"),
        ("Paris, le 13 octobre 2024", None, None, "2024-10-13", "fr"),
        ("Par J.-P. Martin avec AFP", "J.-P. Martin", None, None, "fr"),
        ("By Jane Doe, technology reporter", "Jane Doe", None, None, "en"),
        (
            "By Jane Doe, John Smith and Ann Lee",
            "Jane Doe, John Smith and Ann Lee",
            None,
            None,
            "en",
        ),
        ("By Jane Doe, 3 May 2025", "Jane Doe", None, "2025-05-03", "en"),
        (
            "Par la rédaction d’Enpause, le 1er mai 2025",
            "la rédaction d’Enpause",
            None,
            "2025-05-01",
            "fr",
        ),
        ("Par AFP", "AFP", None, None, "fr"),
        ("Auteur : Jeanne Dupont", "Jeanne Dupont", None, None, "fr"),
        (
            "Par Marie de la Tour et Jean d’Ormesson",
            "Marie de la Tour et Jean d’Ormesson",
            None,
            None,
            "fr",
        ),
        ("Posted by Sam Lee on 3 May 2025 at 10:30 am GMT", "Sam Lee", None, "2025-05-03", "en"),
        ("Published Sunday, October 13th, 2024", None, None, "2024-10-13", "en"),
        ("@EnPause", None, "@EnPause", None, None),
        ("Par @enpause.example.com", None, "@enpause.example.com", None, "fr"),
        ("Publié le 03/04/2025", None, None, "2025-04-03", "fr"),
        ("Published 12/31/2024", None, None, "2024-12-31", "en"),
        ("13.10.2024", None, None, "2024-10-13", None),
    ],
)
def test_a_byline_is_read(
    line: str,
    author: str | None,
    handle: str | None,
    day: str | None,
    language: str | None,
) -> None:
    """Author, handle, day and language are read in French and English words."""
    found = read_byline(line)
    assert found is not None
    published = found.get("published")
    read = (found.get("author"), found.get("handle"), published and published.isoformat())
    assert read == (author, handle, day)
    assert found.get("language") == language


@pytest.mark.parametrize(
    "line",
    [
        "Par Toutatis !",
        "Par exemple, les bureaux de Lyon",
        "Par ailleurs, Lyon investit.",
        "Par Lyon passent deux fleuves",
        "Par Jeanne Dupont, la commune a trouvé une porte-parole.",
        "By design, this is slow",
        "By the end of 2024, the company had offices in Lyon.",
        "By Jane Doe we mean somebody else",
        "On October 13, 2024 the company announced it",
        "Le 13 octobre 2024, la société annonce un plan",
        "Publié le 31 février 2024 par Enpause",
        "Publié par hasard",
        "Jane Doe",
        "Lyon, capitale",
        "Temps de lecture : 4 min",
        "Emmanuelle Durand, le retour",
        "5 min read",
        "Par Jeanne Dupont " + "et Paul Martin " * 40,
        "",
    ],
)
def test_other_lines_are_no_bylines(line: str) -> None:
    """A sentence that opens like a byline is none, nor is a line of which a part is unread."""
    assert read_byline(line) is None


def test_a_day_that_may_be_two_is_no_day() -> None:
    """`03/04/2025` without a word of language is a byline, and tells no day."""
    assert read_byline("03/04/2025") == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-10-13 08:00", date(2024, 10, 13)),
        ("13 oct. 2024", date(2024, 10, 13)),
        ("Dec 1, 2024", date(2024, 12, 1)),
        ("13 août 2024", date(2024, 8, 13)),
        ("2024-13-45", None),
        ("soon", None),
    ],
)
def test_a_date_is_read_by_itself(text: str, expected: date | None) -> None:
    """A text that is a date gives its day, whatever follows."""
    assert dates.read(text) == expected
