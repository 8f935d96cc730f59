"""The JSON object: every key, on every network, as docs/json.md says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from json_page import EXAMPLE, PAGE, example
from preview_examples import ARTICLE, BLUESKY_THREAD, X_THREAD

from threadbot.article.model import Article
from threadbot.preview.document import json_bytes


@pytest.fixture
def given() -> Any:
    """The object, after a way through its bytes."""
    return json.loads(json_bytes(ARTICLE, (X_THREAD, BLUESKY_THREAD)))


def test_the_example_in_the_documentation_is_the_real_output(given: Any) -> None:
    """docs/json.md shows the very object that this article and these threads give."""
    shown = EXAMPLE.search(PAGE.read_text("utf-8"))
    assert shown
    assert shown[0] == example()
    assert json.loads(shown[0]) == given


def test_every_key_is_described(given: Any) -> None:
    """Each key of the object has its line in one of the tables of docs/json.md."""
    described = set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE))
    assert described == set(keys(given))


def keys(value: Any) -> list[str]:
    """Give every key at any depth."""
    if isinstance(value, dict):
        return [*value, *(key for inner in value.values() for key in keys(inner))]
    if isinstance(value, list):
        return [key for inner in value for key in keys(inner)]
    return []


def test_networks_have_the_same_keys(given: Any) -> None:
    """A program that reads X's thread reads Bluesky's too."""
    x, bluesky = given["threads"]
    assert list(x) == list(bluesky)
    assert {tuple(post) for post in x["posts"]} == {tuple(post) for post in bluesky["posts"]}


def test_facets_are_ranges_of_bytes(given: Any) -> None:
    """On Bluesky a facet's bytes hold its words; on X there are none."""
    x, bluesky = given["threads"]
    closing = bluesky["posts"][-1]
    words = [
        (
            closing["text"].encode()[facet["byteStart"] : facet["byteEnd"]].decode(),
            facet["type"],
            facet["value"],
        )
        for facet in closing["facets"]
    ]
    assert words == [
        ("Lire l'article complet", "link", "https://enpause.example.com/tramway"),
        ("@enpause.example.com", "mention", "enpause.example.com"),
        ("#Brest", "tag", "Brest"),
    ]
    assert all(post["facets"] == [] for post in x["posts"])


def test_the_price_is_a_number_on_x_and_null_elsewhere(given: Any) -> None:
    """Programs can add prices up."""
    x, bluesky = given["threads"]
    assert x["price_usd"] == pytest.approx(0.23)
    assert bluesky["price_usd"] is None


def test_an_article_with_nothing_but_a_title_has_every_key(given: Any) -> None:
    """What is not known is null or empty, never absent."""
    bare = json.loads(json_bytes(Article(title="Brest"), (X_THREAD,)))
    assert list(bare["article"]) == list(given["article"])
    assert bare["article"]["published"] is None
    assert bare["article"]["blocks"] == []


def test_letters_stand_as_themselves() -> None:
    """The bytes are UTF-8 with letters unescaped, and end in one line feed."""
    data = json_bytes(ARTICLE, (X_THREAD,))
    assert "d’ici 2030".encode() in data
    assert data.endswith(b"}\n")


def test_a_lone_surrogate_does_not_break_the_output() -> None:
    """A half character, which UTF-8 cannot hold, is escaped."""
    data = json_bytes(replace(ARTICLE, author="\ud800"), (X_THREAD,))
    assert json.loads(data.decode("utf-8"))["article"]["author"] == "\ud800"
