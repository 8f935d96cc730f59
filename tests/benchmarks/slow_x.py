"""X's API as far as posting goes, so many seconds away: `python slow_x.py 0.1`.

Owns the numbers of posts and when each first came. It judges nothing (`x_simulator` does), so that
it takes next to nothing from the machine whose workers are measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.web_server import Asked, Told, serve


class SlowX:
    """What was posted, and when.

    Args:
        far: seconds that a call takes in the network.
    """

    def __init__(self, far: float) -> None:
        self._far = far
        self.posted: dict[str, float] = {}
        self.repeated = 0
        self._numbers = count(1)

    async def answer(self, asked: Asked) -> Told:
        """Take a post, or give the moments at which posts came."""
        if asked.path == "/posted":
            report = {"posted": self.posted, "repeated": self.repeated}
            return Told(body=json.dumps(report).encode())
        if asked.path == "/count":
            return Told(body=str(len(self.posted)).encode())
        came = time.time()
        text = json.loads(asked.body)["text"]
        self.repeated += text in self.posted
        self.posted.setdefault(text, came)
        await asyncio.sleep(self._far)
        body = json.dumps({"data": {"id": str(next(self._numbers)), "text": text}})
        return Told("201 Created", body.encode(), (("Content-Type", "application/json"),))


if __name__ == "__main__":
    serve(SlowX(float(sys.argv[1])).answer)
