"""The configuration: a TOML file and the environment in, one frozen `Config` out.

Owns where the file is found, what may stand in it, and what is said of everything that is wrong
with it, all at once. Never knows the command line, and keeps no secret.

Precedence: command line, environment, file, defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.config.model import (
    DEFAULT_STYLE,
    NETWORKS,
    BlueskyAccount,
    Config,
    LedgerServer,
    Publication,
    StyleSettings,
    Typography,
    XAccount,
    default_config,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = [
    "DEFAULT_STYLE",
    "NETWORKS",
    "BlueskyAccount",
    "Config",
    "LedgerServer",
    "Publication",
    "StyleSettings",
    "Typography",
    "XAccount",
    "default_config",
    "load_config",
]


def load_config(path: Path | None, environment: Mapping[str, str], working_folder: Path) -> Config:
    """Read the configuration.

    Args:
        path: the file that the command line names, or None.
        environment: the environment's variables.
        working_folder: where relative paths begin, and where `config.toml` is looked for.

    Returns:
        The configuration; the defaults where there is neither a file nor a variable.

    Raises:
        ConfigError: with everything that is wrong.
    """
    from threadbot.config.places import (  # noqa: PLC0415 - keeps start-up short
        find_file,
        ledger_file,
        sets_keys,
    )

    file = find_file(path, environment, working_folder)
    if file is None and not sets_keys(environment):
        return default_config(ledger_file(environment))
    from threadbot.config.loading import read_config  # noqa: PLC0415 - pydantic costs 80 ms

    return read_config(file, environment, working_folder)
