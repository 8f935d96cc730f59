"""Log lines: their two shapes, and that no secret gets into either."""

from __future__ import annotations

import doctest
import io
import json
import logging
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadbot import log
from threadbot.log import REDACTED, about, conceal, configure, redact

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "quite-ordinary words"  # noqa: S105 - made up


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture(autouse=True)
def root() -> Iterator[logging.Logger]:
    """Give the root logger, and put everything back afterwards."""
    ours, root = logging.getLogger("threadbot"), logging.getLogger()
    before = root.handlers[:], root.level, ours.level
    yield root
    root.handlers[:], _, _ = before
    root.setLevel(before[1])
    ours.setLevel(before[2])


def logged(stream: io.StringIO, message: str, *arguments: object, **extra: object) -> str:
    """Log a warning and give what was written."""
    configure(stream)
    logging.getLogger("threadbot.test").warning(message, *arguments, extra=extra)
    return stream.getvalue()


def test_a_pipe_gets_json_lines() -> None:
    """Time, level, logger, message and extras, one object a line, whatever the message holds."""
    fields = json.loads(logged(io.StringIO(), "two\nlines of %s", "é", posts=3, step="send"))
    assert fields.pop("time").endswith("+00:00")
    assert fields == {
        "level": "warning",
        "logger": "threadbot.test",
        "message": "two\nlines of é",
        "posts": 3,
        "step": "send",
    }


def test_a_terminal_gets_words() -> None:
    """A line says when, how grave and what; a stranger's text cannot begin another line."""
    written = logged(Terminal(), "a title\n2026-01-01 error: \x1b[31mforged\u202e", posts=3)
    moment, _, said = written.partition(" warning: ")
    assert len(moment) == len("2026-11-24 05:09:48Z")
    assert said == "a title\\x0a2026-01-01 error: \\x1b[31mforged\\x202e posts=3\n"


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_a_known_secret_is_in_no_line(stream: type[io.StringIO]) -> None:
    """Message, arguments, extras and traceback are all redacted."""
    conceal(PASSWORD)
    written = stream()
    configure(written)
    logging.getLogger("threadbot.test").error(
        "signing in with %s",
        PASSWORD,
        extra={"detail": f"<{PASSWORD}>"},
        exc_info=ValueError(PASSWORD),
    )
    assert PASSWORD not in written.getvalue()
    assert written.getvalue().count(REDACTED) >= 3
    assert "ValueError: [redacted]" in written.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer VALUE",
        "{'authorization': 'DPoP VALUE'}",
        "Set-Cookie: session=VALUE; Path=/",
        "sent bearer VALUE.x-y",
        "https://someone:VALUE@example.com/path",
        "https://example.com/?access_token=VALUE&page=2",
        '{"accessJwt": "VALUE", "refreshJwt": "VALUE"}',
        "login(identifier='a.example', password='VALUE')",
        "app_password = VALUE",
        "eyJVALUE.eyJhIjoxfQ.c2ln",
    ],
)
def test_what_looks_like_a_secret_is_redacted(text: str) -> None:
    """Credentials that nobody named are known by what stands around them, or by their form."""
    assert "hunter2hunter2" in (whole := text.replace("VALUE", "hunter2hunter2"))
    assert "hunter2" not in redact(whole)
    assert REDACTED in redact(whole)


def test_an_app_password_is_known_by_its_form() -> None:
    """Four groups of four are one; a longer word with hyphens is not."""
    assert redact("it said abcd-2345-efgh-67ij.") == f"it said {REDACTED}."
    assert redact("see /une-fois-pour-tous-les-gens") == "see /une-fois-pour-tous-les-gens"


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/a?page=2#b",
        "published 3 posts of 'Le mot de passe' on enpause-bsky",
        "mail to someone@example.com",
        "at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/app.bsky.feed.post/3lbnjhs2y6c2a",
    ],
)
def test_ordinary_lines_are_left_alone(text: str) -> None:
    """Redaction takes nothing away that a reader of the log needs."""
    assert redact(text) == text


def test_the_level_is_kept_to() -> None:
    """Less than the level is not written, and of other libraries only warnings are."""
    stream = io.StringIO()
    configure(stream, "info")
    logging.getLogger("threadbot.a").debug("too little")
    logging.getLogger("other.library").info("too little")
    logging.getLogger("threadbot.a").info("enough")
    logging.getLogger("other.library").warning("of others")
    assert [json.loads(line)["message"] for line in stream.getvalue().splitlines()] == [
        "enough",
        "of others",
    ]


def test_configuring_again_moves_the_log(root: logging.Logger) -> None:
    """Each line is written once, to the last stream; handlers of others stay."""
    other = logging.NullHandler()
    root.addHandler(other)
    first, second = io.StringIO(), io.StringIO()
    configure(first)
    assert logged(second, "once").count("once") == 1
    assert first.getvalue() == ""
    assert other in root.handlers


@given(value=st.text(min_size=6), around=st.text())
def test_no_text_shows_a_known_secret(value: str, around: str) -> None:
    """Wherever a secret stands in a text, it is taken out."""
    conceal(value)
    try:
        pieces = redact(f"{around}{value}{around}").split(REDACTED)
        assert not any(value in piece for piece in pieces)
    finally:
        log._KNOWN.discard(value)  # noqa: SLF001 - or the next example would be redacted, too


def test_lines_say_what_they_are_about() -> None:
    """Whoever logs meanwhile, what it is about stands on the line; afterwards it does not."""
    with about(thread_id="7", account="enpause"), about(account="other"):
        line = json.loads(logged(io.StringIO(), "The network %s.", "is slow"))
        words = logged(Terminal(), "The network is slow.", post=2)
    assert (line["thread_id"], line["account"]) == ("7", "other")
    assert words.endswith("The network is slow. thread_id=7 account=other post=2\n")
    assert "thread_id" not in logged(io.StringIO(), "Nothing is due.")


def test_the_examples_in_docstrings_hold() -> None:
    """Each `>>>` in the module gives what stands below it."""
    results = doctest.testmod(log)
    assert results.attempted > 0
    assert results.failed == 0
