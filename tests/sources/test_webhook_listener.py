"""The listener for webhooks: who is answered, and how, and who may take how much of it."""

from __future__ import annotations

import ctypes
import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import requests
from fetch.loopback import LoopbackServer
from sqlalchemy import text

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
from threadbot.config import load_config
from threadbot.errors import ConfigError, EngineError
from threadbot.sources.running import running_sources
from threadbot.web.connections import USUAL
from threadbot.web.listening import THREAD, listening

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.delivery.ledger import Ledger


def test_a_webhook_becomes_a_draft_and_a_second_delivery_nothing(
    tmp_path: Path, ledger: Ledger
) -> None:
    """It is stored before it is answered; the draft follows at once; a repeated one is known."""
    with serving(tmp_path, ledger, GHOST.format(port=free_port())) as (rounds, at):
        url, body = f"{at}/webhooks/ghost", ghost_message(1)
        answer = requests.post(url, body, headers=signed(body), timeout=5)
        assert (answer.status_code, answer.text) == (202, "stored\n")
        assert rounds.store.report(rounds.sources["ghost"]).last_title == "Article 1"
        until(lambda: titles(ledger) == ["draft Article 1"])
        again = requests.post(url, body, headers=signed(body), timeout=5)
        assert again.status_code == 202
        until(lambda: not rounds.store.work(rounds.sources, datetime.now(UTC), 1))
    assert titles(ledger) == ["draft Article 1"]


def test_strangers_are_refused_and_nothing_is_stored(tmp_path: Path, ledger: Ledger) -> None:
    """401 without telling why, 413 for a flood, 404 for other paths, never 410."""
    with serving(tmp_path, ledger, GHOST.format(port=free_port())) as (rounds, at):
        url, body = f"{at}/webhooks/ghost", ghost_message(1)
        forged = requests.post(url, body, headers=signed(body, "a guess"), timeout=5)
        bare = requests.post(url, body, timeout=5)
        large = requests.post(url, b"0" * 5_000_001, headers=signed(b""), timeout=5)
        parts = iter([b"0" * 1_000_000] * 6)
        streamed = requests.post(url, parts, headers=signed(b""), timeout=5)
        elsewhere = requests.post(f"{at}/webhooks/other", body, headers=signed(body), timeout=5)
        hub = requests.get(f"{at}/websub/guess?hub.mode=subscribe", timeout=5)
        codes = [one.status_code for one in (forged, bare, large, streamed, elsewhere, hub)]
        assert codes == [401, 401, 413, 413, 404, 404]
        assert forged.text == bare.text == "refused\n"
        assert rounds.store.report(rounds.sources["ghost"]).last_title is None
    assert titles(ledger) == []


def test_a_stranger_at_the_place_of_hubs_is_answered_before_it_sends_anything(
    tmp_path: Path, ledger: Ledger
) -> None:
    """The part that cannot be guessed is looked up first: without it nothing is read."""
    port = free_port()
    text = (
        f'[webhooks]\nlisten = "127.0.0.1:{port}"\ncallback_url = "http://127.0.0.1:{port}"\n'
        '[[source]]\nname = "desk"\nkind = "folder"\npath = "."\n'
    )
    head = b"POST /websub/guess HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n"
    with (
        serving(tmp_path, ledger, text),
        socket.create_connection(("127.0.0.1", port), timeout=5) as stranger,
    ):
        stranger.sendall(head)
        assert stranger.recv(100).startswith(b"HTTP/1.1 202 ")


@pytest.mark.parametrize(
    "signature",
    ["", "X-Ghost-Signature: sha256=0, t=1", f"X-Ghost-Signature: sha256={'0' * 64}, t=1"],
    ids=["none", "no signature", "of long ago"],
)
def test_who_cannot_be_right_is_refused_before_the_body_is_sent(
    tmp_path: Path, ledger: Ledger, signature: str
) -> None:
    """Megabytes are read only of those whose signature might fit."""
    port = free_port()
    with serving(tmp_path, ledger, GHOST.format(port=port)), connect(port) as stranger:
        stranger.sendall(head(4_000_000, signature))
        assert stranger.recv(100).startswith(b"HTTP/1.1 401 ")


def test_a_body_that_comes_too_slowly_is_given_up(tmp_path: Path, ledger: Ledger) -> None:
    """Who sends a message bit by bit holds no place for ever."""
    port, limits = free_port(), replace(USUAL, body_seconds=0.5)
    with (
        serving(tmp_path, ledger, GHOST.format(port=port), limits=limits),
        connect(port) as slow,
    ):
        slow.sendall(head(100))
        for _ in range(4):
            slow.sendall(b"0")
            time.sleep(0.1)
        assert slow.recv(100).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"", b""),
        (b"", b"POST /webhooks/ghost HTTP/1.1\r\nX-A: "),
        (head(0, ""), b"POST /webhooks/ghost HTTP/1.1\r\nX-A: "),
        (head(4_000_000, ""), b"a part of what was refused"),
    ],
    ids=["nothing", "half a header", "half a second header", "a refused body"],
)
def test_a_connection_without_a_whole_header_ends_in_time(
    tmp_path: Path, ledger: Ledger, first: bytes, then: bytes
) -> None:
    """Whatever drips in keeps it open for no longer, also after an answer."""
    port, limits = free_port(), replace(USUAL, header_seconds=1)
    with (
        serving(tmp_path, ledger, GHOST.format(port=port), limits=limits),
        connect(port) as idle,
    ):
        if first:
            idle.sendall(first)
            assert idle.recv(1_000).startswith(b"HTTP/1.1 401 ")
        for byte in then[:8]:
            idle.sendall(bytes([byte]))
            time.sleep(0.05)
        idle.sendall(then[8:])
        _, seconds = drained(idle)
    assert seconds < 3


def test_a_sender_that_breaks_off_is_no_fault_of_ours(
    tmp_path: Path, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    """It is one line of the log."""
    port = free_port()
    with serving(tmp_path, ledger, GHOST.format(port=port)):
        with connect(port) as broken:
            broken.sendall(head(100) + b"0")
        until(lambda: "its sender broke off" in caplog.text)
    assert "Traceback" not in caplog.text


def test_a_server_that_ends_by_itself_is_begun_again(
    tmp_path: Path, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    """Its thread is made to leave, as by a fault nobody foresaw: that is said; who calls waits."""
    with serving(tmp_path, ledger, GHOST.format(port=free_port())) as (_, at):
        url, body = f"{at}/webhooks/ghost", ghost_message(1)
        assert requests.post(url, b"", timeout=5).status_code == 401
        (thread,) = (one for one in threading.enumerate() if one.name == THREAD)

        def ended() -> bool:
            # It may arrive where something else takes it; then once more.
            place, fault = ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(place, fault)
            time.sleep(1)
            return "the listener for webhooks has ended (" in caplog.text

        until(ended)
        answer = requests.post(url, body, headers=signed(body), timeout=10)
        assert answer.status_code == 202
        until(lambda: titles(ledger) == ["draft Article 1"])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_hub_is_told_to_come_again_while_the_ledger_cannot_be_asked(
    tmp_path: Path, ledger: Ledger, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    """It is no fault of ours, and one line of the log."""
    with serving(tmp_path, ledger, GHOST.format(port=free_port())) as (_, at):
        with ledger.writing() as connection:
            connection.execute(text("DROP TABLE subscriptions"))
        answer = requests.request(method, f"{at}/websub/token", timeout=10)
        assert (answer.status_code, answer.text) == (503, "try again later\n")
        assert "Traceback" not in caplog.text


def test_a_message_that_brings_no_article_is_taken_and_ignored(
    tmp_path: Path, ledger: Ledger
) -> None:
    """Ghost's own test button must not fail."""
    with serving(tmp_path, ledger, GHOST.format(port=free_port())) as (_, at):
        body = b'{"page": {"current": {"title": "About us"}}}'
        answer = requests.post(f"{at}/webhooks/ghost", body, headers=signed(body), timeout=5)
        assert (answer.status_code, answer.text) == (200, "ignored\n")
    assert titles(ledger) == []


def test_a_taken_port_and_a_missing_secret_are_said(tmp_path: Path, ledger: Ledger) -> None:
    """One sentence, before anything is listened for."""
    server = LoopbackServer({})
    text = GHOST.format(port=server.port)
    with (
        pytest.raises(EngineError, match=r"change 'listen' in \[webhooks\]"),
        serving(tmp_path, ledger, text),
    ):
        pass
    server.close()
    config = load_config(tmp_path / "config.toml", {}, tmp_path)
    with (
        running_sources(config, ledger) as running,
        pytest.raises(ConfigError, match=r"^the source 'ghost' .*: the secret 'hook' is not there"),
        listening(config, running.rounds, running.wake, {}),
    ):
        pass


def test_nobody_is_listened_for_without_need(tmp_path: Path, ledger: Ledger) -> None:
    """A publication with feeds alone opens no port."""
    with serving(tmp_path, ledger, "") as (_, at):
        assert at is None
