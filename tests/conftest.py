"""What every test may ask for: the shared test data, and the outside judges that run in Node."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from oracle.node import NodeOracle, why_not

if TYPE_CHECKING:
    from collections.abc import Iterator

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
