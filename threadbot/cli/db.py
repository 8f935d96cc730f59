"""`threadbot db`: the ledger's database.

Owns the words; `delivery` does the work.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from threadbot.cli.composing import read_config
from threadbot.cli.output import write
from threadbot.cli.reports import config_option

if TYPE_CHECKING:
    from pathlib import Path


@click.group
def db() -> None:
    """Look after the ledger's database."""


@db.command
@config_option
def upgrade(*, config_path: Path | None) -> None:
    """Bring the ledger up to date after threadbot was upgraded.

    A ledger in a file is brought up to date by whatever opens it. On a server others may be using
    it: stop every worker first.
    """
    from threadbot.app import ledger_place  # noqa: PLC0415 - brings the database along
    from threadbot.delivery.database import open_database  # noqa: PLC0415 - with it
    from threadbot.delivery.versions import NEWEST  # noqa: PLC0415 - with it

    place = ledger_place(read_config(config_path))
    with closing(open_database(place, "never")) as database, database.alone():
        version = database.version
    if version == NEWEST:
        write(f"{database.name} is up to date (version {NEWEST}).\n")
        return
    with closing(open_database(place, "always")):
        write(f"{database.name} was brought from version {version or 'none'} to {NEWEST}.\n")
