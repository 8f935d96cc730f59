"""What the Bluesky adapter must be told about an account, as frozen values.

Owns their shape and their defaults; the configuration fills them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from threadbot.networks.secret import Secret

#: Who may reply to a thread; `mentioned` are the people that its first post mentions.
Threadgate: TypeAlias = Literal["everybody", "mentioned", "following", "followers", "nobody"]

DEFAULT_PDS = "https://bsky.social"


@dataclass(frozen=True, slots=True)
class BlueskySettings:
    """An account on Bluesky.

    Args:
        account: its name in the configuration.
        handle: its handle, without `@`.
        app_password: made at https://bsky.app/settings/app-passwords.
        pds: the address of its server.
        threadgate: who may reply.
        self_labels: content warnings on every post, such as `graphic-media` (the values are those
            of the lexicon com.atproto.label.defs).
    """

    account: str
    handle: str
    app_password: Secret
    pds: str = DEFAULT_PDS
    threadgate: Threadgate = "everybody"
    self_labels: tuple[str, ...] = ()
