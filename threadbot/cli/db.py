"""`threadbot db`: the ledger's database itself, looked after.

Owns the words; `delivery` does the work. What stands in the ledger is shown by other commands.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threadbot.cli.composing import read_config
from threadbot.cli.output import write
from threadbot.cli.reports import ReportFormat, config_option, format_option, write_report
from threadbot.cli.times import present
from threadbot.errors import InputError

if TYPE_CHECKING:
    from sqlalchemy import URL

    from threadbot.delivery.checking import Condition

SOMETHING_AMISS = 1

sessions_option = click.option(
    "--with-sessions",
    is_flag=True,
    help="With the accounts' sign-ins and the hubs' secrets; without, accounts sign in anew.",
)


@click.group
def db() -> None:
    """Look after the ledger's database."""


@db.command
@config_option
def upgrade(*, config_path: Path | None) -> None:
    """Bring the ledger up to date after an upgrade of threadbot.

    A file is brought up to date by every command; a PostgreSQL database only by this one, as others
    may be using it: stop every worker first.
    """
    from threadbot.app import ledger_place  # noqa: PLC0415 - brings the database along
    from threadbot.delivery.database import open_database  # noqa: PLC0415 - with it
    from threadbot.delivery.versions import NEWEST  # noqa: PLC0415 - with it

    place = ledger_place(read_config(config_path))
    with closing(open_database(place, "never")) as database:
        before = database.version
        if before == NEWEST:
            write(f"{database.name}: the ledger is up to date (version {NEWEST}).\n")
            return
        with database.alone():
            database.upgrade()
        was = "new" if before is None else f"of version {before}"
        write(f"{database.name}: the ledger was {was}, and is of version {NEWEST} now.\n")


@db.command
@config_option
@format_option
def check(*, config_path: Path | None, output_format: ReportFormat) -> int:
    """Read everything in the ledger, and say what is amiss.

    The file itself, the ties between rows, and the words of every thread are checked. The exit code
    is 1 where something is amiss. Nothing is changed.
    """
    from threadbot.app import ledger_place  # noqa: PLC0415 - brings the database along
    from threadbot.delivery.checking import check as check_database  # noqa: PLC0415 - with it
    from threadbot.delivery.database import open_database  # noqa: PLC0415 - with it

    place = ledger_place(read_config(config_path))
    _check_there(place)
    with closing(open_database(place, "never")) as database:
        name, found = database.name, check_database(database)
    if output_format == "json":
        write_report("ledgers", [_object(name, found)])
    else:
        write("".join(f"amiss  {problem}\n" for problem in found.problems))
        amiss = len(found.problems) or "nothing"
        write(f"{name}: version {found.version}, threads {found.threads}, amiss: {amiss}\n")
    return SOMETHING_AMISS if found.problems else 0


@db.command
@click.option("--dry-run", is_flag=True, help="Only say what would be forgotten.")
@config_option
@format_option
def prune(*, dry_run: bool, config_path: Path | None, output_format: ReportFormat) -> None:
    """Forget the words of threads that were done with long ago.

    How long they are kept, 'keep' in [ledger] says. A worker does this by itself once an hour. That
    an article was published, and where, is never forgotten (docs/database.md).
    """
    from threadbot.app import ledger, ledger_place  # noqa: PLC0415 - brings the database
    from threadbot.delivery import pruning  # noqa: PLC0415 - with it

    config = read_config(config_path)
    _check_there(ledger_place(config))
    with ledger(config) as opened:
        database, before = opened.database, present() - config.keep
        forgotten = (pruning.prunable if dry_run else pruning.prune)(database, before)
        name = database.name
    if output_format == "json":
        write_report("ledgers", [{"ledger": name, "dry_run": dry_run, **asdict(forgotten)}])
    else:
        would = "; nothing was changed" if dry_run else ""
        write(f"{name}: {forgotten.in_words}{would}\n")


@db.command
@click.argument("file", type=click.Path(path_type=Path))
@sessions_option
@config_option
def backup(*, file: Path, with_sessions: bool, config_path: Path | None) -> None:
    """Write a copy of the ledger to FILE, while others go on.

    FILE is a ledger in a file, whatever the ledger is kept in, and only you may read it.
    """
    from threadbot.app import ledger, ledger_place  # noqa: PLC0415 - brings the database
    from threadbot.delivery.backup import back_up  # noqa: PLC0415 - with it

    config = read_config(config_path)
    _check_there(ledger_place(config))
    with ledger(config) as opened:
        back_up(opened.database, file, with_sessions=with_sessions)
    without = "" if with_sessions else " It holds no sign-ins."
    write(f"The ledger was copied to {file}.{without}\n")


@db.command
@click.option("--to", "target", metavar="PLACE", required=True, help="A file, or an address.")
@sessions_option
@config_option
def copy(*, target: str, with_sessions: bool, config_path: Path | None) -> None:
    """Move the ledger, with every thread that waits, to an empty database or a new file.

    PLACE is like 'path' or 'url' in [ledger]. An address is without its password: PGPASSWORD or
    ~/.pgpass gives it. The ledger that is left behind posts no more: let [ledger] name the new one.
    Nobody may be posting meanwhile.
    """
    from threadbot.app import ledger, ledger_place  # noqa: PLC0415 - brings the database
    from threadbot.delivery.copying import move  # noqa: PLC0415 - with it
    from threadbot.delivery.ledger import open_ledger  # noqa: PLC0415 - with it

    config = read_config(config_path)
    _check_there(ledger_place(config))
    with ledger(config) as old, open_ledger(_target(target)) as new:
        count = move(old.database, new.database, with_sessions=with_sessions)
        threads = "1 thread" if count == 1 else f"{count} threads"
        write(f"{threads} moved to {new.database.name}.\nLet [ledger] name that place now.\n")


def _check_there(place: Path | URL) -> None:
    """Keep a command from making the very ledger that it was to look after."""
    if isinstance(place, Path) and not place.exists():
        message = f"{place}: there is no ledger yet"
        raise InputError(message)


def _target(target: str) -> Path | URL:
    from threadbot.delivery.database import place_of  # noqa: PLC0415 - brings the database

    place = place_of(target)
    if not isinstance(place, Path) and place.password is not None:
        message = "others on this machine see what is typed: give the password in PGPASSWORD"
        raise InputError(message)
    return place


def _object(name: str, found: Condition) -> dict[str, object]:
    return {
        "ledger": name,
        "version": found.version,
        "newest": found.newest,
        "threads": found.threads,
        "problems": list(found.problems),
    }
