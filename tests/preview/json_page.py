"""Writes the example of docs/json.md anew: `python tests/preview/json_page.py`."""

from __future__ import annotations

import re
from pathlib import Path

from preview_examples import ARTICLE, BLUESKY_THREAD, X_THREAD

from threadbot.preview.document import json_bytes

PAGE = Path(__file__).parents[2] / "docs" / "json.md"
EXAMPLE = re.compile(r"(?<=```json\n).*?(?=```)", re.DOTALL)


def example() -> str:
    """Give the object that the page shows."""
    return json_bytes(ARTICLE, (X_THREAD, BLUESKY_THREAD)).decode("utf-8")


if __name__ == "__main__":
    page = PAGE.read_text("utf-8")
    PAGE.write_text(EXAMPLE.sub(lambda _: example(), page), "utf-8")
