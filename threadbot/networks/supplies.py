"""What an adapter is handed to do its work with.

Owns the `Protocol`s of a store for sign-ins and of a source of pictures; never does anything.
"""

from __future__ import annotations

from typing import Protocol


class SessionStore(Protocol):
    """Keeps an account's sign-in between runs; the ledger is one."""

    def load_session(self, account: str) -> str | None:
        """Give what was saved last, or None."""
        ...

    def save_session(self, account: str, session: str | None) -> None:
        """Replace what is saved; None forgets it."""
        ...


class PictureSource(Protocol):
    """Gives the bytes of a picture that an article names."""

    def picture(self, src: str) -> bytes:
        """Read a picture.

        Args:
            src: an address, or a path beside the article.

        Raises:
            ThreadbotError: it cannot be had; the message says why.
        """
        ...
