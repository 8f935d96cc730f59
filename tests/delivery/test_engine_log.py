"""The lines of the engine's library in our log."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from threadbot.delivery.engine_log import LIBRARY, Worth, tame

if TYPE_CHECKING:
    from collections.abc import Iterator

AWAY = OperationalError("SELECT 1", {}, psycopg.OperationalError("no server\n\tIs it running?"))


@pytest.fixture
def library() -> Iterator[logging.Logger]:
    """Give the library's logger, tamed; afterwards it is as before."""
    logger = logging.getLogger(LIBRARY)
    before = logger.handlers[:], logger.filters[:], logger.propagate
    logger.handlers, logger.filters, logger.propagate = [], [], True
    tame()
    yield logger
    logger.handlers, logger.filters, logger.propagate = before


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (AWAY, ["Exception polling: (psycopg.OperationalError) no server"]),
        (ValueError("odd"), ["Exception polling: Traceback (most recent call last):"]),
    ],
)
def test_a_database_that_is_away_is_no_traceback(
    library: logging.Logger, caplog: pytest.LogCaptureFixture, error: Exception, lines: list[str]
) -> None:
    """The library logs where it noticed that; of any other fault the place is kept."""
    try:
        raise error
    except type(error):
        library.warning("Exception polling: %s", traceback.format_exc())
    said = [record.getMessage() for record in caplog.records]
    assert [one.splitlines()[0] for one in said] == lines
    assert ("\n" in said[0]) == isinstance(error, ValueError)


def test_a_database_that_is_away_takes_one_line_a_minute() -> None:
    """Each part of the library notices it again and again; what else it says is told."""
    now = [0.0]
    worth = Worth(lambda: now[0])

    def told(said: str) -> bool:
        return worth(logging.LogRecord(LIBRARY, logging.ERROR, "", 0, said, (), None))

    away = "Exception taking a lock: (psycopg.OperationalError) the connection is closed"
    assert told(away)
    now[0] = 59.0
    assert not told(away)
    assert told("Something else is wrong")
    now[0] = 60.0
    assert told(away)
