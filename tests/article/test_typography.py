"""French no-break spaces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadbot.article import load
from threadbot.article.typography import fix_french


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Et Lyon ?", "Et Lyon~?"),
        ("Enfin ! Déjà ; voilà : oui", "Enfin~! Déjà~; voilà~: oui"),
        ("« Oui »", "«~Oui~»"),
        ("«\u202fOui\u202f»\u202f!", "«~Oui~»~!"),
        ("« Oui » !", "«~Oui~»~!"),
        ("à 10:30, https://example.com/?a=1;b", "à 10:30, https://example.com/?a=1;b"),
        ('la " fuite " de 5\u202f000 €', 'la " fuite " de 5\u202f000 €'),
        ("déjà\u00a0: bien", "déjà~: bien"),
        ("Lyon? Non!", "Lyon? Non!"),
    ],
)
def test_spaces_are_made_unbreakable(text: str, expected: str) -> None:
    """Only a plain or narrow space beside the signs named is replaced."""
    assert fix_french(text) == expected.replace("~", "\u00a0")


@given(st.text(alphabet="ab \u202f\u00a0:;?!»«"))
def test_mending_replaces_and_moves_nothing(text: str) -> None:
    """The text keeps its length and all but its spaces, and mending twice is mending once."""
    fixed = fix_french(text)
    assert len(fixed) == len(text)
    assert all(
        a == b or (a in " \u202f" and b == "\u00a0") for a, b in zip(text, fixed, strict=True)
    )
    assert fix_french(fixed) == fixed


_MARKDOWN = """---
title: Un titre ?
description: Le mot !
question: Et vous ?
---
## Une section ?

Un [mot ?](https://example.com) de plus !

- a ?
  - b ?

> q ?

![alt ?](a.jpg)

```
code ?
```

| t ? |
|-----|
"""


@pytest.mark.parametrize(
    ("mode", "language", "mended"),
    [
        ("auto", "fr", True),
        ("auto", "en", False),
        ("fix", "en", True),
        ("keep", "fr", False),
    ],
)
def test_typography_reaches_every_text(mode: str, language: str, mended: bool) -> None:  # noqa: FBT001 (a case)
    """All words of an article are mended or none, listings and tables apart."""
    article = load(
        _MARKDOWN,
        name="a.md",
        known={"language": language},
        typography=mode,  # type: ignore[arg-type]  # a case
    )
    assert repr(article).count("\\xa0") == (10 if mended else 0)
