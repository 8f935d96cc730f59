"""Logs, and the secrets that must never stand in them.

Owns the shape of a line (JSON for programs, words for a terminal) and the redaction of everything
that is written. Never reads a secret, and never decides what is worth a line.
"""

from __future__ import annotations

import json
import logging
import re
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TextIO, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Level: TypeAlias = Literal["debug", "info", "warning", "error"]

#: What stands in the place of a secret.
REDACTED = "[redacted]"

# What the lines of this flow of control are about.
_ABOUT: ContextVar[Mapping[str, str]] = ContextVar("about", default=MappingProxyType({}))
# Every secret that this process has read, so that no line can hold one, whoever logs it.
_KNOWN: set[str] = set()
# A shorter one would take ordinary words out of the lines.
_SHORTEST_KNOWN = 6

_NAMES = r"pass(?:word|wd|phrase)|secret|token|api[_-]?key|(?:access|refresh)_?jwt|signature"
# What looks like a secret, for those that nobody named; the first group stays.
_SUSPICIOUS = (
    # Headers that carry credentials, to the end of the line.
    re.compile(r"(\b(?:proxy-)?authorization['\"]?\s*[:=]\s*)[^\r\n]+", re.IGNORECASE),
    re.compile(r"(\b(?:set-)?cookie['\"]?\s*[:=]\s*)[^\r\n]+", re.IGNORECASE),
    re.compile(r"(\b(?:bearer|dpop|basic)\s+)[\w.~+/=-]{8,}", re.IGNORECASE),
    # User name and password in an address.
    re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^/\s@?#]+(?=@)", re.IGNORECASE),
    # Parameters, JSON, keyword arguments.
    re.compile(rf"(\b\w*(?:{_NAMES})['\"]?\s*[:=]\s*['\"]?)[^\s'\"&,;)}}\]]+", re.IGNORECASE),
    # JSON web tokens (RFC 7519), and app passwords as Bluesky gives them out.
    re.compile(r"()\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"),
    re.compile(r"()(?<![\w-])[a-z0-9]{4}(?:-[a-z0-9]{4}){3}(?![\w-])"),
)
# Line ends, escapes and marks of direction, with which a stranger's text could forge a line.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_CONTROLS_WITHIN_LINES = re.compile(r"(?![\n\t])" + _CONTROLS.pattern)
# What every record has; anything else was handed in as `extra`.
_OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def conceal(secret: str) -> None:
    """Redact a secret from every line from now on.

    Args:
        secret: a password or a key; one that is as short as a word is left alone.
    """
    if len(secret) >= _SHORTEST_KNOWN:
        _KNOWN.add(secret)


def conceal_in_libraries(loggers: Iterable[str]) -> None:
    """Redact whatever other libraries log, wherever their records go.

    Args:
        loggers: the names of the loggers that they write to themselves.
    """
    for name in loggers:
        logger = logging.getLogger(name)
        if not any(isinstance(each, _Redaction) for each in logger.filters):
            logger.addFilter(_Redaction())


def redact(text: str) -> str:
    """Take everything out of a text that is a secret or looks like one.

    >>> redact("GET https://me:hunter2@example.com/?token=abc&page=2")
    'GET https://[redacted]@example.com/?token=[redacted]&page=2'
    """
    # The longest first, for one may hold another.
    for secret in sorted(_KNOWN, key=len, reverse=True):
        text = text.replace(secret, REDACTED)
    for pattern in _SUSPICIOUS:
        text = pattern.sub(rf"\g<1>{REDACTED}", text)
    return text


@contextmanager
def about(**facts: str) -> Iterator[None]:
    """Say on every line that is logged meanwhile, by whatever module, what it is about.

    Args:
        facts: names and values, such as a thread's number. A line's own come before them.
    """
    token = _ABOUT.set({**_ABOUT.get(), **facts})
    try:
        yield
    finally:
        _ABOUT.reset(token)


def configure(stream: TextIO, level: Level = "info") -> None:
    """Send the program's log to a stream, in place of wherever it went before.

    Other libraries are heard from `warning` on, and are redacted like everything else.

    Args:
        stream: standard error, usually; a terminal gets words, anything else JSON lines.
        level: the least that is worth a line.
    """
    handler = _Handler(stream)
    handler.setFormatter(_Words() if stream.isatty() else _JsonLines())
    root = logging.getLogger()
    for other in root.handlers[:]:
        if isinstance(other, _Handler):
            root.removeHandler(other)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("threadbot").setLevel(level.upper())


class _Redaction(logging.Filter):
    """Writes a record anew, without secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


class _Handler(logging.StreamHandler[TextIO]):
    """Ours, so that it is known when the log is configured again."""


class _Words(logging.Formatter):
    """Gives `2026-11-24 05:09:48Z warning: what happened`, and a traceback below it."""

    def format(self, record: logging.LogRecord) -> str:
        moment = f"{_moment(record):%Y-%m-%d %H:%M:%SZ}"
        extras = "".join(f" {name}={value}" for name, value in _extras(record).items())
        said = _escaped(_CONTROLS, redact(f"{record.getMessage()}{extras}"))
        line = f"{moment} {record.levelname.lower()}: {said}"
        if record.exc_info:
            traceback = redact(self.formatException(record.exc_info))
            line += f"\n{_escaped(_CONTROLS_WITHIN_LINES, traceback)}"
        return line


class _JsonLines(logging.Formatter):
    """Gives one object a line: time, level, logger, message, extras, exception."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {
            "time": _moment(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        for name, value in _extras(record).items():
            plain = value is None or isinstance(value, bool | int | float)
            # By its name, too: a password that nobody named looks like any other word.
            said = redact(f"{name}={value}").partition("=")[2]
            fields.setdefault(name, value if plain else said)
        if record.exc_info:
            fields["exception"] = redact(self.formatException(record.exc_info))
        return json.dumps(fields, ensure_ascii=False)


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _extras(record: logging.LogRecord) -> dict[str, object]:
    own = {name: value for name, value in vars(record).items() if name not in _OWN_FIELDS}
    return {**_ABOUT.get(), **own}


def _escaped(controls: re.Pattern[str], text: str) -> str:
    return controls.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
