"""Tests of `threadbot.thread.antecedents`: which sentences lean on the one before them."""

from __future__ import annotations

import time

import pytest

from threadbot.thread.antecedents import (
    has_late_demonstrative,
    leans_back,
    opens_thought,
    opens_with_demonstrative,
)

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
    ("ar", "هذا القرار مفاجئ."),
    ("ar", "أما ما بين ذلك فجرّب."),
    ("hi", "इसके लिए क़स्बे ने चार काम किए:"),
    ("hi", "उसी शाम नियम पास हो गया।"),
    ("ja", "これは文です。"),
    ("ja", "その順番だけを伝えたい。"),
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
    ("en", "There were nine of those last month."),
    ("en", "The council, however, said no."),
    ("fr", "On choisit, en revanche, son heure."),
    ("fr", "La scie sauteuse, elle, est réservée."),
    ("de", "Sie bleibt."),
    ("de", "Wir glauben allerdings, dass es bleibt."),
    ("es", "Sin embargo, nada cambia."),
    ("it", "Tuttavia resta."),
    ("pt", "Ela fica."),
    ("nl", "Daarom blijft hij."),
    ("en", "In each case the passengers were given a coffee."),
    ("en", "Now they know only its edges."),
    ("ar", "لكن الطريق طويل."),
    ("hi", "लेकिन रास्ता लंबा है।"),
    ("ja", "しかし道は長い。"),
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
    ("de", "Wir glauben, dass es geht, auch wenn alle es allerdings bezweifeln."),
    ("fr", "La pluie, le vent et elle, tous arrivent."),
    ("es", "Un puente nuevo."),
    ("en", "Now the boats leave at noon."),
    ("hi", "यहाँ सत्रह कुएँ हैं।"),
    ("hi", "इस साल पानी का एक भी टैंकर नहीं आया।"),
    ("ja", "この一年で四十七人にのぼる。"),
    ("ja", "町は結果を隠さずに公表している。"),
    ("zh", "这是一个句子。"),
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


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("Und wenn es nicht klappt?", True),
        ("« Et si l'outil casse ? »", True),
        ("And so it ends.", False),
        ("Why now?", False),
        ("Android or not?", False),
    ],
)
def test_a_question_with_and_opens_a_thought(text: str, opens: bool) -> None:  # noqa: FBT001
    """An "and" before a question asks something new; before a statement it leans."""
    assert opens_thought(text) is opens


def test_many_question_marks_take_no_longer() -> None:
    """A question is told by its end, in a time that grows with its length alone."""
    start = time.process_time()
    assert not opens_thought("And " + "?" * 100_000 + "a b c.")
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("language", "text", "late"),
    [
        ("de", "Übrig blieben diese Sätze:", True),
        ("de", "Besonders drei Gruppen kommen kaum:", False),
        ("de", "Die Paradiesesäpfel sind:", False),
        ("en", "What remained were these:", False),
        (None, "Übrig blieben diese Sätze:", False),
    ],
)
def test_german_sets_a_demonstrative_behind_the_verb(
    language: str | None,
    text: str,
    late: bool,  # noqa: FBT001
) -> None:
    """Such a list intro goes on from what was said, as one that opens with "Diese" does."""
    assert has_late_demonstrative(text, language) is late
