"""Where X finds addresses in a text.

Owns the search, which gives what twitter-text 3.1.0's `extractUrlsWithIndices` gives (read on
2026-11-24); never weighs a text. twitter-text tries its expression at every position, which takes
quadratic time on some texts. Here the search starts from the dots before a top-level domain, and
what lies around them is cut into labels once, so that it takes linear time.

The words used below: a *run* is a stretch of characters that a domain may hold; its *labels* lie
between dots; a label is *whole* if it may stand inside a domain from end to end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from threadbot.thread import x_grammar as grammar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

#: The longest address, with its protocol counted twice, as twitter-text does.
MAX_ADDRESS: Final = 4096
#: The longest label of a domain, in Punycode (RFC 1035).
MAX_LABEL: Final = 63
#: The longest name of a t.co address.
MAX_SHORT_NAME: Final = 40
#: What may stand within a query, but not at its end.
_INSIDE_QUERY = "!$%'()*+,.:;?@[]|~"


@dataclass(frozen=True, slots=True)
class Address:
    """An address in a text.

    Args:
        start: its first code point.
        end: the code point after the last one, as twitter-text reports it.
        counted_end: the code point after the last one that the weight of an address covers.
        written: the address as it stands in the text.
    """

    start: int
    end: int
    counted_end: int
    written: str


@dataclass(frozen=True, slots=True)
class _Domain:
    """A domain in a text.

    Args:
        start: its first code point.
        end: the code point after the last one.
        text: what twitter-text takes for it; of a first character of two units only the second.
        protocol: where its protocol starts, or -1.
        opens: whether no character stands before it that twitter-text would look at.
    """

    start: int
    end: int
    text: str
    protocol: int
    opens: bool


def tld_ends(text: str) -> dict[int, tuple[int, str]]:
    """Find the places that look like the end of a domain.

    Returns:
        For the position of each dot before a top-level domain of any list: where that ends, and
        its name in capitals, empty for one in Punycode.
    """
    ends = {}
    for match in grammar.TLD.finditer(text):
        name = (match[1] or "").upper()
        if not name or name in grammar.KNOWN_TLDS:
            ends[match.start()] = (match.end(), name)
    return ends


def addresses(
    text: str, ends: dict[int, tuple[int, str]], known: AbstractSet[str] = grammar.KNOWN_TLDS
) -> list[Address]:
    """Find the addresses in a text.

    Args:
        text: any text.
        ends: what `tld_ends` found in it.
        known: the top-level domains that count, in capitals.
    """
    accepted = {dot: end for dot, (end, name) in ends.items() if not name or name in known}
    found: list[Address] = []
    if not accepted:
        return found
    resume = 0
    for run in grammar.RUN.finditer(text):
        if run.end() > resume:
            domains = _Run(text, run.start(), run.end(), accepted)
            resume = domains.collect(resume, found)
    return found


class _Run:
    """A run with its labels, and which domain begins in each of them."""

    def __init__(self, text: str, start: int, end: int, ends: dict[int, int]) -> None:
        self.text = text
        self.ends = ends
        self.end = end
        self.dots = [dot.start() for dot in grammar.DOT.finditer(text, start, end)]
        self.starts = [start, *(dot + 1 for dot in self.dots)]
        self.last_labels = self._find_last_labels()

    def _find_last_labels(self) -> list[int]:
        """Give for each label the last one of the longest domain that goes on after it, or -1."""
        text, dots, starts = self.text, self.dots, self.starts
        last = [-1] * len(dots)
        for label in range(len(dots) - 2, -1, -1):
            start, dot = starts[label + 1], dots[label + 1]
            if start == dot or text[start] in "-_" or text[dot - 1] in "-_":
                continue
            last[label] = last[label + 1]
            if last[label] < 0 and dot in self.ends and text.find("_", start, dot) < 0:
                last[label] = label + 1
        return last

    def collect(self, resume: int, found: list[Address]) -> int:
        """Add this run's addresses to those found; give where the search goes on."""
        label = 0
        protocol = self._protocol_start(resume)
        while label < len(self.dots):
            last = self._last_label(label)
            start = -1 if last < 0 else self._domain_start(label, last, resume, protocol)
            if start >= 0:
                domain = self._domain(start, self.ends[self.dots[last]], resume, protocol)
                resume = _tail_end(self.text, domain.end)
                found.extend(self._read(domain, resume))
                label = last + 1
            elif protocol < 0:
                label += 1
            protocol = -1  # The protocol stands before the first label; its second try is without.
        return resume

    def _protocol_start(self, resume: int) -> int:
        """Give where the protocol begins that stands before the run, or -1."""
        text, start = self.text, self.starts[0]
        for length in (len("http://"), len("https://")):
            begin = start - length
            if begin < 0 or resume >= begin > 0:
                continue
            match = grammar.PROTOCOL.match(text, begin, start)
            if match and match.end() == start:
                return begin
        return -1

    def _last_label(self, label: int) -> int:
        """Give the last label of the longest domain that begins in this one, or -1."""
        dot = self.dots[label]
        if dot == self.starts[label] or self.text[dot - 1] in "-_":
            return -1
        if self.last_labels[label] >= 0:
            return self.last_labels[label]
        return label if dot in self.ends else -1

    def _domain_start(self, label: int, last: int, resume: int, protocol: int) -> int:
        """Give where a domain begins in a label, or -1; after a protocol it is the very start."""
        text, start, dot = self.text, self.starts[label], self.dots[label]
        floor = start
        if last == label:  # The label before the top-level domain holds no underscore.
            floor = max(start, text.rfind("_", start, dot) + 1)
        if protocol >= 0:
            return start if floor == start and text[start] not in "-_" else -1
        match = grammar.FIRST_OR_HALF.search(text, max(floor, resume), dot)
        if match and match.start() == resume and match[0] <= "\uffff":
            # Nothing precedes it. twitter-text allows that where the text begins, but first tries
            # whether the text's first character may precede an address.
            second = grammar.FIRST.match(text, resume + 1, dot)
            if resume == 0:
                return 1 if second else 0
            match = grammar.FIRST_OR_HALF.search(text, resume + 1, dot)
        return match.start() if match else -1

    def _domain(self, start: int, end: int, resume: int, protocol: int) -> _Domain:
        """Describe a domain as twitter-text sees it."""
        text = self.text[start:end]
        halved = (
            protocol < 0
            and text[0] > "\uffff"
            and (start <= resume or not grammar.FIRST.match(self.text, start))
        )
        if halved:
            text = chr(0xDC00 | ord(text[0]) & 0x3FF) + text[1:]
        return _Domain(start, end, text, protocol, halved or start == 0)

    def _read(self, domain: _Domain, end: int) -> Iterator[Address]:
        """Give the addresses that twitter-text reads out of one match of its expression."""
        text = self.text
        begin = domain.start if domain.protocol < 0 else domain.protocol
        length = len("https://") if domain.protocol < 0 else domain.start - begin
        if length + _units(text[begin:end]) > MAX_ADDRESS or not _is_domain(domain.text):
            return
        names = self._latin_names(domain)
        if domain.text.startswith("xn--") and not names:
            return  # Punycode holds nothing but ASCII.
        if domain.protocol < 0:
            if domain.opens or text[domain.start - 1] not in "-_./":
                yield from self._without_protocol(names, domain, end)
            return
        short = grammar.SHORT.match(text, begin, end)
        if short:
            if len(short[1]) > MAX_SHORT_NAME:
                return
            end = _query_end(text, short.end())
        yield Address(begin, end, end, text[begin:end])

    def _latin_names(self, domain: _Domain) -> list[str]:
        """Give the parts of a domain that are domains of Latin letters in themselves."""
        names = []
        position = 0
        while match := grammar.LATIN_NAMES.search(domain.text, position):
            position = match.end()
            first = match.start() + (match[0][0] == ".")
            dot = domain.text.rfind(".", first + 1, position)
            while dot >= 0 and domain.start + dot not in self.ends:
                dot = domain.text.rfind(".", first + 1, dot)
            if dot >= 0:
                name_end = self.ends[domain.start + dot] - domain.start
                names.append(domain.text[first:name_end])
                position = max(position, name_end)
        return names

    def _without_protocol(self, names: list[str], domain: _Domain, end: int) -> Iterator[Address]:
        """Give an address for each name; the last one takes the path and what follows it."""
        position = 0
        for number, name in enumerate(names, 1):
            # twitter-text, too, looks for the place where the name stands first.
            begin = domain.start + domain.text.find(name, position)
            name_end = begin + len(name)
            position = name_end - domain.start
            if number == len(names) and grammar.PATH_FOLLOWS.match(self.text, domain.end):
                counted = end if name_end == domain.end else name_end
                yield Address(begin, end, counted, name + self.text[domain.end : end])
            else:
                yield Address(begin, name_end, name_end, name)


def _tail_end(text: str, position: int) -> int:
    """Give where port, path and query end that begin at a position."""
    if match := grammar.PORT.match(text, position):
        position = match.end()
    if match := grammar.PATH.match(text, position):
        position = match.end()
    return _query_end(text, position)


def _query_end(text: str, position: int) -> int:
    match = grammar.QUERY.match(text, position)
    return position + len(match[0].rstrip(_INSIDE_QUERY)) if match else position


def _units(text: str) -> int:
    """Count as JavaScript does: a character beyond U+FFFF is two."""
    return len(text) + sum(character > "\uffff" for character in text)


def _is_domain(domain: str) -> bool:
    """Tell whether every label is short enough in Punycode, as twitter-text checks it."""
    return all(_encoded_length(label) <= MAX_LABEL for label in domain.split("."))


def _encoded_length(label: str) -> int:
    if len(label) > MAX_LABEL:
        return len(label)  # Punycode is never shorter.
    parts = re.split("[\u3002\uff0e\uff61]", label)
    encoded = [
        len(part) if re.fullmatch(r"[\x20-\x7e]*", part) else 4 + len(part.encode("punycode"))
        for part in parts
    ]
    return sum(encoded) + len(parts) - 1
