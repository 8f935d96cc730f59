"""The command line: it reads what the user typed, calls the rooms below, and shows the outcome.

Owns options, messages and exit codes; never decides anything about articles or threads. Nothing
heavy is imported before a command runs: `--help` and completion answer at once.
"""

from __future__ import annotations

import gc
import sys
from typing import Final, NoReturn

#: How many objects more than before there may be until Python looks for cycles among the youngest:
#: what it has by itself, and for short commands. By itself it looks a hundred times while libraries
#: are loaded, finds nothing, and takes a tenth of such a command's time for that.
USUAL_OBJECTS: Final = gc.get_threshold()[0]
OBJECTS_OF_SHORT_COMMANDS: Final = 500_000


def main() -> NoReturn:
    """Run the command that the process was started with, and exit with its code."""
    gc.set_threshold(OBJECTS_OF_SHORT_COMMANDS)
    try:
        from threadbot.cli.run import run  # noqa: PLC0415 - Ctrl-C ends start-up quietly, too

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
