"""Which addresses are public, and how hosts are written in the configuration."""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadbot.fetch import addresses, settings
from threadbot.fetch.addresses import is_public
from threadbot.fetch.settings import AllowedHost, normal_host

if TYPE_CHECKING:
    import ipaddress

PUBLIC = ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4007:80e::200e"]
NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104 - refused
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:93.184.215.14",
    "64:ff9b::7f00:1",
    "64:ff9b::5db8:d70e",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "localhost",
    "2130706433",
    "0x7f000001",
    "",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    """Ordinary servers' addresses, of both versions, are let through."""
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_no_other_address_is_public(address: str) -> None:
    """Private, local, shared, reserved, translated and multicast ones are not, nor is any name."""
    assert not is_public(address)


@given(st.ip_addresses())
def test_public_addresses_are_global_to_python_too(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """The judgement is never milder than the standard library's."""
    if is_public(str(address)):
        assert address.is_global
        assert not address.is_multicast


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("example.com", "example.com", None),
        ("Example.com.:8080", "example.com", 8080),
        ("127.0.0.1:1", "127.0.0.1", 1),
        ("[::1]", "::1", None),
        ("[0::1]:65535", "::1", 65535),
    ],
)
def test_an_allowed_host_is_read(text: str, host: str, port: int | None) -> None:
    """A name or an address, with a port or without."""
    assert AllowedHost.parse(text) == AllowedHost(host, port)


@pytest.mark.parametrize(
    "text",
    ["", "::1", "a b", "http://a.fr", "a.fr/", "a.fr:", "a.fr:0", "a.fr:65536", "[a.fr]", "é.fr"],
)
def test_what_is_no_host_is_not_allowed(text: str) -> None:
    """Anything else is refused rather than guessed at."""
    with pytest.raises(ValueError, match=r"."):
        AllowedHost.parse(text)


def test_an_allowed_host_covers_its_ports_alone() -> None:
    """Without a port the usual two are meant, with one that alone."""
    plain, with_port = AllowedHost("a.fr"), AllowedHost("a.fr", 8080)
    assert [plain.covers("a.fr", port) for port in (80, 443, 8080)] == [True, True, False]
    assert [with_port.covers("a.fr", port) for port in (80, 443, 8080)] == [False, False, True]
    assert not plain.covers("b.a.fr", 80)
    assert not plain.covers("a.fr.evil.example", 80)


@given(st.ip_addresses())
def test_an_address_has_one_spelling(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """However an address is written, it is the same host."""
    assert normal_host(address.exploded.upper()) == normal_host(f"[{address}]")


@pytest.mark.parametrize("module", [addresses, settings])
def test_the_examples_in_docstrings_hold(module: object) -> None:
    """Each `>>>` in the modules gives what stands below it."""
    results = doctest.testmod(module)  # type: ignore[arg-type]
    assert results.attempted > 0
    assert results.failed == 0
