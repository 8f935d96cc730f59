"""Certificates, and servers that have none."""

from __future__ import annotations

import socket
import ssl
import threading

import pytest
import trustme

from fetch.clients import refusal
from fetch.loopback import LoopbackServer, redirect, response
from threadbot.errors import FetchError
from threadbot.fetch.client import Fetcher, Request
from threadbot.fetch.settings import BY_HAND, AllowedHost, FetchSettings


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def tls_server(authority: trustme.CA, name: str) -> LoopbackServer:
    """Start a server whose certificate is for this name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return LoopbackServer({"/": response(b"over TLS")}, context)


def tls_fetcher(
    server: LoopbackServer, authority: trustme.CA | None, *others: LoopbackServer
) -> Fetcher:
    """Give a client that trusts an authority, or this machine's alone."""
    context = None
    if authority is not None:
        context = ssl.create_default_context()
        authority.configure_trust(context)
    allowed = tuple(AllowedHost("news.example", one.port) for one in (server, *others))
    settings = FetchSettings(allowed)
    return Fetcher(settings, resolver=lambda *_: ["127.0.0.1"], tls=context)


def test_a_certificate_is_checked_against_the_name(authority: trustme.CA) -> None:
    """The connection goes to a number, and the certificate must still be that of the name."""
    right, wrong = tls_server(authority, "news.example"), tls_server(authority, "other.example")
    try:
        url = f"https://news.example:{right.port}/"
        fetched = tls_fetcher(right, authority).fetch(url, accept="*/*", reach=BY_HAND)
        assert fetched.body == b"over TLS"
        said = refusal(tls_fetcher(wrong, authority), f"https://news.example:{wrong.port}/")
        assert "its certificate is not valid (hostname mismatch" in said.lower()
        said = refusal(tls_fetcher(right, None), url)
        assert "its certificate is not valid (" in said
    finally:
        right.close()
        wrong.close()


@pytest.mark.parametrize("status", ["307 Elsewhere", "308 Elsewhere"])
def test_what_is_posted_over_tls_is_never_sent_without(status: str, authority: trustme.CA) -> None:
    """A hub's form holds a secret: a redirect to plain HTTP gets none of it."""
    plain = LoopbackServer({"/": response(b"got it")})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("news.example").configure_cert(context)
    away = redirect(f"http://news.example:{plain.port}/", status)
    server = LoopbackServer({"/": away}, context)
    try:
        client = tls_fetcher(server, authority, plain)
        request = Request("*/*", form={"hub.secret": "hidden"})
        with pytest.raises(FetchError, match="from https to http"):
            client.send(f"https://news.example:{server.port}/", request, deadline=5, reach=BY_HAND)
        assert plain.requests == []
    finally:
        server.close()
        plain.close()


def test_a_server_without_tls_is_told(authority: trustme.CA) -> None:
    """Plain words in answer to a handshake are a sentence, and so is no answer at all."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"220 mail.example ready\r\n")
            connection.recv(1000)

    with listener:
        threading.Thread(target=answer, daemon=True).start()
        port = listener.getsockname()[1]
        settings = FetchSettings((AllowedHost("news.example", port),))
        context = ssl.create_default_context()
        authority.configure_trust(context)
        client = Fetcher(settings, resolver=lambda *_: ["127.0.0.1"], tls=context)
        url = f"https://news.example:{port}/"
        assert "it does not speak TLS as it should; check the address" in refusal(client, url)
        # Nobody takes this connection, so its handshake is never answered.
        assert "took longer than 0.3 seconds" in refusal(client, url, deadline=0.3)
