"""Drafts for as long as a worker runs: what waits for a page holds up nothing else.

Owns which entries are carried at once, and which in threads of their own, at each site one at a
time. What it is to carry an entry `carrying` knows.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from threadbot.sources.lanes import Lanes, guarded, host_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from threadbot.sources.carrying import Carrier
    from threadbot.triggers.store import Work

#: Pages that are read at the same time.
PAGES: Final = 4


class Drafting:
    """Carries out what is stored to be done, again and again.

    Args:
        carrier: does it.
        wake: called when a page was read, as there may be more to do by then.
        pause: waits after a fault of ours.
    """

    def __init__(
        self, carrier: Carrier, wake: Callable[[], None], pause: Callable[[], None]
    ) -> None:
        self._carrier = carrier
        self._pause = pause
        self._pages: Lanes[int] = Lanes("page", PAGES, wake)

    def carry_out(self, is_over: Callable[[], bool]) -> None:
        """Carry what needs no page, and let pages be read beside it.

        Args:
            is_over: asked before each entry; what is left then is left for the next time.

        Raises:
            LedgerError: something cannot be stored.
        """
        while work := self._carrier.open_work(without=self._pages.keys()):
            for one in work:
                if is_over():
                    return
                if one.needs_page:
                    site = host_of(one.entry.address or "")
                    self._pages.put(site, one.entry_id, self._reading(one))
                else:
                    self._carrier.carry(one)

    def close(self) -> None:
        """Begin no more pages, and wait for those that are being read."""
        self._pages.close()

    def _reading(self, work: Work) -> Callable[[], None]:
        # The text is read again when its turn comes: very many may wait.
        read = partial(self._carrier.carry_entry, work.entry_id)
        return guarded(f"{work.source}: “{work.entry.said}”", read, self._pause)
