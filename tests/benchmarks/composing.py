"""Measures how long composing an article for both networks takes, and how that grows.

Owns the articles, which are the example's paragraphs again and again with other numbers, and the
clock. Targets: 10 kB in at most 60 ms, of which at most half is spent outside counting and the
finding of sentences; ten times the text in at most thirteen times the time; 1 MB in 200 MB.
"""

from __future__ import annotations

import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from jinja2 import FileSystemLoader

from threadbot.article import load
from threadbot.thread import Account, Style, bluesky_text, compose, sentences, x_text
from threadbot.thread.units import units

if TYPE_CHECKING:
    from types import FrameType

    from threadbot.article import Article

ROOT: Final = Path(__file__).parents[2]
STATUS: Final = Path("/proc/self/status")
MAX_MILLISECONDS: Final = 60.0
MAX_SHARE_OUTSIDE: Final = 0.5
MAX_GROWTH: Final = 13.0
MAX_MEGABYTES: Final = 200.0
#: Bytes of the articles that are composed, each ten times the one before.
SIZES: Final = (10_000, 100_000, 1_000_000)
_RUNS: Final = {10_000: 20, 100_000: 5, 1_000_000: 3}

_ACCOUNTS: Final = (Account("x", "x", "EnPause"), Account("bluesky", "bluesky", "enpause.com"))
_STYLE: Final = Style(FileSystemLoader(ROOT / "templates"))
#: What counts and reads as the networks do, and what finds sentences.
_COUNTING: Final = frozenset(
    function.__code__
    for function in (
        x_text.weighted_length,
        x_text.entities,
        bluesky_text.graphemes,
        bluesky_text.addresses,
        sentences.sentences,
    )
)
#: How often the stack is looked at, in seconds, and how many times.
_EVERY: Final = 0.001
_SAMPLES: Final = 4000


def article(size: int) -> Article:
    """Make an article of at least so many bytes: sections of the example under new headings."""
    title, _, rest = (ROOT / "examples" / "article.txt").read_text(encoding="utf-8").partition("\n")
    parts = [title, rest]
    length = len("".join(parts).encode())
    part = 2
    while length < size:
        again = rest.replace("20", f"{part}").replace("Valbrune", f"Valbrune-{part}")
        parts.append(again)
        length += len(again.encode())
        part += 1
    text = "\n".join(parts).encode()[:size].decode(errors="ignore")
    return load(text, name="article.txt", known={"url": "https://enpause.com/valbrune"})


def compose_both(read: Article) -> None:
    """Compose an article for both networks, its sentences found anew."""
    units.cache_clear()
    for account in _ACCOUNTS:
        compose(read, account, _STYLE)


def milliseconds(read: Article, runs: int) -> float:
    """Give the median time that composing takes, in a process that has done it before.

    It is processor time: composing waits for nothing, and other programs only make it longer.
    """
    compose_both(read)
    times = []
    for _ in range(runs):
        start = time.process_time()
        compose_both(read)
        times.append(time.process_time() - start)
    return median(times) * 1000


def share_outside(read: Article) -> float:
    """Give the share of composing that is neither counting nor the finding of sentences.

    The stack is looked at every millisecond: a tracing profiler would make calls look dearer.
    """
    samples = {True: 0, False: 0}

    def look(_: int, frame: FrameType | None) -> None:
        inside = False
        while frame is not None and not inside:
            inside = frame.f_code in _COUNTING
            frame = frame.f_back
        samples[inside] += 1

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)
    while sum(samples.values()) < _SAMPLES:
        compose_both(read)
    signal.setitimer(signal.ITIMER_PROF, 0)
    return samples[False] / sum(samples.values())


def report() -> bool:
    """Compose each size in a process of its own, print it, and tell whether targets are met."""
    met = []
    before = 0.0
    for size in SIZES:
        taken, peak, share = _measured(size)
        growth = taken / before if before else 0.0
        before = taken
        fast = taken <= MAX_MILLISECONDS or size > SIZES[0]
        fits = fast and growth <= MAX_GROWTH and peak <= MAX_MEGABYTES
        lean = share <= MAX_SHARE_OUTSIDE or size > SIZES[0]
        met.append(fits and lean)
        sys.stdout.write(
            f"{f'composing {size // 1000} kB for both networks':<50} {taken:7.0f} ms {peak:5.0f} MB"
            f" {(growth and f'{growth:.1f} times') or '':>11}  {share:.0%} outside counting"
            f" and sentences{'' if met[-1] else '  OVER'}\n"
        )
    sys.stdout.write(
        f"  10 kB in {MAX_MILLISECONDS:.0f} ms, at most {MAX_SHARE_OUTSIDE:.0%} of it outside; ten"
        f" times the text in {MAX_GROWTH:.0f} times the time; {MAX_MEGABYTES:.0f} MB\n"
    )
    return all(met)


def _measured(size: int) -> tuple[float, float, float]:
    """Give milliseconds, megabytes and the share outside from a process that does nothing else."""
    made = subprocess.run(
        [sys.executable, __file__, str(size)], capture_output=True, encoding="utf-8", check=True
    )
    taken, peak, share = map(float, made.stdout.split())
    return taken, peak, share


def main() -> None:
    """Compose an article of the size that the command line names; print what it took."""
    size = int(sys.argv[1])
    read = article(size)
    taken = milliseconds(read, _RUNS[size])
    sys.stdout.write(f"{taken} {_peak()} {share_outside(read)}\n")


def _peak() -> float:
    """Give the most megabytes that this process has held, without what its parent held."""
    if STATUS.exists():
        kilobytes = re.search(r"VmHWM:\s+(\d+)", STATUS.read_text(encoding="ascii"))
        return int(kilobytes[1]) * 1024 / 1e6 if kilobytes else 0.0
    # macOS counts bytes, and from the start of the program.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    main()
