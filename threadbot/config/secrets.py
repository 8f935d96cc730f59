"""Secrets: a name in the configuration, the secret itself somewhere safer.

Owns where a secret is looked for and when: at the moment that it is needed, and not before. Never
keeps one, and never says one.

The order: systemd's folder of credentials, the variable, the file that the other variable names,
the command of the configuration.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from threadbot.config.environment import secret_variables
from threadbot.errors import ConfigError, SecretAwayError
from threadbot.log import conceal
from threadbot.networks.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: Seconds that a command may take.
PATIENCE = 10.0
#: A longer one is no password; in bytes.
LARGEST_SECRET = 10_000
#: Where systemd puts what `LoadCredential=` names: https://systemd.io/CREDENTIALS/
CREDENTIALS_VARIABLE = "CREDENTIALS_DIRECTORY"


def look_up(
    name: str,
    environment: Mapping[str, str],
    commands: Mapping[str, Sequence[str]],
    patience: float = PATIENCE,
) -> Secret:
    """Look a secret up. From then on it is redacted from the log.

    Args:
        name: what the configuration calls it.
        environment: the environment's variables.
        commands: a program and its arguments, by the name of the secret that they print.
        patience: seconds that a command may take.

    Raises:
        SecretAwayError: its command failed, or takes too long.
        ConfigError: it is nowhere, or cannot be read.
    """
    for where, text in _places(name, environment, commands, patience):
        if text is None:
            continue
        # Files and commands end with a line feed that is no part of the secret.
        bare = text.removesuffix("\n").removesuffix("\r")
        if not bare or "\n" in bare or "\0" in bare:
            amiss = "is empty" if not bare else "has more than one line"
            message = f"the secret '{name}' {amiss} in {where}; put the secret there and no more"
            raise ConfigError(message)
        conceal(bare)
        return Secret(bare)
    raise ConfigError(_nowhere(name, environment, commands))


def _places(
    name: str,
    environment: Mapping[str, str],
    commands: Mapping[str, Sequence[str]],
    patience: float,
) -> Iterator[tuple[str, str | None]]:
    """Give each place in turn, with what is there; a later one is not looked into before."""
    variable, file_variable = secret_variables(name)
    if folder := environment.get(CREDENTIALS_VARIABLE):
        path = Path(folder, name)
        yield str(path), _content(name, path) if _exists(path) else None
    yield variable, environment.get(variable) or None
    if file := environment.get(file_variable):
        yield file, _content(name, Path(file))
    if name in commands:
        yield (
            f"what '{commands[name][0]}' prints",
            _output(name, commands[name], environment, patience),
        )


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        # It is there and may not be looked at, which reading it will say.
        return True


def _content(name: str, path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_SECRET + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"the secret '{name}' cannot be read from {path}: {reason}"
        raise ConfigError(message) from error
    return _text(name, data, str(path))


def _output(
    name: str, command: Sequence[str], environment: Mapping[str, str], patience: float
) -> str:
    begun = f"the command of the secret '{name}', '{command[0]}',"
    try:
        # The user's own configuration says what is run.
        ran = subprocess.run(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            env=dict(environment),
            timeout=patience,
        )
    except subprocess.TimeoutExpired:
        message = f"{begun} takes longer than {patience:g} seconds; run it by hand to see why"
        # Without its cause, which holds what was printed so far.
        raise SecretAwayError(message) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = f"{begun} cannot be run: {reason.lower()}"
        raise ConfigError(message) from error
    if ran.returncode != 0:
        # What it complains of stays with it: a tool may print the secret there.
        message = f"{begun} failed with exit code {ran.returncode}; run it by hand to see why"
        raise SecretAwayError(message)
    return _text(name, ran.stdout, f"what '{command[0]}' prints")


def _text(name: str, data: bytes, where: str) -> str:
    if len(data) > LARGEST_SECRET:
        message = f"the secret '{name}' is too long in {where}; put the secret there and no more"
        raise ConfigError(message)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        message = f"the secret '{name}' is not UTF-8 in {where}; store it as plain text"
        # Without its cause, which holds the bytes.
        raise ConfigError(message) from None


def _nowhere(
    name: str, environment: Mapping[str, str], commands: Mapping[str, Sequence[str]]
) -> str:
    variable, file_variable = secret_variables(name)
    folder = environment.get(CREDENTIALS_VARIABLE)
    credentials = str(Path(folder, name)) if folder else f"${CREDENTIALS_VARIABLE}/{name} (not set)"
    command = "" if name in commands else f", nor has it a command in [secrets.{name}]"
    return (
        f"the secret '{name}' is not there: it is neither in {credentials}, nor in {variable}, "
        f"nor in a file that {file_variable} names{command}; put it into one of them"
    )
