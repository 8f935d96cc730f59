"""Rules for the values of `[[source]]` and `[webhooks]`: addresses, lengths of time, parameters.

Owns their grammar and its words; never knows how the values are used together.
"""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

from threadbot.config.rules import RuleError
from threadbot.delivery.durations import read_duration

ADDRESS_RULE = 'the http(s) address of a feed such as "https://enpause.example/feed.xml"'
CALLBACK_RULE = 'an http(s) address without query such as "https://hooks.enpause.example"'
LISTEN_RULE = 'a host and a port such as "127.0.0.1:8787"'
PARAMETERS_RULE = (
    'parameters of an address such as "utm_source={network}&utm_medium=social", in which only '
    "{network} and {account} stand in braces"
)
INTERVAL_RULE = 'a length of time such as "15m", from "1m" to "1d"'
AGE_RULE = 'a length of time such as "2d", from "1h" to "365d"'

_LISTEN = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})")
_PARAMETERS = re.compile(r"[A-Za-z0-9._~%=&+-]*")
_HIGHEST_PORT = 65_535


def check_address(text: str) -> str:
    """Let an http(s) address through that holds no password.

    Raises:
        RuleError: for any other.
    """
    return _checked_address(text, ADDRESS_RULE)


def check_callback(text: str) -> str:
    """Let the public address of the listener through.

    Returns:
        The address without a slash at its end.

    Raises:
        RuleError: for any other.
    """
    if "?" in text or "#" in text:
        raise RuleError(CALLBACK_RULE)
    return _checked_address(text, CALLBACK_RULE).rstrip("/")


def _checked_address(text: str, rule: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"} or "@" in parts.netloc or " " in text:
        raise RuleError(rule)
    return text


def check_listen(text: str) -> str:
    """Let a host with a port through.

    Raises:
        RuleError: for anything else.
    """
    match = _LISTEN.fullmatch(text)
    if match is None or not 0 < int(match[1]) <= _HIGHEST_PORT:
        raise RuleError(LISTEN_RULE)
    return text


def check_parameters(text: str) -> str:
    """Let parameters of an address through.

    Raises:
        RuleError: for anything else.
    """
    bare = text.replace("{network}", "").replace("{account}", "")
    if "=" not in text or _PARAMETERS.fullmatch(bare) is None:
        raise RuleError(PARAMETERS_RULE)
    return text.strip("&")


def read_interval(text: str) -> timedelta:
    """Read a bound of how often a feed is asked.

    Raises:
        RuleError: where it is no length of time, shorter than a minute or longer than a day.
    """
    return _read_length(text, timedelta(minutes=1), timedelta(days=1), INTERVAL_RULE)


def read_age(text: str) -> timedelta:
    """Read how old an article may be.

    Raises:
        RuleError: where it is no length of time, shorter than an hour or longer than a year.
    """
    return _read_length(text, timedelta(hours=1), timedelta(days=365), AGE_RULE)


def _read_length(text: str, least: timedelta, most: timedelta, rule: str) -> timedelta:
    length = read_duration(text)
    if length is None or not least <= length <= most:
        raise RuleError(rule)
    return length
