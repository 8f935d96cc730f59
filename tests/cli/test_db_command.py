"""`threadbot db`: what a person does with the ledger's database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from command_line import threadbot
from places import Store, new_place
from sqlalchemy import create_engine

from threadbot.delivery.ledger import open_ledger
from threadbot.delivery.versions import NEWEST

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_a_ledger_that_is_up_to_date_is_left_alone(tmp_path: Path, store: Store) -> None:
    """Nothing is done, and that is said."""
    place = new_place(store, tmp_path)
    open_ledger(place).close()
    configure(tmp_path, store, place)
    done = threadbot(tmp_path, "db", "upgrade")
    assert done.returncode == 0, done.stderr
    assert f"is up to date (version {NEWEST})".encode() in done.stdout


def test_an_older_ledger_on_a_server_is_brought_up_to_date(tmp_path: Path) -> None:
    """Whatever opens it says what to run, and that does it."""
    place = new_place("postgresql", tmp_path)
    open_ledger(place).close()
    server = create_engine(place)
    with server.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE threads DROP COLUMN beginnings")
        for table in ("entry_threads", "entry_keys", "entries", "subscriptions", "sources"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0004'")
    server.dispose()
    configure(tmp_path, "postgresql", place)
    refused = threadbot(tmp_path, "history")
    assert refused.returncode != 0
    assert b"`threadbot db upgrade`" in refused.stderr
    done = threadbot(tmp_path, "db", "upgrade")
    assert done.returncode == 0, done.stderr
    assert f"from version 0004 to {NEWEST}".encode() in done.stdout
    assert threadbot(tmp_path, "history").returncode == 0


def configure(folder: Path, store: Store, place: str) -> None:
    """Write the configuration; the test's server asks for no password."""
    key = "path" if store == "sqlite" else "url"
    address = place.replace(":@", "@")
    (folder / "config.toml").write_text(f'[ledger]\n{key} = "{address}"\n', "utf-8")
