"""The positions of keys and values in TOML: each must be where `tomllib` reads the value."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadbot.config.positions import Entry, KeyPath, locate

PROJECT = Path(__file__).parents[2]

DOCUMENTS = {
    "plain pairs": 'a = 1\nb = "two"  # a comment\n\nc = true\n',
    "dotted keys": 'a.b.c = 1\na . b . "d e" = 2\n"x.y".z = 3\n',
    "tables": "[a]\nb = 1\n[ c . 'd' ]\ne = 2\n[c]\nf = 3\n",
    "quoted keys": '"a\\"b" = 1\n\'c"d\' = 2\n"\\u00e9" = 3\n"" = 4\n[ "[x]" . "#" ]\ny = 5\n',
    "inline tables": 'a = { b = 1, c = { d = "}", e = [1, 2] }, f.g = 2 }\nh = {}\n',
    "arrays over lines": 'a = [ # one\n  1,\n  [2, "]"], # two\n\n  { b = 3 },\n]\nc = []\nd = 4\n',
    "arrays of tables": (
        "[[s]]\na = 1\n[s.t]\nb = 2\n[[s.u]]\nc = 3\n[[s.u]]\nc = 4\n"
        "[[s]]\na = 5\n[s.t]\nb = 6\n[[s.u]]\nc = 7\n[v]\nw = 8\n"
    ),
    "strings over lines": 'a = """\nb = 1\n[c]\n"""\nd = \'\'\'\ne = "2\n\'\'\'\nf = 3\n',
    "quotation marks at the end of strings": (
        'a = """b"""""\nc = \'\'\'d\'\'\'\'\'\ne = ""\nf = \'\'\ng = """"""\nh = "\\\\"\ni = 1\n'
    ),
    "escaped quotation marks": 'a = "b\\"c # d"\ne = """f\\""" g"""\nh = 1\n',
    "dates with a space": "a = 1979-05-27 07:32:00\nb = [1979-05-27 07:32:00, 07:32:00] # c\nd=1\n",
    "numbers": "a = 0x1F\nb = 1_000\nc = -inf\nd = 6.626e-34\ne = +1\n",
    "no line feed at the end": "[a]\nb = 'c'",
    "several scripts": '# عربى\n"日本" = "🧵🧵" # 🧵\n"é" = 1\n',
    "nothing but comments": "# a = 1\n\n   # [b]\n",
    "nothing": "",
    "the example": (PROJECT / "config.example.toml").read_text("utf-8"),
    "the project's own file": (PROJECT / "pyproject.toml").read_text("utf-8"),
}


def paths_of(value: Any, path: KeyPath = ()) -> dict[KeyPath, Any]:
    """Give every value in a document by its path."""
    if isinstance(value, dict):
        parts: list[tuple[str | int, Any]] = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    else:
        return {path: value}
    below = {
        key: item for name, part in parts for key, item in paths_of(part, (*path, name)).items()
    }
    return {path: value} | below


def check(document: str) -> None:
    """Assert that every value is located, and that what stands there is that value."""
    values = paths_of(tomllib.loads(document))
    del values[()]
    entries = locate(document)
    assert set(entries) == set(values)
    for path, entry in entries.items():
        if entry.value is not None:
            words = document[entry.value.start : entry.value.end]
            assert tomllib.loads(f"v = {words}")["v"] == values[path], path
        if entry.key is not None:
            words = document[entry.key.start : entry.key.end]
            name = path[-1] if isinstance(path[-1], str) else path[-2]
            assert name in _names(tomllib.loads(f"{words} = 1")), path
        assert entry != Entry()


def _names(tables: Any) -> list[str]:
    return [name for path in paths_of(tables) for name in map(str, path)]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_key_and_value_is_found_where_it_stands(name: str) -> None:
    """What stands at a located place is, read by `tomllib`, the value of that path."""
    check(DOCUMENTS[name])


def test_a_leaf_has_a_place_for_its_value_and_a_table_for_its_header() -> None:
    """A pair has both places; a header has no value; a list item has no key."""
    entries = locate("[a]\nb = [1]\n")
    assert entries["a",].value is None
    assert entries["a",].key is not None
    assert entries["a", "b"].key is not None
    assert entries["a", "b"].value is not None
    assert entries["a", "b", 0].key is None


KEYS = st.one_of(
    st.sampled_from(["a", "b", "c-d", "1"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=4).map(
        lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    ),
)
SCALARS = st.sampled_from(
    ["1", "-2.5", "true", '"x"', "'#'", '"]\\""', "'''\n}'''", '"""\n\\"[a]\n"""', "2026-08-22"]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[ # [\n{', '.join(items)}\n]"),
        st.lists(st.tuples(KEYS, inner), max_size=2).map(
            lambda pairs: "{ " + ", ".join(f"{key} = {value}" for key, value in pairs) + " }"
        ),
    ),
    max_leaves=5,
)
DOTTED = st.lists(KEYS, min_size=1, max_size=3).map(" . ".join)
LINES = st.one_of(
    st.builds("{} = {}".format, DOTTED, VALUES),
    DOTTED.map("[{}]".format),
    DOTTED.map("[[ {} ]] # c".format),
)


@given(st.lists(LINES, max_size=8))
def test_any_valid_document_is_located_whole(lines: list[str]) -> None:
    """Whatever `tomllib` accepts is followed to its end, and each value stands in its place."""
    document = ""
    for line in lines:
        longer = f"{document}{line}\n"
        try:
            tomllib.loads(longer)
        except tomllib.TOMLDecodeError:
            continue
        document = longer
    check(document)


@pytest.mark.parametrize(
    "text", ["= 1", "a", "[a", 'a = "', "a = {", "a = [1", "a = " + "[" * 9999]
)
def test_text_that_is_no_toml_ends_the_search(text: str) -> None:
    """A document that cannot be followed gives the places so far, and never an error."""
    assert set(locate(text)) <= {("a",), ("a", 0)}
