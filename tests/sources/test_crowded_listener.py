"""The listener for webhooks in a crowd: strangers who take all that they can keep nobody out."""

from __future__ import annotations

import select
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import requests

from sources.serving import (
    GHOST,
    connect,
    drained,
    free_port,
    ghost_message,
    head,
    serving,
    signed,
    titles,
    until,
)
from threadbot.web.connections import USUAL

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from pathlib import Path

    from threadbot.delivery.ledger import Ledger

#: Seconds within which a webhook is answered, whoever else is there: Ghost waits no longer.
SOON = 2.0


@contextmanager
def dripping(slow: list[socket.socket]) -> Iterator[None]:
    """Have all of them send a byte again and again, as who wants to keep a place does."""
    over = threading.Event()

    def drip() -> None:
        while not over.wait(0.2):
            for one in slow:
                try:
                    one.sendall(b"0")
                except OSError:
                    # It had to go.
                    continue

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_a_crowd_that_says_nothing_keeps_no_webhook_out(tmp_path: Path, ledger: Ledger) -> None:
    """Where all places are taken, who waited longest without a request makes room."""
    port = free_port()
    with serving(tmp_path, ledger, GHOST.format(port=port)) as (_, at), ExitStack() as crowd:
        first = crowd.enter_context(connect(port))
        for number in range(USUAL.connections):
            idle = crowd.enter_context(connect(port))
            idle.sendall(b"POST /webhooks/ghost HTTP/1.1\r\n" if number % 2 else b"")
        assert drained(first)[1] < USUAL.header_seconds / 2
        body = ghost_message(1)
        answer = requests.post(f"{at}/webhooks/ghost", body, headers=signed(body), timeout=5)
        assert answer.status_code == 202
        until(lambda: titles(ledger) == ["draft Article 1"])


def first_of(connection: socket.socket) -> bytes:
    """Read the beginning of an answer; nothing where the connection was ended."""
    try:
        return connection.recv(13)
    except ConnectionError:
        return b""


@pytest.mark.parametrize("number", [USUAL.requests, 200, 400])
def test_forgers_who_send_bit_by_bit_keep_no_webhook_out(
    tmp_path: Path, ledger: Ledger, number: int
) -> None:
    """Their signatures look right; who has been heard longest makes room, and is told so."""
    port = free_port()
    with serving(tmp_path, ledger, GHOST.format(port=port)) as (_, at), ExitStack() as crowd:
        slow = [crowd.enter_context(connect(port)) for _ in range(number)]
        for one in slow:
            one.sendall(head(4_000_000))
        crowd.enter_context(dripping(slow))
        # All are there, and as many are heard as can be.
        until(lambda: len(select.select(slow, [], [], 0)[0]) >= number - USUAL.requests)
        time.sleep(0.5)
        for message in range(1, 4):
            body, begun = ghost_message(message), time.monotonic()
            answer = requests.post(f"{at}/webhooks/ghost", body, headers=signed(body), timeout=5)
            assert (answer.status_code, time.monotonic() - begun < SOON) == (202, True)
        told = [first_of(one) for one in select.select(slow, [], [], 0)[0]]
        assert {one for one in told if one} == {b"HTTP/1.1 503 "}
        until(lambda: len(titles(ledger)) == 3)


def test_forgers_who_fill_the_memory_keep_no_large_webhook_out(
    tmp_path: Path, ledger: Ledger
) -> None:
    """Who holds most of what all bodies may have, and sends no more, gives it back."""
    port, sent = free_port(), 4_800_000
    with serving(tmp_path, ledger, GHOST.format(port=port)) as (_, at), ExitStack() as crowd:
        left = USUAL.body_bytes
        while left > USUAL.small_bytes:
            size = min(sent, left)
            one = crowd.enter_context(connect(port))
            one.sendall(head(4_900_000))
            one.sendall(b"0" * size)
            left -= size - USUAL.small_bytes
        time.sleep(0.5)
        body, begun = ghost_message(1, times=4_000), time.monotonic()
        assert len(body) > 5 * USUAL.small_bytes
        answer = requests.post(f"{at}/webhooks/ghost", body, headers=signed(body), timeout=5)
        assert (answer.status_code, time.monotonic() - begun < SOON) == (202, True)


def test_whoever_comes_while_all_are_being_answered_is_told_to_come_again(
    tmp_path: Path, ledger: Ledger
) -> None:
    """A message that is here is not given up for one that comes: nobody has to send it again."""
    port, limits = free_port(), replace(USUAL, requests=1)
    with serving(tmp_path, ledger, GHOST.format(port=port), limits=limits) as (_, at):
        url, body = f"{at}/webhooks/ghost", ghost_message(1)
        codes: list[int] = []

        def send() -> None:
            codes.append(requests.post(url, body, headers=signed(body), timeout=20).status_code)

        with ledger.writing():
            first = threading.Thread(target=send)
            first.start()
            until(lambda: requests.post(url, b"", timeout=5).status_code == 503)
        first.join()
        assert codes == [202]


def test_many_large_messages_at_once_are_bounded(tmp_path: Path, ledger: Ledger) -> None:
    """What is beyond is told to come again; a message of the usual size still gets through."""
    port, sent = free_port(), 4_800_000
    with serving(tmp_path, ledger, GHOST.format(port=port)) as (_, at), ExitStack() as crowd:
        large = [crowd.enter_context(connect(port)) for _ in range(8)]
        for one in large:
            one.sendall(head(4_900_000))
            one.sendall(b"0" * sent)
        too_many = len(large) - USUAL.body_bytes // sent
        until(lambda: len(select.select(large, [], [], 0)[0]) == too_many)
        answers = [one.recv(1_000) for one in select.select(large, [], [], 0)[0]]
        assert all(one.startswith(b"HTTP/1.1 503 ") for one in answers)
        assert all(b"retry-after: 10" in one for one in answers)
        body = ghost_message(1)
        answer = requests.post(f"{at}/webhooks/ghost", body, headers=signed(body), timeout=5)
        assert answer.status_code == 202
