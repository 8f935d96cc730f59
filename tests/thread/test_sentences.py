"""Tests of `threadbot.thread.sentences`: where sentences begin and end."""

from __future__ import annotations

import pytest

from threadbot.thread.sentences import sentences

# A bar stands where one sentence ends and the next begins.
CASES = [
    ("fr", "M. Dupont est né le 13 oct. 2024. | Il habite à Brest."),
    ("fr", "Voir p. 12 et n° 3. | La suite vient."),
    ("fr", "Il mesure 1,75 m. | Elle aussi."),
    ("fr", "« Enfin ! » | Le maire sourit."),
    ("fr", "Pourquoi maintenant ? | Personne ne sait."),
    ("en", "Dr. Smith paid $3.50 for it. | Nobody knows why."),
    ("en", "He came, e.g. by tram. | She walked."),
    ("de", "Das gilt z. B. hier. | Morgen nicht mehr."),
    ("ja", "東京は大きい。|大阪も大きい。"),
    ("sw", "Habari ya asubuhi. | Karibu sana."),
    (None, "One is here. | Two is there."),
    ("hi", "यह सच है। 🙂 !!! | अब चलो। 🎉"),
    ("hi", "… 🙂 चलो।"),
    ("hi", ":"),
    ("en", "No end mark"),
    ("en", "A line\nbreak does not end it. | This does."),
]


@pytest.mark.parametrize(("language", "marked"), CASES)
def test_sentences_are_found(language: str | None, marked: str) -> None:
    """Each sentence ends where a reader of the language would end it."""
    wanted = [part.strip() for part in marked.split("|")]
    text = marked.replace(" | ", " ").replace("|", "")
    assert [text[start:end] for start, end in sentences(text, language)] == wanted


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
@pytest.mark.parametrize("language", ["fr", None])
def test_white_space_has_no_sentence(text: str, language: str | None) -> None:
    """A text without words has no sentences."""
    assert sentences(text, language) == ()


@pytest.mark.parametrize("mark", ["»", "”", ")", "!", "…"])
@pytest.mark.parametrize("language", ["fr", "sw"])
def test_no_sentence_begins_with_a_closing_mark(mark: str, language: str) -> None:
    """What closes a sentence stays with it, also where a space stands before it."""
    text = f"Voilà la fin. {mark} Puis une autre phrase."
    starts = [text[start] for start, _ in sentences(text, language)]
    assert mark not in starts


@pytest.mark.parametrize("language", ["fr", "en", "ja", "sw", None])
def test_every_character_lies_in_one_sentence(language: str | None) -> None:
    """Sentences follow one another, and only white space lies between them."""
    text = "  A b. C d?! « E »  f…\n g. 東京。 ) h"
    position = 0
    for start, end in (*sentences(text, language), (len(text), len(text))):
        assert start >= position
        assert not text[position:start].strip()
        position = end


@pytest.mark.parametrize("language", ["fr", "en", "ja"])
def test_a_paragraph_without_end_has_the_same_sentences(language: str) -> None:
    """What is longer than the rules see at once is parted like a short text, to its last word."""
    one = "東京は大きい。" if language == "ja" else "This goes on, and on, e.g. here, for long. "
    count = 12_000 // len(one)
    found = sentences(one * count, language)
    wanted = len(one.rstrip())
    assert [end - start for start, end in found] == [wanted] * count


@pytest.mark.parametrize("text", ["a" * 9_000, "! " + "a" * 9_000 + ". B", "1" * 4_000 + ". Fin"])
def test_a_word_without_end_is_not_cut(text: str) -> None:
    """No sentence ends where the rules have seen enough."""
    assert all(
        end == len(text) or not text[end - 1 : end + 1].isalnum()
        for _, end in sentences(text, "fr")
    )


def test_marks_in_a_heap_are_parted_all_the_same() -> None:
    """Where too many marks stand together for the rules, Unicode's part the text."""
    found = sentences("Oui. Non. " * 100, "fr")
    assert len(found) == 200
