"""The manual of the configuration says what the schema says."""

from __future__ import annotations

import doctest
import re

import pytest
from config_reference import MANUAL, manual_with_reference

from threadbot.config import environment, findings, schedule_rules
from threadbot.config.environment import variable_name, variables_of


def test_the_tables_of_keys_are_up_to_date() -> None:
    """docs/configuration.md holds what tests/config/config_reference.py makes."""
    manual = MANUAL.read_text("utf-8")
    assert manual == manual_with_reference(manual)
    assert "| `coverage` |" in manual


def test_the_manual_names_variables_as_they_are() -> None:
    """Each row of the table of variables pairs a key with the name that sets it."""
    rows = re.findall(r"\| `(THREADBOT_\w+)` \| `([\w.-]+)` \|", MANUAL.read_text("utf-8"))
    known = variables_of({"accounts": {"enpause-x": {}}, "style": {"default": {}}})
    assert len(rows) == 4
    for variable, key in rows:
        assert variable == variable_name(tuple(key.split(".")))
        assert variable in known


@pytest.mark.parametrize("module", [environment, findings, schedule_rules])
def test_the_examples_in_docstrings_hold(module: object) -> None:
    """Each `>>>` in the modules gives what stands below it."""
    results = doctest.testmod(module)  # type: ignore[arg-type]
    assert results.attempted > 0
    assert results.failed == 0
