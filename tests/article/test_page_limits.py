"""Strange and hostile pages: each gives an article or one clear error, in time and in bounds.

Each is read in a process of its own whose memory is limited, so that a test cannot harm another.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_SECONDS = 10
_MEGABYTES = 500
_SIZE = 5_000_000
_HEAD = "<html lang=en><head><title>A title</title></head><body><h1>A title</h1>"
_SENTENCE = "A sentence that is long enough to count as text, with its number {} in the midst. "

_READ = """
import resource, sys, time
from pathlib import Path
from threadbot.article import load
from threadbot.errors import SourceError
try:
    article = load(sys.stdin.buffer.read(), name="a.html", known={"title": "T", "language": "en"})
    print("blocks", len(article.blocks))
except SourceError as error:
    print("error", error)
if sys.platform == "linux":
    # What getrusage tells includes the peak of the process that started this one.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").open())
    peak = int(status["VmHWM"].split()[0]) * 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.process_time(), peak / 1e6)
"""


def _many(element: str, count: int) -> Callable[[], str]:
    return lambda: _HEAD + "".join(element.format(_SENTENCE.format(at)) for at in range(count))


def _nested(opening: str, closing: str, depth: int, times: int = 1) -> Callable[[], str]:
    one = opening * depth + _SENTENCE + closing * depth
    return lambda: _HEAD + one * times


def _named(count: int, value: str = "=1") -> str:
    return " ".join(f"a{at}{value}" for at in range(count))


def _attributes(
    count: int, value: str = "=1", before: str = "", times: int = 1
) -> Callable[[], str]:
    return lambda: _HEAD + before + f"<p {_named(count, value)}>{_SENTENCE}</p>" * times


_TOO_MANY = "error a.html: it has a tag with more than 1,000 attributes"
_CASES: dict[str, tuple[Callable[[], str], str]] = {
    "5 MB of paragraphs": (lambda: _HEAD + ("<p>" + _SENTENCE * 2 + "</p>") * 30_000, "blocks"),
    "5 MB of one paragraph": (lambda: _HEAD + "<p>" + "word " * 950_000, "blocks"),
    "5 MB of line breaks": (_many("{}<br>", 35_000), "blocks"),
    "35,000 boxes": (_many("<div>{}</div>", 35_000), "blocks"),
    "35,000 items": (_many("<li>{}", 35_000), "blocks"),
    "35,000 links": (_many("<a href=/x>{}</a> ", 30_000), ""),
    "lists of links under headings": (_many("<h2>a</h2><ul><li><a href=/x>b</a></ul>", 9_000), ""),
    "too many elements": (lambda: _HEAD + "<i>a</i>" * 50_000, "error a.html: it has more than"),
    "100,000 nested boxes": (_nested("<div>", "</div>", 100_000), "error a.html: its elements are"),
    "100,000 open tags": (lambda: _HEAD + "<b>" * 100_000 + "x", "error a.html: its elements are"),
    "deep boxes, often": (_nested("<div class=author>", "</div>", 200, 180), ""),
    "deep quotes, often": (_nested("<blockquote>", "</blockquote>", 200, 180), "blocks"),
    "deep lists, often": (_nested("<ul><li>a", "</ul>", 100, 180), "blocks"),
    "deep tables": (lambda: _HEAD + "<table>" * 200 + "<tr><td>a" * 15_000, ""),
    "a bomb of entities": (
        lambda: (
            '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">'
            + "".join(
                f'<!ENTITY {name} "{f"&{before};" * 10}">'
                for before, name in zip("abcdefgh", "bcdefghi", strict=True)
            )
            + f"]>{_HEAD}<p>&i;</p>"
        ),
        "",
    ),
    "5 MB of markup signs": (lambda: _HEAD + "<" * 4_900_000, ""),
    "5 MB of open links": (lambda: _HEAD + "<a " * 1_600_000, ""),
    "5 MB of attributes": (_attributes(500_000), _TOO_MANY),
    "attributes that hold brackets": (_attributes(20_000, "='>'"), _TOO_MANY),
    "attributes behind a quote in a comment": (
        _attributes(20_000, before='<!-- <p x=" -->'),
        _TOO_MANY,
    ),
    "attributes of a part of a page": (lambda: f"<p {_named(20_000)}>{_SENTENCE}</p>", _TOO_MANY),
    "as many attributes as are read": (_attributes(1_000, times=199), "blocks"),
    "many tags with many attributes": (
        _attributes(1_000, times=600),
        "error a.html: it has more than 200,000 attributes",
    ),
    "5 MB of one attribute": (lambda: _HEAD + f"<p class='{'meta ' * 900_000}'>x", ""),
    "5 MB of one source set": (lambda: _HEAD + f"<img srcset='{'a,' * 2_400_000}'>", ""),
    "5 MB of bold sentences": (lambda: _HEAD + "<p><b>" + "Aa. " * 1_200_000, "blocks"),
    "5 MB of a title": (lambda: f"<html><title>{'a | ' * 1_200_000}</title><p>x", ""),
    "5 MB of JSON-LD": (
        lambda: f"{_HEAD}<script type='application/ld+json'>{'[' * 4_800_000}</script>",
        "error",
    ),
    "5 MB of scripts": (lambda: f"{_HEAD}<script>{'x();' * 1_200_000}</script>", "error"),
}


# The slow ones are kept for `make fuzz`.
_SLOW = {
    "5 MB of line breaks",
    "35,000 boxes",
    "35,000 items",
    "35,000 links",
    "lists of links under headings",
    "deep quotes, often",
    "deep lists, often",
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.fuzz] * (name in _SLOW)) for name in _CASES],
)
def test_a_hostile_page_is_read_or_refused_in_time(name: str) -> None:
    """No page takes more than 10 s of the processor or 500 MB, and none ends in a fault."""
    make, answer = _CASES[name]
    result = subprocess.run(
        [sys.executable, "-c", _READ],
        input=make().encode()[:_SIZE],
        capture_output=True,
        timeout=6 * _SECONDS,  # as the machine may be busy
        check=False,
        preexec_fn=_limit,
    )
    assert result.stderr == b""
    said, costs = result.stdout.decode().splitlines()
    assert said.startswith(answer or ("blocks", "error"))
    seconds, megabytes = map(float, costs.split())
    assert seconds <= _SECONDS
    assert megabytes <= _MEGABYTES


def _limit() -> None:
    """Give the child no more memory than a machine could spare, where the system can."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
