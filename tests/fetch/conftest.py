"""What the tests of fetching may ask for: servers on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fetch.loopback import Answer, LoopbackServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fetch.loopback import Serve


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Give a function that starts servers, which are closed afterwards."""
    servers: list[LoopbackServer] = []

    def start(answers: Mapping[str, Answer]) -> LoopbackServer:
        servers.append(LoopbackServer(answers))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
