"""Measures how long threadbot takes and how much memory it needs: `make bench`.

`python tests/bench.py NAME ...` measures a part of it; the names stand at the end.

Owns the figures of whole commands and of pages; those of counting, composing, networks, the
engine, the queue and sources are made by the modules in `benchmarks`. Each figure of a command is
the median of ten runs in fresh processes, after one that warms the files. Targets: help in at most
six times what Python itself needs to start, a preview in 0.8 s and 120 MB. The reading of a web
page of 250 kB is timed in this process, as a worker reads one after the other: 100 ms.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import (
    bluesky_bench,
    burst_bench,
    composing,
    counting,
    engine_bench,
    queue_bench,
    sources_bench,
    x_bench,
)

from threadbot.article import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).parents[1]
ARTICLES = (
    ROOT / "examples" / "article.txt",
    ROOT.parent / "shared" / "articles" / "openai-paris-bruxelles.txt",
)
RUNS = 10
MAX_HELP_RATIO = 6.0
MAX_PREVIEW_SECONDS = 0.8
MAX_PREVIEW_MEGABYTES = 120.0
MAX_PAGE_SECONDS = 0.1
PAGE_BYTES = 250_000

LAUNCH = ROOT / "tests" / "benchmarks" / "launch.py"
PYTHON = [sys.executable, "-c", "pass"]
THREADBOT = [os.fspath(Path(sys.executable).parent / "threadbot")]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command costs.

    Args:
        seconds: from start to end.
        megabytes: of memory at its peak.
    """

    seconds: float
    megabytes: float


def main(names: Sequence[str]) -> int:
    """Measure, print, and return 1 where a target is missed.

    Args:
        names: what is measured; all of it where there is none.
    """
    if unknown := set(names) - BENCHES.keys():
        message = f"nothing is called {', '.join(unknown)}; there are {', '.join(BENCHES)}"
        raise SystemExit(message)
    met = [BENCHES[name]() for name in names or BENCHES]
    return 0 if all(met) else 1


def _commands() -> bool:
    """Measure whole commands."""
    python, helped = _measure(PYTHON), _measure([*THREADBOT, "--help"])
    ratio = helped.seconds / python.seconds
    met = [_report("python -c pass", python, fits=True)]
    met.append(_report("threadbot --help", helped, fits=ratio <= MAX_HELP_RATIO))
    sys.stdout.write(f"  {ratio:.1f} times python -c pass, at most {MAX_HELP_RATIO:.0f}\n")
    for article in filter(Path.exists, ARTICLES):
        command = [*THREADBOT, "preview", str(article), "--url", "https://enpause.com/article"]
        cost = _measure(command)
        fits = cost.seconds <= MAX_PREVIEW_SECONDS and cost.megabytes <= MAX_PREVIEW_MEGABYTES
        met.append(_report(f"threadbot preview {article.name}", cost, fits=fits))
    sys.stdout.write(
        f"  a preview at most {MAX_PREVIEW_SECONDS} s and {MAX_PREVIEW_MEGABYTES:.0f} MB\n"
    )
    return all(met)


def _page_is_read_in_time() -> bool:
    """Read a large page again and again, and compare the median with the target."""
    page = large_page()
    load(page, name="page.html")
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        load(page, name="page.html")
        times.append(time.perf_counter() - start)
    seconds = median(times)
    fits = seconds <= MAX_PAGE_SECONDS
    name = f"a web page of {len(page) / 1000:.0f} kB, already warm"
    sys.stdout.write(f"{name:<50} {seconds:6.3f} s{'' if fits else '  OVER'}\n")
    return fits


def large_page() -> bytes:
    """Make a page of 250 kB: a long article amid menus, cards, comments and scripts.

    The shares are those of a news site: a fifth is the article, a third what is around it, and
    the rest scripts and styles.
    """
    source = (ROOT / "examples" / "article.html").read_text(encoding="utf-8")
    head, _, rest = source.partition('<div class="entry-content">')
    text, _, foot = rest.partition('</div>\n<footer class="entry-footer">')
    menu = "".join(f'<li><a href="/r/{at}">Section {at}</a></li>' for at in range(250))
    cards = "".join(
        f'<article class="card"><a href="/c/{at}"><img src="/{at}.jpg" alt=""><h3>Article {at}</h3>'
        f"</a><p>What the article number {at} is about, in a few words.</p></article>"
        for at in range(150)
    )
    comments = "".join(
        f'<div class="comment"><b>Reader {at}</b><p>I agree with number {at - 1}, but not with all '
        f"of the others, and least of all with the last one.</p></div>"
        for at in range(150)
    )
    around = (
        f'<nav><ul class="menu">{menu}</ul></nav>',
        f'<section class="related-posts">{cards}</section><div id="comments">{comments}</div>',
    )
    body = (
        f'{head}{around[0]}<div class="entry-content">{text * 7}</div>'
        f'<footer class="entry-footer">{foot.replace("</main>", around[1] + "</main>")}'
    )
    script = "window.settings = {version: 1, items: [1, 2, 3]};"
    scripts = script * ((PAGE_BYTES - len(body.encode())) // len(script))
    return body.replace("</body>", f"<script>{scripts}</script></body>").encode()


def _report(name: str, cost: Cost, *, fits: bool) -> bool:
    verdict = "" if fits else "  OVER"
    sys.stdout.write(f"{name:<50} {cost.seconds:6.3f} s {cost.megabytes:6.1f} MB{verdict}\n")
    return fits


def _measure(command: list[str]) -> Cost:
    _run(command)
    costs = [_run(command) for _ in range(RUNS)]
    return Cost(median(cost.seconds for cost in costs), max(cost.megabytes for cost in costs))


def _run(command: list[str]) -> Cost:
    process = subprocess.run(
        [sys.executable, "-I", "-S", os.fspath(LAUNCH), *command],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    if process.returncode != 0:
        message = f"{' '.join(command)} failed with code {process.returncode}"
        raise SystemExit(message)
    seconds, megabytes = map(float, process.stdout.split())
    return Cost(seconds, megabytes)


#: What can be measured by itself, in the order in which all of it is.
BENCHES: dict[str, Callable[[], bool]] = {
    "commands": _commands,
    "bluesky": bluesky_bench.main,
    "x": x_bench.main,
    "page": _page_is_read_in_time,
    "counting": counting.report,
    "composing": composing.report,
    "engine": engine_bench.main,
    "queue": queue_bench.main,
    "burst": burst_bench.main,
    "sources": sources_bench.main,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
