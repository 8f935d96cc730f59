"""Writes the diagrams of docs/delivery.md: `python tests/delivery/delivery_page.py`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from threadbot.delivery.answers import (
    CERTAIN_WAITS,
    FIRST_WAITS,
    LOOK_WAITS,
    MAX_LOOKS,
    MAX_TRIES,
    MOST_TRIES,
    RETRY_WAITS,
)
from threadbot.delivery.drive import EXIT_CODES, PATIENCE
from threadbot.delivery.model import RELEASING, STEP_TRANSITIONS, THREAD_TRANSITIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

State = TypeVar("State", bound=str)

PAGE = Path(__file__).parents[2] / "docs" / "delivery.md"


def diagram(table: Mapping[State, frozenset[State]]) -> str:
    """Draw a table of states, in the form that forges show as a picture."""
    order = list(table)
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {order[0]}"]
    for before, after in table.items():
        lines += [f"    {before} --> {state}" for state in sorted(after, key=order.index)]
        lines += [] if after else [f"    {before} --> [*]"]
    return "\n".join([*lines, "```"])


def numbers() -> str:
    """List the numbers that the decision is made with."""
    releasing = ", ".join(state for state in THREAD_TRANSITIONS if state in RELEASING)
    shortest, longest = FIRST_WAITS
    rows = {
        "Sends of one step, if a try may have done more, before a person has to act": MAX_TRIES,
        "Sends of one step once a part is out, if every try was certainly in vain": MOST_TRIES,
        "Seconds between them, if the network names no time": (
            f"{_listed(RETRY_WAITS)}, then {CERTAIN_WAITS[-1]}"
        ),
        "Wait before a thread of which nothing is out is tried once more, if it names no time": (
            "as long as it was tried, from "
            f"{shortest.seconds} second to {longest.seconds // 60} minutes"
        ),
        "Looks for one step before a person has to act": MAX_LOOKS,
        "Seconds before each look": _listed(LOOK_WAITS),
        "Longest wait that a command sits through": f"{PATIENCE.seconds // 60} minutes",
        "States that free the article for another thread": releasing,
        "Exit codes": ", ".join(f"{kind} {code}" for kind, code in EXIT_CODES.items()),
    }
    table = [f"| {what} | {value} |" for what, value in rows.items()]
    return "\n".join(["| what | value |", "| --- | --- |", *table])


def _listed(waits: Iterable[int]) -> str:
    return ", ".join(map(str, waits))


def page(text: str) -> str:
    """Put the diagrams and numbers, as they are now, between the page's marks."""
    parts = {
        "states of a thread": diagram(THREAD_TRANSITIONS),
        "states of a step": diagram(STEP_TRANSITIONS),
        "numbers": numbers(),
    }
    for name, part in parts.items():
        head, mark, rest = text.partition(f"<!-- {name} -->\n")
        _, end, tail = rest.partition("<!-- end -->")
        if not (mark and end):
            message = f"docs/delivery.md must have the mark '{name}', and an end to it"
            raise ValueError(message)
        text = f"{head}{mark}{part}\n{end}{tail}"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
