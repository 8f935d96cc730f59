"""The judges are judged: a thread with each fault planted is caught, a clean one is not."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from judges.faults import Faults, judge, least_posts
from judges.floor import fewest_without_fault
from judges.pasted import article_files, pasted, read_pasted

if TYPE_CHECKING:
    from oracle.node import NodeOracle

SOURCE = """The tram is back

Nobody expected it. The line had been closed for years.

Why now

The town grew by a third. Three reasons count:

• Fuel has become dear
• The old rails are still there
• Students asked for it

What comes next

The first trams run in May. The plan stands at https://enpause.com/tram and is short. Ask us."""
SENTENCES = "Nobody expected it. The line had been closed for years."
REASONS = "• Fuel has become dear\n• The old rails are still there\n• Students asked for it"
LAST = (
    "The first trams run in May. The plan stands at https://enpause.com/tram and is short. Ask us."
)
WHY = f"Why now\n\nThe town grew by a third. Three reasons count:\n\n{REASONS}"
CLEAN = (f"The tram is back\n\n{SENTENCES} 🧵", f"{WHY}\n\n2/3", f"What comes next\n\n{LAST}")
FRENCH = "Le tram\n\nIl revient : « Enfin ! » C'est dit. M. Lenoir l'attendait."

PLANTED: dict[str, tuple[Faults, tuple[str, ...]]] = {
    "over": (Faults(over=1), (CLEAN[0], f"{CLEAN[1]} {'spam ' * 40}", CLEAN[2])),
    "heading": (
        Faults(headings=1),
        (*CLEAN[:1], f"{WHY}\n\nWhat comes next\n\n2/3", LAST),
    ),
    "intro": (
        Faults(intros=1),
        (
            CLEAN[0],
            "Why now\n\nThe town grew by a third. Three reasons count:",
            REASONS,
            CLEAN[2],
        ),
    ),
    "item": (
        Faults(items=1),
        (
            CLEAN[0],
            WHY[: WHY.index(" still")],
            f"still there\n• Students asked for it\n\n{CLEAN[2]}",
        ),
    ),
    "item cut short": (
        Faults(items=1, dropped=1),
        (CLEAN[0], WHY.replace("are still there", "..."), CLEAN[2]),
    ),
    "sentence": (
        Faults(sentences=1),
        (
            "The tram is back\n\nNobody expected it. The line had",
            "been closed for years.",
            *CLEAN[1:],
        ),
    ),
    "word": (
        Faults(sentences=1, words=1),
        (
            "The tram is back\n\nNobody expected it. The line had been clo",
            "sed for years.",
            *CLEAN[1:],
        ),
    ),
    "link": (
        Faults(sentences=1, links=1),
        (
            *CLEAN[:2],
            "What comes next\n\nThe first trams run in May. The plan stands at https://enpause.com/",
            "tram and is short. Ask us.",
        ),
    ),
    "dropped": (Faults(dropped=1), (CLEAN[0], CLEAN[1], CLEAN[2].replace(" Ask us.", ""))),
    "dropped section": (Faults(dropped=4), CLEAN[:2]),
}


@pytest.mark.parametrize(("expected", "posts"), PLANTED.values(), ids=PLANTED)
@pytest.mark.parametrize("network", ["x", "bluesky"])
def test_a_planted_fault_is_caught(
    expected: Faults, posts: tuple[str, ...], network: str, oracle: NodeOracle
) -> None:
    """Each fault is counted once, and as nothing else."""
    article = pasted(SOURCE, Path("en-tram.txt"), oracle)
    assert judge(article, posts, (), network, oracle) == expected


def test_every_kind_of_fault_is_planted() -> None:
    """No count of the judges goes untested."""
    kinds = {field.name for field in fields(Faults)}
    assert {
        name for name in kinds for found, _ in PLANTED.values() if getattr(found, name)
    } == kinds


@pytest.mark.parametrize("network", ["x", "bluesky"])
def test_a_clean_thread_has_no_fault(network: str, oracle: NodeOracle) -> None:
    """Numbers, a template's words, other bullets and another order of the opening are none."""
    article = pasted(SOURCE, Path("en-tram.txt"), oracle)
    call = "The full article on @EnPause ⤵️ https://enpause.com/the-tram"
    dressed = (
        f"The tram is back\n\n{SENTENCES} 🧵",
        f"{WHY.replace('•', '→')}\n\n2/4",
        CLEAN[2].removesuffix(" Ask us."),
        f"Ask us.\n\n{call}",
    )
    assert judge(article, CLEAN, (), network, oracle) == Faults()
    assert judge(article, dressed, (), network, oracle) == Faults()


def test_what_is_named_as_left_out_is_not_dropped(oracle: NodeOracle) -> None:
    """A digest may leave out what it says that it leaves out."""
    article = pasted(SOURCE, Path("en-tram.txt"), oracle)
    posts = (CLEAN[0], CLEAN[1])
    left_out = ["What comes next", *LAST.replace(". ", ".\n").split("\n")]
    assert judge(article, posts, left_out, "x", oracle) == Faults()
    assert judge(article, posts, left_out[:-1], "x", oracle) == Faults(dropped=1)


def test_x_weighs_and_bluesky_counts(oracle: NodeOracle) -> None:
    """Japanese is twice as long on X; a post over the limit counts as those it would have to be."""
    article = pasted("題\n\n" + "電車が戻る。" * 40, Path("ja-tram.txt"), oracle)
    assert judge(article, [article.text], (), "x", oracle).over == 1
    assert judge(article, [article.text], (), "bluesky", oracle).over == 0
    assert least_posts([article.text], "x", oracle) == 2


def test_sentences_end_behind_their_closing_marks(oracle: NodeOracle) -> None:
    """Unicode's rules part `! »` in French; an editor does not."""
    article = pasted(FRENCH, Path("fr-tram.txt"), oracle)
    assert "Il revient : « Enfin ! » " in [piece.text for piece in article.pieces]


def test_the_floor_is_what_no_faultless_thread_can_beat(oracle: NodeOracle) -> None:
    """Posts are filled to the limit, and none ends with a heading or an intro."""
    article = pasted(SOURCE, Path("en-tram.txt"), oracle)
    assert fewest_without_fault(article, "x", oracle) == 2
    long = pasted("Title\n\n" + "word " * 100, Path("en-long.txt"), oracle)
    assert fewest_without_fault(long, "x", oracle) is None


def test_the_bench_has_every_kind_and_language(oracle: NodeOracle) -> None:
    """At least twelve articles of 2 to 8 kB, with headings, lists and their intros."""
    files = article_files()
    stems = {path.stem for path in files}
    kinds = "news howto listicle interview announcement longread review obituary report"
    for word in f"{kinds} fr en de ja ar hi emoji".split():
        assert any(word in stem.split("-") for stem in stems), word
    assert len(files) >= 12
    for path in files:
        assert 2000 <= path.stat().st_size <= 8000, path
        pieces = {piece.kind for piece in read_pasted(path, oracle).pieces}
        assert pieces == {"title", "heading", "intro", "item", "sentence"}
