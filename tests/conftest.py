"""What every test may ask for: shared test data, judges that run in Node, a real Bluesky server."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from oracle.node import NodeOracle, why_not
from pds.server import Pds
from pds.server import why_not as why_no_pds
from x_simulator.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pds.server import PdsAccount
    from x_simulator.simulator import XSimulator

    from threadbot.delivery.ledger import Ledger
    from threadbot.networks.bluesky import Bluesky

PROJECT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def project() -> Path:
    """Give the project's top folder."""
    return PROJECT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of shared test data, which stands beside the project."""
    folder = PROJECT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of shared test data (../shared) is not on this machine")
    return folder


@pytest.fixture(scope="session")
def oracle() -> Iterator[NodeOracle]:
    """Give the outside judges, in a process of Node that lives as long as the tests."""
    if reason := why_not():
        pytest.skip(reason)
    judges = NodeOracle()
    yield judges
    judges.close()


@pytest.fixture(scope="session")
def pds_server() -> Iterator[Pds]:
    """Give the reference Bluesky server, in a process that lives as long as the worker's tests."""
    if reason := why_no_pds():
        pytest.skip(reason)
    server = Pds()
    yield server
    server.close()


@pytest.fixture
def pds(pds_server: Pds) -> Iterator[Pds]:
    """Give the reference Bluesky server without faults."""
    pds_server.reset()
    yield pds_server
    pds_server.reset()


@pytest.fixture
def account(pds: Pds) -> PdsAccount:
    """Give an account on the reference Bluesky server, without posts."""
    return pds.account()


@pytest.fixture
def network(pds: Pds, account: PdsAccount) -> Iterator[Bluesky]:
    """Give the adapter for that account."""
    from pds.adapter import adapter  # noqa: PLC0415 - costs a second

    made = adapter(pds, account)
    yield made
    made.close()


@pytest.fixture
def x_clock() -> Clock:
    """Give the clock of the simulated X, which stands still until the test moves it."""
    return Clock()


@pytest.fixture
def x(oracle: NodeOracle, x_clock: Clock) -> Iterator[XSimulator]:
    """Give the simulated X; complaints of its judges that the test does not take fail it."""
    from x_simulator.simulator import XSimulator  # noqa: PLC0415 - brings the judges along

    simulator = XSimulator(x_clock, oracle)
    yield simulator
    simulator.close()
    simulator.assert_no_complaints()


@pytest.fixture
def x_now(oracle: NodeOracle) -> Iterator[XSimulator]:
    """Give the simulated X, whose clock is the wall's as the workers' is."""
    from x_simulator.simulator import XSimulator  # noqa: PLC0415 - brings the judges along

    simulator = XSimulator(lambda: datetime.now(UTC), oracle)
    yield simulator
    simulator.close()
    simulator.assert_no_complaints()


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of an empty ledger, made once: the migrations take a moment."""
    from threadbot.delivery.ledger import open_ledger  # noqa: PLC0415 - brings a database along

    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    open_ledger(path).close()
    return path


#: What the coverage is reported of has its tests here; following all others slows them for nothing.
COVERING = ("article", "thread")
#: Tests that mostly wait, for processes and their deaths. They begin, so that others use the time.
WAITING = ("worker", "test_engine_kills.py", "test_x_random_faults.py", "test_package.py")


#: A file system in memory, and the bytes that must be free there.
MEMORY = Path("/dev/shm")  # noqa: S108 - it is the system's
ROOM = 4_000_000_000


def pytest_configure() -> None:
    """Keep files in memory where there is room: no test is about how long a disk takes to sync."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return
    about = os.statvfs(MEMORY)
    # Some tests make programs and run them.
    if not about.f_flag & os.ST_NOEXEC and about.f_bavail * about.f_frsize >= ROOM:
        os.environ["TMPDIR"], tempfile.tempdir = str(MEMORY), None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count coverage where it is reported, and let what takes longest begin."""
    for item in items:
        if item.path.relative_to(PROJECT / "tests").parts[0] not in COVERING:
            item.add_marker(pytest.mark.no_cover)
    items.sort(key=lambda item: not any(part in WAITING for part in item.path.parts))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of a module that names kinds of ledgers with each of them."""
    kinds = getattr(metafunc.module, "LEDGERS", ())
    if kinds and "ledger" in metafunc.fixturenames:
        metafunc.parametrize("ledger", kinds, indirect=True)


@pytest.fixture
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """Give an empty ledger: in a file, or of the kind that the module names."""
    kind = getattr(request, "param", "sqlite")
    given: Ledger = request.getfixturevalue(f"{kind}_ledger")
    return given


@pytest.fixture
def sqlite_ledger(tmp_path: Path, empty_ledger: Path) -> Iterator[Ledger]:
    """Give an empty ledger in a file, in a folder of its own."""
    from threadbot.delivery.ledger import open_ledger  # noqa: PLC0415 - brings a database along

    path = tmp_path / "state" / "ledger.sqlite"
    path.parent.mkdir(mode=0o700)
    shutil.copy(empty_ledger, path)
    with open_ledger(path) as opened:
        yield opened


@pytest.fixture
def postgresql_ledger() -> Iterator[Ledger]:
    """Give an empty ledger on a PostgreSQL server."""
    from places import empty_server_ledger  # noqa: PLC0415 - starts a server

    from threadbot.delivery.ledger import open_ledger  # noqa: PLC0415 - brings a database along

    with open_ledger(empty_server_ledger()) as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    """Give the time."""
    return datetime.now(UTC)
