"""A PostgreSQL server that lets one connect and says nothing."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from threadbot.delivery import postgres
from threadbot.delivery.ledger import open_ledger
from threadbot.errors import LedgerAwayError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def address() -> Iterator[str]:
    """Give the address of a server that answers nobody."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield f"postgresql://me:hunter2@127.0.0.1:{silent.getsockname()[1]}/db"


def test_a_server_that_says_nothing(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that hangs, or is behind a firewall, is told like one that is not there."""
    monkeypatch.setattr(postgres, "CONNECT_TIMEOUT", 2)
    with pytest.raises(LedgerAwayError, match="does not answer; start it, or") as caught:
        open_ledger(address)
    assert caught.value.exit_code == 4
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)
