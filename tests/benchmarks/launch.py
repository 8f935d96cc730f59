"""Runs a command and prints the seconds it took and its peak of memory in megabytes.

Owns the measuring of one command, in a process that holds next to nothing: Linux charges a command
with what its parent held when it started it. What the command prints is thrown away.
"""

from __future__ import annotations

import os
import sys
import time


def main() -> int:
    """Run the command that the arguments are; return its exit code."""
    start = time.perf_counter()
    silence = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    command = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=silence)
    _, status, usage = os.wait4(command, 0)
    seconds = time.perf_counter() - start
    # Linux gives kilobytes, macOS bytes: getrusage(2) of each.
    unit = 1 if sys.platform == "darwin" else 1024
    sys.stdout.write(f"{seconds} {usage.ru_maxrss * unit / 1e6}\n")
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
