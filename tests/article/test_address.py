"""Addresses, normalised and resolved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadbot.article.address import normalise, resolve, untracked


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Example.COM", "https://example.com/"),
        ("https://example.com:443/a/", "https://example.com/a"),
        ("http://example.com:80/a#b", "http://example.com/a"),
        ("http://example.com:8080/", "http://example.com:8080/"),
        ("https://example.com/A?utm_source=x&id=7&fbclid=y", "https://example.com/A?id=7"),
        ("https://example.com/a?gclid=1&mc_cid=2&xtor=3&at_medium=4", "https://example.com/a"),
        ("https://example.com/?b=2&a=1", "https://example.com/?b=2&a=1"),
        ("https://jo:pw@Example.com/a", "https://jo:pw@example.com/a"),
        ("https://[::1]:443/a", "https://[::1]/a"),
        (" https://example.com/a ", "https://example.com/a"),
        ("mailto:a@example.com", "mailto:a@example.com"),
        ("https://example.com:port/", "https://example.com:port/"),
        ("https://[bad/", "https://[bad/"),
        ("not an address", "not an address"),
    ],
)
def test_equal_addresses_are_written_alike(url: str, expected: str) -> None:
    """Host, port, tracking, fragment and the last slash make no difference."""
    assert normalise(url) == expected


@pytest.mark.parametrize(
    ("base", "href", "expected"),
    [
        ("https://example.com/a/b", "c", "https://example.com/a/c"),
        ("https://example.com/a/b", "/c?d#e", "https://example.com/c?d#e"),
        (None, "https://example.com/a b", "https://example.com/a%20b"),
        (None, "//example.com/a", "https://example.com/a"),
        (None, "/c", None),
        ("https://example.com/", "#part", None),
        ("https://example.com/", "mailto:a@example.com", None),
        (None, "javascript:alert(1)", None),
        (None, "https://[bad", None),
        (None, "https:///path", None),
        (None, "", None),
    ],
)
def test_addresses_are_resolved(base: str | None, href: str, expected: str | None) -> None:
    """Only an http(s) address comes out."""
    assert resolve(base, href) == expected


@given(st.text() | st.from_regex(r"https?://[a-z.]+(:\d+)?/\S*\Z"))
def test_normalising_twice_is_normalising_once(url: str) -> None:
    """What is normalised stays as it is."""
    assert normalise(normalise(url)) == normalise(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com/A/?utm_source=x&id=7&fbclid=y", "https://example.com/A/?id=7"),
        ("https://example.com/a/?utm_source=x#part", "https://example.com/a/#part"),
        ("https://example.com/a/", "https://example.com/a/"),
        ("https://example.com/?b=2&&a", "https://example.com/?b=2&&a"),
        ("https://example.com/#/?utm_source=x", "https://example.com/#/?utm_source=x"),
    ],
)
def test_untracked(url: str, expected: str) -> None:
    """Tracking parameters go, and everything else stays as the site writes it."""
    assert untracked(url) == expected
