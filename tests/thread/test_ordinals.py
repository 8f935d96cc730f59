"""Tests of `threadbot.thread.ordinals`: which sentences count."""

from __future__ import annotations

import pytest

from threadbot.thread.ordinals import ordinal


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("fr", "Le premier est la fausse neutralité.", 1),
        ("fr", "« La seconde » tombe.", 2),
        ("en", "The third trap is time.", 3),
        ("en", "First, sit down.", 1),
        ("en", "Firsthand reports came in.", 0),
        ("en", "A third is gone.", 0),
        ("de", "Der zweite Grund ist Geld.", 2),
        ("de", "Viertens fehlt die Zeit.", 4),
        ("es", "El primer paso es fácil.", 1),
        ("it", "La quinta prova.", 5),
        ("it", "Secondo, il tempo.", 2),
        ("it", "Secondo l'Istat il dato cala.", 0),
        ("it", "Prima della guerra.", 0),
        ("pt", "O segundo caso.", 2),
        ("pt", "Segundo o ministro, nada muda.", 0),
        ("de", "Der Zweite Weltkrieg begann.", 0),
        ("fr", "Le premier ministre démissionne.", 0),
        ("nl", "De derde reden.", 3),
        ("ja", "First, sit down.", 0),
        (None, "First, sit down.", 0),
    ],
)
def test_a_sentence_counts_by_its_first_word(language: str | None, text: str, number: int) -> None:
    """An ordinal counts at the head of a sentence, with its article, in its own language."""
    assert ordinal(text, language) == number
