"""Laws of reading and composing under hypothesis, at length: `make fuzz FUZZ_SECONDS=600`."""

from __future__ import annotations

import os
import time

import pytest
from fuzz_pieces import PIECES
from fuzz_targets import LONGEST, TARGETS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SECONDS = float(os.environ.get("FUZZ_SECONDS", "600"))

_texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=80).map("".join)
_repeated = st.tuples(_texts, st.integers(1, 30)).map(lambda pair: pair[0] * pair[1])
_sources = st.one_of(
    st.binary(max_size=400),
    _texts.map(lambda text: text.encode("utf-8", "surrogatepass")),
    _repeated.map(lambda text: text.encode("utf-8", "surrogatepass")),
    _texts.map(lambda text: text.encode("utf-16", "surrogatepass")),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=80)
    .map("".join)
    .map(lambda text: f"# Titre\n\n{text}".encode("utf-8", "surrogatepass")),
)
_choices = st.binary(min_size=3, max_size=3)


@pytest.mark.fuzz
@pytest.mark.parametrize("target", TARGETS)
def test_nothing_but_an_input_error_leaves(target: str) -> None:
    """Whatever the bytes are, what comes out is an article, a valid thread or an `InputError`."""

    @settings(
        deadline=None,
        max_examples=200,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(_choices, _sources)
    def law(choices: bytes, source: bytes) -> None:
        TARGETS[target](choices + source[:LONGEST])

    end = time.monotonic() + SECONDS
    rounds = 0
    while time.monotonic() < end:
        law()
        rounds += 1
    print(f"{target}: {rounds} rounds of 200 examples without a finding")  # noqa: T201
