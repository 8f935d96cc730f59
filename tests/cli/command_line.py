"""Runs the command as a person would, in a process of its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from prepared_process import FRESH, run_command

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping
    from pathlib import Path

TEXT = """\
Le tramway revient à Brest

Publié le 7 mars 2026 par Enpause @EnPause

La ville relance un chantier arrêté depuis dix ans. Trois lignes verront le jour.

Ce qui change pour les habitants

La rue de Siam sera rendue aux piétons. Les travaux commencent en mai :

• Siam : plus de voitures
• Recouvrance : un pont neuf

Reste à voir si les délais seront tenus.
"""

COMMAND = FRESH


def threadbot(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run `threadbot` in a folder to its end.

    Args:
        folder: the working folder.
        arguments: what is typed after `threadbot`.
        stdin: what is piped into it.
        environment: variables to set.
    """
    variables = clean_environment(folder) | dict(environment or {})
    return run_command(arguments, folder, variables, stdin, seconds=60)


def clean_environment(folder: Path) -> dict[str, str]:
    """Give an environment without anything of the person's who runs the tests."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("THREADBOT_") and name not in {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}
    }
    return kept | {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "none")}
