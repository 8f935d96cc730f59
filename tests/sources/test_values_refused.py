"""Values that a database does not take: they are a failure of their entry or source alone."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING

from places import STORES

from sources.site_on_loopback import LONG

if TYPE_CHECKING:
    from collections.abc import Callable

    from sources.site_on_loopback import Newsroom

LEDGERS = STORES
DESK = '[[source]]\nname = "desk"\nkind = "folder"\npath = "desk"\naccounts = ["ours-bsky"]\n'
#: 4,480 digits that no compression makes fewer.
MANY_DIGITS = "".join(sha256(b"%d" % number).hexdigest() for number in range(70))
#: Letters of three bytes each that no compression makes fewer.
MANY_LETTERS = "".join(
    chr(0x4E00 + int(sha256(b"%d" % number).hexdigest(), 16) % 20_000) for number in range(1_900)
)


def test_an_article_with_a_very_long_address(newsroom: Callable[..., Newsroom]) -> None:
    """It becomes a draft like any other, and is known when it is edited."""
    room = newsroom('accounts = ["ours-bsky"]')
    room.look()
    room.show(4, address=f"https://enpause.com/{MANY_LETTERS}")
    assert room.look().problem is None
    assert room.states() == ["ours-bsky draft Article 4"]
    room.show(4, guid="another", title="Article 4, corrected")
    room.look()
    assert room.states() == [
        "ours-bsky superseded Article 4",
        "ours-bsky draft Article 4, corrected",
    ]


def test_a_markdown_file_with_a_very_long_address(newsroom: Callable[..., Newsroom]) -> None:
    """It becomes a draft, and keeps no other from becoming one."""
    room = newsroom(sections=DESK)
    (room.folder / "desk").mkdir()
    room.look("desk")
    text = f"---\nurl: https://enpause.com/{MANY_DIGITS}\n---\n# The mill\n\n{LONG}"
    file = room.folder / "desk" / "mill.md"
    file.write_text(text, "utf-8")
    os.utime(file, (room.now.timestamp(), room.now.timestamp()))
    room.look("desk")
    assert room.states() == ["ours-bsky draft The mill"]
