"""Numbers that more than one adapter keeps to, and that are no limit of a single post.

Owns them, each with where and when it was read; those of a post are in the room that composes it.
"""

from __future__ import annotations

from typing import Final

#: Writes in one commit of Bluesky (com.atproto.repo.applyWrites of the reference server 0.5.35,
#: read on 2026-11-24).
MAX_WRITES: Final = 200
