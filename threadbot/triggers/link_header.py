"""HTTP's Link header: what an answer is related to (RFC 8288). Pure.

Owns that header alone, of which it believes no more than a few thousand letters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST: Final = 8_000
_LINK: Final = re.compile(r"<([^<>]*)>([^<]*)")
_RELATION: Final = re.compile(r"\brel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


def links(header: str) -> Iterator[tuple[str, str]]:
    """Give relations and addresses.

    >>> list(links('<https://hub.example/>; rel="hub", </feed>; rel=self'))
    [('hub', 'https://hub.example/'), ('self', '/feed')]
    """
    for href, parameters in _LINK.findall(header[:_LONGEST]):
        if (found := _RELATION.search(parameters)) is not None:
            for relation in (found[1] or found[2] or "").lower().split():
                yield relation, href.strip()
