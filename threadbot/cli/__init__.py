"""The command line: it reads what the user typed, calls the rooms below, and shows the outcome.

Owns options, messages and exit codes; never decides anything about articles or threads. Nothing
heavy is imported before a command runs: `--help` and completion answer at once.
"""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command that the process was started with, and exit with its code."""
    try:
        from threadbot.cli.run import run  # noqa: PLC0415 - Ctrl-C ends start-up quietly, too

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
