"""A password or key that does not show itself.

Owns the wrapper in which credentials travel; never reads one from anywhere.
"""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """Text that is given only to who asks for it by name.

    Example:
        >>> Secret("abcd-efgh")
        Secret('***')
        >>> Secret("abcd-efgh").reveal()
        'abcd-efgh'

    Args:
        text: the credential.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the credential itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('***')"

    def __str__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        message = "a secret is not written down"
        raise TypeError(message)
