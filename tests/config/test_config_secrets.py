"""Secrets: where each is looked for, and that none is ever said."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import TYPE_CHECKING

import pytest

from threadbot.config.secrets import look_up
from threadbot.errors import ConfigError
from threadbot.log import redact

if TYPE_CHECKING:
    from pathlib import Path

NAME = "ours-bsky"
VARIABLE = "THREADBOT_OURS_BSKY"


def printing(program: str) -> dict[str, tuple[str, ...]]:
    """Give a command that runs a line of Python."""
    return {NAME: (sys.executable, "-c", program)}


def failure(
    environment: dict[str, str],
    commands: dict[str, tuple[str, ...]] | None = None,
    patience: float = 10,
) -> str:
    """Give what is said of a secret that is not had; no part of it holds what was read."""
    with pytest.raises(ConfigError) as caught:
        look_up(NAME, environment, commands or {}, patience)
    whole = "".join(traceback.format_exception(caught.value))
    assert "hunter2" not in whole
    assert len(caught.value.findings) == 1
    return str(caught.value)


@pytest.fixture
def everywhere(tmp_path: Path) -> dict[str, str]:
    """An environment in which the secret is in every place, each with its own name for it."""
    (tmp_path / NAME).write_text("from credentials\n")
    (tmp_path / "file").write_text("from file\r\n")
    return {
        "CREDENTIALS_DIRECTORY": str(tmp_path),
        VARIABLE: "from variable",
        f"{VARIABLE}_FILE": str(tmp_path / "file"),
    }


def test_the_first_place_of_the_order_is_taken(everywhere: dict[str, str]) -> None:
    """Credentials, variable, file, command; what stands further back is not touched."""
    commands = printing("print('from command')")

    def found() -> str:
        return look_up(NAME, everywhere, commands).reveal()

    assert found() == "from credentials"
    del everywhere["CREDENTIALS_DIRECTORY"]
    assert found() == "from variable"
    everywhere[VARIABLE] = ""
    assert found() == "from file"
    del everywhere[f"{VARIABLE}_FILE"]
    assert found() == "from command"


def test_a_folder_of_credentials_without_it_is_passed_over(tmp_path: Path) -> None:
    """Systemd's folder may hold other services' credentials alone."""
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path), VARIABLE: "from variable"}
    assert look_up(NAME, environment, {}).reveal() == "from variable"


def test_only_the_line_feed_at_the_end_is_no_part_of_it(tmp_path: Path) -> None:
    """Spaces are kept, at both ends."""
    (tmp_path / "file").write_bytes(b" a b \n")
    assert look_up(NAME, {f"{VARIABLE}_FILE": str(tmp_path / "file")}, {}).reveal() == " a b "


def test_a_secret_that_is_nowhere_is_told_with_all_places(tmp_path: Path) -> None:
    """One finding lists where it was looked for."""
    assert failure({}) == (
        "the secret 'ours-bsky' is not there: it is neither in $CREDENTIALS_DIRECTORY/ours-bsky "
        "(not set), nor in THREADBOT_OURS_BSKY, nor in a file that THREADBOT_OURS_BSKY_FILE "
        "names, nor has it a command in [secrets.ours-bsky]; put it into one of them"
    )
    said = failure({"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert f"neither in {tmp_path}/ours-bsky, nor in" in said


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A file that is named and missing is no reason to look further."""
    environment = {f"{VARIABLE}_FILE": str(tmp_path / "gone")}
    commands = printing("print('from command')")
    assert failure(environment, commands) == (
        f"the secret 'ours-bsky' cannot be read from {tmp_path}/gone: no such file or directory"
    )
    (tmp_path / NAME).mkdir()
    said = failure({"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert said.endswith("/ours-bsky: is a directory")
    assert "file name too long" in failure({"CREDENTIALS_DIRECTORY": "/" + "a" * 300})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty in"),
        (b"\n", "is empty in"),
        (b"hunter2\nuser: me\n", "has more than one line in"),
        (b"hunter2\xff", "is not UTF-8 in"),
        (b"hunter2" * 2000, "is too long in"),
    ],
)
def test_what_can_be_no_password_is_refused(data: bytes, said: str, tmp_path: Path) -> None:
    """Whether a file or a command gave it, the sentence says what is wrong with it."""
    (tmp_path / "file").write_bytes(data)
    assert said in failure({f"{VARIABLE}_FILE": str(tmp_path / "file")})
    program = f"import sys; sys.stdout.buffer.write(bytes({list(data)}))"
    assert f"{said} what '{sys.executable}' prints" in failure({}, printing(program))


def test_a_command_that_fails_is_told() -> None:
    """Its exit code is passed on; what it printed is not, as the secret may stand in it."""
    begun = f"the command of the secret 'ours-bsky', '{sys.executable}', failed with exit code "
    program = "import sys; print('hunter2'); sys.exit('hunter2 is not as expected')"
    assert failure({}, printing(program)) == f"{begun}1; run it by hand to see why"
    program = "raise SystemExit(3)"
    assert failure({}, printing(program)) == f"{begun}3; run it by hand to see why"


def test_a_command_that_hangs_is_ended() -> None:
    """It has its time and no more."""
    program = "import time; print('hunter2', flush=True); time.sleep(60)"
    said = failure({}, printing(program), patience=0.5)
    assert said.endswith("takes longer than 0.5 seconds; run it by hand to see why")


def test_a_command_that_is_not_there_is_told() -> None:
    """So is one that is no program."""
    said = failure({}, {NAME: ("no-such-program", "hunter")})
    assert said == (
        "the command of the secret 'ours-bsky', 'no-such-program', cannot be run: "
        "no such file or directory"
    )
    assert "cannot be run" in failure({}, {NAME: ("a\0b",)})


def test_a_command_asks_nobody() -> None:
    """Its standard input is empty, and it has the environment that it would have by hand."""
    program = "import os, sys; print(repr(sys.stdin.read()) + os.environ['STORE'])"
    found = look_up(NAME, {"STORE": "here"}, printing(program))
    assert found.reveal() == "''here"


def test_a_secret_that_was_looked_up_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    """Its wrapper does not show it, and the log redacts it from then on."""
    secret = look_up(NAME, {VARIABLE: "words that look like nothing"}, {})
    assert "words" not in f"{secret} {secret!r}"
    with caplog.at_level(logging.INFO):
        logging.getLogger("threadbot").info("got %s", secret.reveal())
    assert "words" not in redact(caplog.messages[0])
