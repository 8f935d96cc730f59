"""From the schema's values of `[[source]]`, which are right, to sources.

Owns how each becomes the frozen value that `triggers` takes; never refuses anything.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from threadbot.config.source_rules import read_age, read_interval
from threadbot.triggers.decisions import Rules
from threadbot.triggers.polling import Pace
from threadbot.triggers.settings import Source
from threadbot.triggers.wanted import Filter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from threadbot.config.source_schema import SourceTable


def build_sources(
    tables: Iterable[SourceTable],
    base: Path,
    from_home: Callable[[str], Path | str],
    asking: frozenset[str],
) -> tuple[Source, ...]:
    """Build the sources.

    Args:
        tables: as the file has them.
        base: what relative folders are relative to.
        from_home: reads a path that may begin with `~`.
        asking: the names of the accounts whose threads a person approves, whatever a source says.
    """
    return tuple(replace(_source(table, base, from_home), asking=asking) for table in tables)


def _source(table: SourceTable, base: Path, from_home: Callable[[str], Path | str]) -> Source:
    return Source(
        name=table.name,
        kind=table.kind,
        url=table.url,
        path=None if table.path is None else (base / from_home(table.path)).absolute(),
        sender=table.sender or "standard",
        secret=table.secret,
        accounts=tuple(dict.fromkeys(table.accounts)),
        style=table.style,
        approval=table.approval,
        timing=table.schedule,
        sandbox=table.sandbox,
        rules=_rules(table),
        link_parameters=table.link_parameters or "",
        pace=_pace(table),
    )


def _rules(table: SourceTable) -> Rules:
    wanted = Filter(
        categories=tuple(table.categories),
        not_categories=tuple(table.not_categories),
        authors=tuple(table.authors),
        not_authors=tuple(table.not_authors),
        titles=tuple(table.titles),
        not_titles=tuple(table.not_titles),
        max_age=None if table.max_age is None else read_age(table.max_age),
    )
    return Rules(
        first_run=table.first_run,
        max_per_day=None if table.max_per_day == "none" else table.max_per_day,
        # Where a person approves each thread nothing comes out by itself, however much waits.
        max_backlog=(
            None
            if table.max_backlog == "none" or table.approval == "required"
            else table.max_backlog
        ),
        wanted=wanted,
    )


def _pace(table: SourceTable) -> Pace:
    usual = Pace()
    shortest, longest = read_interval(table.min_interval), read_interval(table.max_interval)
    return Pace(
        shortest=shortest,
        usual=min(longest, max(shortest, usual.usual)),
        longest=longest,
        patience=max(usual.patience, longest),
    )
