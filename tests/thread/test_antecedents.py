"""Tests of `threadbot.thread.antecedents`: which sentences lean on the one before them."""

from __future__ import annotations

import pytest

from threadbot.thread.antecedents import leans_back, opens_with_demonstrative

DEMONSTRATIVES = [
    ("fr", "Cette décision surprend."),
    ("fr", "« Ce choix », dit-elle."),
    ("fr", "C’est tout."),
    ("en", "This changes everything."),
    ("en", "“Those are gone.”"),
    ("de", "Diese Entscheidung überrascht."),
    ("es", "Esta decisión sorprende."),
    ("it", "Quest’anno cambia."),
    ("pt", "Esta decisão surpreende."),
    ("nl", "Deze beslissing verrast."),
]
CONTINUATIONS = [
    ("fr", "Il part demain."),
    ("fr", "Elle reste."),
    ("fr", "Mais rien ne change."),
    ("fr", "Une nouvelle qui fait grand bruit."),
    ("fr", "D’où la surprise."),
    ("en", "It stays."),
    ("en", "However, nothing changed."),
    ("en", "A plan that nobody read."),
    ("de", "Sie bleibt."),
    ("es", "Sin embargo, nada cambia."),
    ("it", "Tuttavia resta."),
    ("pt", "Ela fica."),
    ("nl", "Daarom blijft hij."),
]
STANDING = [
    ("fr", "Cesare arrive."),
    ("fr", "Illustre inconnu, il part."),
    ("fr", "Soeur et frère arrivent."),
    ("fr", "L'intelligence artificielle avance."),
    ("en", "Thistles grow here."),
    ("en", "Items are sold."),
    ("en", "It-girls are back."),
    ("en", "A tram crosses the bridge."),
    ("de", "Die Stadt baut."),
    ("de", "Ernst kommt."),
    ("es", "Un puente nuevo."),
    ("ja", "これは文です。"),
    (None, "This could be any language."),
    ("en", ""),
    ("en", "42 people came."),
]


@pytest.mark.parametrize(("language", "text"), DEMONSTRATIVES)
def test_a_demonstrative_leans(language: str, text: str) -> None:
    """A sentence that opens with a demonstrative points to the one before it."""
    assert opens_with_demonstrative(text, language)
    assert leans_back(text, language)


@pytest.mark.parametrize(("language", "text"), CONTINUATIONS)
def test_a_continuation_leans_without_a_demonstrative(language: str, text: str) -> None:
    """A pronoun or a connective leans too, but is no demonstrative."""
    assert leans_back(text, language)
    assert not opens_with_demonstrative(text, language)


@pytest.mark.parametrize(("language", "text"), STANDING)
def test_other_sentences_stand_alone(language: str | None, text: str) -> None:
    """A word that only begins like one of the lists, or a language without a list, never leans."""
    assert not leans_back(text, language)
    assert not opens_with_demonstrative(text, language)
