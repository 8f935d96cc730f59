"""Accounts that a worker cannot use now: their threads are left to others, or tried again."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from postgres import new_database
from samples import ARTICLE, START, Clock, Run, sandbox, thread
from two_networks import TwoNetworks

from threadbot.config import load_config
from threadbot.delivery.drive import drive
from threadbot.delivery.rest import DONE
from threadbot.networks.port import RetryAt
from threadbot.networks.sandbox import Script
from threadbot.worker.carrying import Carrying
from threadbot.worker.unready import ELSEWHERE, SECRET_WAITS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pds.server import Pds
    from x_simulator.simulator import XSimulator

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger

MINUTE = timedelta(minutes=1)
KEYS = ("api_key", "api_key_secret", "access_token", "access_token_secret")


@pytest.fixture
def desk(tmp_path: Path, x_now: XSimulator, pds: Pds) -> Iterator[TwoNetworks]:
    """Give a folder that is ready for workers, whose ledger is on a server."""
    made = TwoNetworks(tmp_path, new_database(), x=x_now, pds=pds)
    yield made
    made.close()


def configured(folder: Path, text: str = "") -> Config:
    """Give a configuration."""
    (folder / "config.toml").write_text(text, "utf-8")
    return load_config(folder / "config.toml", {}, folder)


def approved(ledger: Ledger) -> str:
    """Approve a thread, and give its name."""
    number = ledger.record_article(replace(ARTICLE, title="Le tram"), None, START)
    made = thread("x")
    return ledger.claim(made, number, sandbox=False, now=START).row.id


def test_a_worker_with_an_older_configuration_leaves_threads_to_others(desk: TwoNetworks) -> None:
    """A new account is brought to one machine after the other: no thread of it is held."""
    desk.configure()
    old = desk.start()
    desk.open_accounts(1)
    desk.approve_some(1)
    desk.wait_until(lambda: "is left to other workers" in desk.said(old))
    desk.start()
    # Either of them may be given it, again and again, until it is the one that knows the account.
    desk.wait_until(desk.all_published, 300)
    desk.assert_all_is_out_once()


def test_an_account_that_no_worker_knows(postgresql_ledger: Ledger, tmp_path: Path) -> None:
    """After some minutes a person has to see to it."""
    clock, name = Clock(), approved(postgresql_ledger)
    carrying = Carrying(configured(tmp_path), postgresql_ledger, sandbox=False, now=clock.now)
    while clock.moment < START + ELSEWHERE:
        assert carrying.carry(name) == DONE
        assert postgresql_ledger.outline(name).row.state == "approved"
        clock.moment += MINUTE
    assert carrying.carry(name) == DONE
    row = postgresql_ledger.outline(name).row
    assert (row.state, row.hold) == ("held", "other")
    assert row.reason is not None
    assert "the account 'enpause' is not in the configuration any more" in row.reason


def test_a_thread_that_another_worker_had_meanwhile(
    postgresql_ledger: Ledger, tmp_path: Path
) -> None:
    """What was met long ago says nothing: somebody else knew the account."""
    clock, name = Clock(), approved(postgresql_ledger)
    carrying = Carrying(configured(tmp_path), postgresql_ledger, sandbox=False, now=clock.now)
    for _ in range(5):
        assert carrying.carry(name) == DONE
        clock.moment += ELSEWHERE
    assert postgresql_ledger.outline(name).row.state == "approved"


def test_a_machine_without_the_secrets_leaves_threads_to_others(
    postgresql_ledger: Ledger, tmp_path: Path
) -> None:
    """The account was brought to it, and its keys were not, or its password manager is locked."""
    keys = "\n".join(f'{key} = "{key.replace("_", "-")}"' for key in KEYS)
    missing = f'[accounts.enpause]\nnetwork = "x"\nhandle = "x"\n{keys}\n'
    for text in (missing, secret_from('["false"]')):
        clock, name = Clock(), approved(postgresql_ledger)
        config = configured(tmp_path, text)
        carrying = Carrying(config, postgresql_ledger, sandbox=False, now=clock.now)
        for _ in range(3):
            assert carrying.carry(name) == DONE
            assert postgresql_ledger.outline(name).row.state == "approved"
            clock.moment += MINUTE


def test_a_thread_that_is_half_out_keeps_its_turn(
    postgresql_ledger: Ledger, tmp_path: Path
) -> None:
    """No other thread of its account gets between its posts while a secret is asked for again."""
    clock, name = Clock(), approved(postgresql_ledger)
    soon = RetryAt(START + MINUTE, "Busy.")
    run = Run(postgresql_ledger, sandbox(tmp_path, "x", Script(send=[None, soon])), clock)
    drive(postgresql_ledger, name, replace(run.outside, patience=timedelta(0)))
    clock.moment = START + 2 * MINUTE
    config = configured(tmp_path, secret_from('["false"]'))
    carrying = Carrying(config, postgresql_ledger, sandbox=False, now=clock.now)
    for wait in SECRET_WAITS:
        assert carrying.carry(name).until == clock.moment + wait
        clock.moment += wait
    assert postgresql_ledger.outline(name).row.state == "sending"


def test_an_unknown_account_where_there_is_one_worker(ledger: Ledger, tmp_path: Path) -> None:
    """Nobody else could know it: that is said at once."""
    name = approved(ledger)
    assert Carrying(configured(tmp_path), ledger, sandbox=False).carry(name) == DONE
    assert ledger.outline(name).row.state == "held"


def secret_from(command: str) -> str:
    """Give the configuration of an account whose secrets a command prints."""
    lines = [f"[secrets.{key.replace('_', '-')}]\ncommand = {command}" for key in KEYS]
    lines += ['[accounts.enpause]\nnetwork = "x"\nhandle = "x"\napi = "http://127.0.0.1:9"']
    lines += [f'{key} = "{key.replace("_", "-")}"' for key in KEYS]
    return "\n".join(lines)


def test_a_secret_whose_command_fails_is_asked_for_again(ledger: Ledger, tmp_path: Path) -> None:
    """A password manager may be locked for a moment: the thread waits, and is held in the end."""
    clock, name = Clock(), approved(ledger)
    config = configured(tmp_path, secret_from('["false"]'))
    carrying = Carrying(config, ledger, sandbox=False, now=clock.now)
    for wait in SECRET_WAITS:
        rest = carrying.carry(name)
        assert rest.until == clock.moment + wait
        assert ledger.outline(name).row.state == "approved"
        clock.moment = rest.until
    assert carrying.carry(name) == DONE
    row = ledger.outline(name).row
    assert row.state == "held"
    assert row.reason is not None
    assert "'false', failed with exit code 1; run it by hand to see why" in row.reason


def test_a_secret_whose_command_works_again(ledger: Ledger, tmp_path: Path) -> None:
    """The thread goes on where its network is asked; the next trouble is the first again."""
    clock, name = Clock(), approved(ledger)
    key = tmp_path / "key"
    command = f'["{sys.executable}", "-c", "print(open({str(key)!r}).read())"]'
    config = configured(tmp_path, secret_from(command))
    carrying = Carrying(config, ledger, sandbox=False, now=clock.now)
    assert carrying.carry(name).until == clock.moment + SECRET_WAITS[0]
    key.write_text("key", "ascii")
    clock.moment += SECRET_WAITS[0]
    assert "X cannot be reached" in carrying.carry(name).reason
    key.unlink()
    clock.moment += MINUTE
    assert carrying.carry(name).until == clock.moment + SECRET_WAITS[0]
