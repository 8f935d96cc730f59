"""The sandbox's storage: a file of JSON lines that stands for what a network has on its servers.

Owns the file and its lock. A line is there as a whole or not at all: what a dying process left of
one is passed over. Never judges what is written.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: One event of the journal: `posted` with posts, `deleted` or `repeated` with their names.
Event: TypeAlias = dict[str, Any]


class Journal:
    """The file, opened anew for each use, so that many processes may share it.

    Args:
        path: where it is; made with mode 600 where there is none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def events(self) -> tuple[Event, ...]:
        """Read every event, the oldest first.

        Raises:
            OSError: the file is there and cannot be read.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return ()
        return tuple(_events(data))

    def posts(self) -> dict[str, dict[str, Any]]:
        """Give the posts that are out, by their names, in the order in which they were posted."""
        out: dict[str, dict[str, Any]] = {}
        for event in self.events():
            out.update({post["uri"]: post for post in event.get("posted", ())})
            out.pop(event.get("deleted", ""), None)
        return out

    @contextmanager
    def changing(self) -> Iterator[Mapping[str, Mapping[str, Any]]]:
        """Keep others from writing, and give the posts that are out.

        Raises:
            OSError: the file cannot be opened.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield self.posts()
        finally:
            os.close(descriptor)

    def append(self, event: Event) -> None:
        """Write an event, inside `changing`; it is on the disk when this returns.

        Raises:
            OSError: it could not be written as a whole; then it does not count.
        """
        line = json.dumps(event, sort_keys=True).encode() + b"\n"
        with self.path.open("r+b", buffering=0) as stream:
            # What a dying process left of its line is cut off.
            stream.truncate(_whole_lines(stream.read()))
            stream.seek(0, os.SEEK_END)
            if stream.write(line) != len(line):
                message = "the disk is full"
                raise OSError(message)
            os.fsync(stream.fileno())


def _whole_lines(data: bytes) -> int:
    return data.rfind(b"\n") + 1


def _events(data: bytes) -> Iterator[Event]:
    for line in data[: _whole_lines(data)].splitlines():
        yield json.loads(line)
