"""Measures one worker with ten thousand feeds, a webhook and hubs, through `threadbot run`.

Owns these figures, on SQLite, while a queue is carried out, too: how long the first round takes,
how late a feed is asked from then on, how much memory and of the processors the worker takes, and
how long it takes from an entry, a webhook or a hub's delivery to a draft.

The hours that pass until chance has spread the feeds over their interval are left out: after the
first round the ledger's moments are spread evenly, and watched for a while from then on.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final

import psutil

from benchmarks.many_feeds import HUBS, SHOWN, article
from benchmarks.publication import FEEDS, INTERVAL, WATCHED, Drafts, Publication
from benchmarks.servers import Server, SlowX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


MAX_MEGABYTES: Final = 400.0
#: Seconds within which 99 of 100 feeds are asked after their time.
MAX_LATE: Final = 5.0
#: Seconds to a draft.
MAX_DRAFT: Final = 1.0
#: Every so often, in seconds, a feed changes, and a webhook and a hub deliver.
CHANGES_EVERY: Final = 1.0
DELIVERIES_EVERY: Final = 4.0


def main() -> bool:
    """Measure, print, and tell whether the targets are met."""
    with tempfile.TemporaryDirectory() as folder, Server("many_feeds.py") as site, SlowX() as x:
        publication = Publication(Path(folder), site, x)
        try:
            return all([*_measured(publication, x)])
        finally:
            publication.desk.close()
            publication.ledger.close()


def _measured(publication: Publication, x: SlowX) -> Iterator[bool]:
    start = time.monotonic()
    worker = psutil.Process(publication.desk.start().pid)
    ready = time.monotonic() - start
    while len({feed for _, feed, _ in publication.asked()}) < FEEDS:
        time.sleep(2)
    seconds = time.monotonic() - start
    yield _told(
        f"{FEEDS:,} feeds: ready after {ready:.1f} s, first round over after {seconds:.0f} s, at "
        f"most {INTERVAL.total_seconds():.0f}",
        fits=seconds <= INTERVAL.total_seconds(),
    )
    hubs = publication.subscribe()
    publication.queue()
    asked_before = len(publication.asked())
    due = publication.spread()
    before, began = sum(worker.cpu_times()[:2]), time.monotonic()
    with Drafts(publication.ledger) as drafts:
        sent = _news(publication, hubs, due)
        share = (sum(worker.cpu_times()[:2]) - before) / (time.monotonic() - began)
    yield from _feeds_are_kept(publication.asked()[asked_before:], due, worker, share)
    yield _told(
        f"  {x.count():,} posts of the queue went out meanwhile", fits=x.count() >= WATCHED * 7
    )
    for kind, moments in sent.items():
        yield _become_drafts(kind, moments, drafts.seen)


def _news(
    publication: Publication, hubs: Sequence[tuple[int, str, str]], due: dict[int, float]
) -> dict[str, dict[str, float]]:
    """Let articles come in every way while time goes by; give when each could be known."""
    started = time.time()
    sent: dict[str, dict[str, float]] = {"webhook": {}, "hub's delivery": {}}
    changed: list[int] = []
    waiting, later = iter(hubs), started + 5
    while (now := time.time()) < started + WATCHED:
        # A feed that is asked in a moment.
        soon = next(one for one, moment in due.items() if moment > now + 2 and one >= HUBS)
        if soon not in changed:
            publication.site.ask(f"/change/{soon}")
            changed.append(soon)
        if now >= later:
            number = len(sent["webhook"])
            sent["webhook"][article(FEEDS, number).title] = time.time()
            publication.send(number)
            hub = next(waiting)
            sent["hub's delivery"][article(hub[0], SHOWN).title] = time.time()
            publication.deliver(*hub)
            later += DELIVERIES_EVERY
        time.sleep(max(0, now + CHANGES_EVERY - time.time()))
    time.sleep(5)
    shown = {feed: moment for moment, feed, known in publication.asked()[FEEDS:] if not known}
    changed = [one for one in changed if one in shown]
    sent["entry in a feed"] = {article(one, SHOWN).title: shown[one] for one in changed}
    return sent


def _feeds_are_kept(
    asked: Sequence[tuple[float, int, bool]],
    due: dict[int, float],
    worker: psutil.Process,
    share: float,
) -> Iterator[bool]:
    """Compare when feeds were asked with when they were to be, and weigh the worker."""
    came = {feed: moment for moment, feed, _ in reversed(asked)}
    ended = max(came.values())
    late = sorted(
        came.get(one, ended + MAX_LATE) - moment
        for one, moment in due.items()
        if moment < ended - MAX_LATE
    )
    most = quantiles(late, n=100)[98]
    unchanged = sum(known for _, _, known in asked) / len(asked)
    rate = len(asked) / (ended - min(due.values()))
    yield _told(
        f"  then {rate:.1f} a second, {100 * unchanged:.0f} % unchanged: "
        f"asked {median(late):.2f} s "
        f"after their time, 99 of 100 within {most:.2f} s, at most {MAX_LATE:.0f}",
        fits=most <= MAX_LATE,
    )
    megabytes = worker.memory_info().rss / 1e6
    yield _told(
        f"  {megabytes:.0f} MB, at most {MAX_MEGABYTES:.0f}, and {100 * share:.0f} % of a core",
        fits=megabytes <= MAX_MEGABYTES,
    )


def _become_drafts(kind: str, sent: dict[str, float], seen: dict[str, float]) -> bool:
    if missing := [title for title in sent if title not in seen]:
        return _told(f"  {len(missing)} of {len(sent)} became no draft: {kind}", fits=False)
    took = sorted(seen[title] - moment for title, moment in sent.items())
    return _told(
        f"  from a {kind} to its draft {median(took):.2f} s, at most {took[-1]:.2f} s of "
        f"{len(took)}; allowed {MAX_DRAFT:.0f}",
        fits=took[-1] <= MAX_DRAFT,
    )


def _told(line: str, *, fits: bool) -> bool:
    sys.stdout.write(f"{line}{'' if fits else '  OVER'}\n")
    sys.stdout.flush()
    return fits


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
