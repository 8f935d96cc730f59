"""The cases of twitter-text's own conformance suite, read from ../shared and never copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from threadbot.thread.x_text import (
    MAX_LENGTH,
    entities,
    is_handle,
    is_recognised_url,
    is_valid,
    urls,
    weighted_length,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_FOR_140 = "it is for the limit of 140 characters (configuration 1); version 3 allows 280"
_SIGN_BY_SIGN = "it is for configuration 2, which counts the parts of an emoji sequence one by one"
#: Groups and cases that do not apply, each with its reason. The key is (file, group, case).
LEFT_OUT = {
    ("validate", "tweets", "Invalid Tweet: 141 characters"): _FOR_140,
    ("validate", "tweets", "Invalid Tweet: 141 characters (due to newline)"): _FOR_140,
    ("validate", "urls", None): (
        "it is for isValidUrl, a laxer check that takes IP addresses and user names for valid; "
        "X makes no links of those"
    ),
    (
        "validate",
        "WeightedTweetsCounterTest",
        "Count a mix of single byte single word, and double word unicode characters",
    ): _SIGN_BY_SIGN,
    (
        "validate",
        "WeightedTweetsCounterTest",
        "Count unicode emoji chars outside the basic multilingual plane with skin tone modifiers",
    ): _SIGN_BY_SIGN,
    ("extract", "replies", None): (
        "it tells whether a post is a reply by its first word; X's API takes that from a field"
    ),
}
#: What twitter-text tells of a text besides, and nothing here needs: UTF-16 positions.
FIELDS_LEFT_OUT = {"displayRangeStart", "displayRangeEnd", "validRangeStart", "validRangeEnd"}


def _names(kind: str, text: str) -> list[str]:
    return [entity.value for entity in entities(text) if entity.kind == kind]


def _places(kind: str, key: str, text: str) -> list[dict[str, Any]]:
    return [
        {key: entity.value, "indices": [entity.start, entity.end]}
        for entity in entities(text)
        if entity.kind == kind
    ]


def _mentions_or_lists(text: str) -> list[dict[str, Any]]:
    found = []
    for entity in entities(text):
        if entity.kind == "mention":
            name, slash, slug = entity.value.partition("/")
            places = [entity.start, entity.end]
            found.append({"screen_name": name, "list_slug": slash + slug, "indices": places})
    return found


def _is_whole(kind: str, text: str) -> bool:
    found = [(entity.kind, entity.start, entity.end) for entity in entities(text)]
    return found == [(kind, 0, len(text))]


def _counts(text: str) -> dict[str, Any]:
    length = weighted_length(text)
    return {
        "weightedLength": length,
        "valid": is_valid(text),
        "permillage": length * 1000 // MAX_LENGTH,
    }


def _urls(text: str) -> list[str]:
    return [entity.value for entity in urls(text)]


#: What answers the cases of each group.
ANSWERS: dict[tuple[str, str], Callable[[str], Any]] = {
    ("validate", "tweets"): is_valid,
    ("validate", "usernames"): lambda text: is_handle(text.removeprefix("@")),
    ("validate", "lists"): lambda text: _is_whole("mention", text) and "/" in text[:-1],
    ("validate", "hashtags"): lambda text: _is_whole("hashtag", text),
    ("validate", "urls_without_protocol"): is_recognised_url,
    ("validate", "WeightedTweetsCounterTest"): _counts,
    ("validate", "WeightedTweetsWithDiscountedEmojiCounterTest"): _counts,
    ("validate", "UnicodeDirectionalMarkerCounterTest"): _counts,
    ("extract", "mentions"): lambda text: _names("mention", text),
    ("extract", "mentions_with_indices"): lambda text: _places("mention", "screen_name", text),
    ("extract", "mentions_or_lists_with_indices"): _mentions_or_lists,
    ("extract", "urls"): _urls,
    ("extract", "urls_with_indices"): lambda text: _places("url", "url", text),
    ("extract", "urls_with_directional_markers"): lambda text: _places("url", "url", text),
    ("extract", "tco_urls_with_params"): _urls,
    ("extract", "hashtags"): lambda text: _names("hashtag", text),
    ("extract", "hashtags_from_astral"): lambda text: _names("hashtag", text),
    ("extract", "hashtags_with_indices"): lambda text: _places("hashtag", "hashtag", text),
    ("extract", "cashtags"): lambda text: _names("cashtag", text),
    ("extract", "cashtags_with_indices"): lambda text: _places("cashtag", "cashtag", text),
    ("tlds", "country"): _urls,
    ("tlds", "generic"): _urls,
}


def _load(shared: Path, file: str) -> dict[str, list[dict[str, Any]]]:
    source = (shared / "data" / "twitter-text" / f"{file}.yml").read_text(encoding="utf-8")
    tests: dict[str, list[dict[str, Any]]] = yaml.safe_load(source)["tests"]
    return tests


def _verdict(file: str, group: str, case: dict[str, Any]) -> tuple[Any, Any]:
    """Give our answer to a case, and the one that it expects."""
    expected = case["expected"]
    if isinstance(expected, dict):
        expected = {key: value for key, value in expected.items() if key not in FIELDS_LEFT_OUT}
    return ANSWERS[file, group](case["text"]), expected


@pytest.mark.parametrize(("file", "group"), ANSWERS)
def test_cases_of_twitter_text(shared: Path, file: str, group: str) -> None:
    """Every case of twitter-text that is not left out for a reason gives what it expects."""
    wrong = []
    for case in _load(shared, file)[group]:
        answer, expected = _verdict(file, group, case)
        if answer != expected and (file, group, case["description"]) not in LEFT_OUT:
            wrong.append((case["description"], answer, expected))
    assert wrong == []


@pytest.mark.parametrize("file", ["validate", "extract", "tlds"])
def test_every_group_is_answered_or_left_out(shared: Path, file: str) -> None:
    """A group of cases is either run or named with the reason why not."""
    left_out = {group for name, group, case in LEFT_OUT if name == file and case is None}
    answered = {group for name, group in ANSWERS if name == file}
    assert set(_load(shared, file)) == answered ^ left_out


@pytest.mark.parametrize(
    ("file", "group", "description"), [key for key in LEFT_OUT if key[2] is not None]
)
def test_left_out_cases_do_not_hold(shared: Path, file: str, group: str, description: str) -> None:
    """A case is left out only if it exists and its expectation does not hold here."""
    cases = [case for case in _load(shared, file)[group] if case["description"] == description]
    verdicts = [_verdict(file, group, case) for case in cases]
    assert [answer != expected for answer, expected in verdicts] == [True]
