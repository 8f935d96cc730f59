"""Tests of `threadbot.thread.inert`: an article's words stay words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from compositions import NETWORKS, account

from threadbot.thread import Span, bluesky_text, x_text
from threadbot.thread.inert import Words, inert, is_meant, settle
from threadbot.thread.measure import grapheme_edges

if TYPE_CHECKING:
    from threadbot.thread.model import NetworkName

J = "\u2060"
#: Network, words of an article, words of the post, values of its spans.
CASES: list[tuple[NetworkName, str, str, list[str]]] = [
    ("x", "Ask @nora now.", "Ask @NoraHayes now.", ["NoraHayes"]),
    ("bluesky", "Ask @Nora now.", "Ask @nora.hayes.com now.", ["nora.hayes.com"]),
    ("x", "Ask ＠nora now.", "Ask @NoraHayes now.", ["NoraHayes"]),
    ("x", "(@nora)", "(@NoraHayes)", ["NoraHayes"]),
    ("x", "Ask @someone, @someone_else.", "Ask someone, someone_else.", []),
    ("bluesky", "Ask @onlyx.", "Ask onlyx.", []),
    ("x", "Ask @onlyx.", "Ask @OnlyOnX.", ["OnlyOnX"]),
    ("x", "@EnPause writes.", "EnPause writes.", []),
    ("bluesky", "@enpause.com writes.", "enpause.com writes.", []),
    ("x", "Write to a@example.com.", "Write to a@example.com.", []),
    ("bluesky", "Write to a@example.com.", "Write to a@example.com.", []),
    ("x", "See README.md.", f"See README{J}.md.", []),
    ("bluesky", "See README.md.", "See README.md.", []),
    ("x", "Run setup.py.", f"Run setup{J}.py.", []),
    ("x", "C'est fini.Il part.", f"C'est fini{J}.Il part.", []),
    ("x", "ASP.NET is old.", f"ASP{J}.NET is old.", []),
    ("x", "Go to openai.com now.", "Go to openai.com now.", ["openai.com"]),
    ("bluesky", "Go to openai.com now.", "Go to openai.com now.", []),
    ("x", "Go to www.lemonde.fr.", "Go to www.lemonde.fr.", ["www.lemonde.fr"]),
    ("x", "See deploy.sh/docs.", "See deploy.sh/docs.", ["deploy.sh/docs"]),
    ("x", "See https://example.md/a.", "See https://example.md/a.", ["https://example.md/a"]),
    ("bluesky", "See https://a.fr/b.", "See https://a.fr/b.", ["https://a.fr/b"]),
    ("x", "The #IA and the #tag.", f"The #{J}IA and the #{J}tag.", []),
    ("x", "The ＃tag.", f"The ＃{J}tag.", []),
    ("bluesky", "The #IA.", "The #IA.", []),
    ("x", "$AAPL and $MSFT rise.", "$AAPL and $MSFT rise.", []),
    ("x", "Version 1.5 of C#.", "Version 1.5 of C#.", []),
    ("x", "a\U0010fffab", "ab", []),
    ("x", "0.al/＠nora", "0.al/@NoraHayes", ["0.al/@NoraHayes"]),
    ("x", "#a.al/＠nora", f"#{J}a.al/@NoraHayes", ["a.al/@NoraHayes"]),
    ("x", "0.al/(＠nora)", "0.al/(@NoraHayes)", ["0.al/(@NoraHayes)"]),
]


@pytest.mark.parametrize(("network", "text", "wanted", "values"), CASES)
def test_words_turn_into_nothing_that_nobody_means(
    network: NetworkName, text: str, wanted: str, values: list[str]
) -> None:
    """Names, tags and file names are calmed; what is meant stays and has its span."""
    words = inert(text, (), account(network))
    assert words.text == wanted
    assert [span.value for span in words.spans] == values


@pytest.mark.parametrize("text", [text for network, text, _, _ in CASES if network == "x"])
def test_x_finds_nothing_but_the_spans(text: str) -> None:
    """What X itself would link or mention in the words are exactly the spans."""
    words = inert(text, (), account())
    found = [(e.start, e.end) for e in x_text.entities(words.text) if e.kind != "cashtag"]
    assert found == [(span.start, span.end) for span in words.spans]


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(
    "address", ["https://medium.com/@someone/story", "https://medium.com/@nora/story"]
)
def test_an_address_is_never_changed(network: NetworkName, address: str) -> None:
    """An `@` inside an address is part of the address, whoever is meant by it."""
    words = inert(f"Read {address} today.", (), account(network))
    assert words.text == f"Read {address} today."
    assert words.addresses == (address,)
    assert [(span.kind, span.value) for span in words.spans] == [("link", address)]
    assert words.unnamed == ()


@pytest.mark.parametrize("handle", ["nora.bsky.social", "enpause.com"])
def test_a_handle_without_its_at_is_no_address_on_x(handle: str) -> None:
    """A Bluesky handle that loses its `@` does not become a link that X charges for."""
    words = inert(f"Ask @{handle} now.", (), account("x"))
    assert not [entity for entity in x_text.entities(words.text) if entity.kind == "url"]
    assert words.addresses == ()
    assert words.text.replace(J, "") == f"Ask {handle} now."


def test_names_that_mention_nobody_are_told() -> None:
    """The names whose `@` was dropped are listed, the account's own handle is not."""
    assert inert("@bob, @EnPause and @nora", (), account()).unnamed == ("bob",)


def test_article_links_stay_on_bluesky_and_fall_away_on_x() -> None:
    """A link under words is a facet on Bluesky; X has none, so its words stay."""
    text, link = "By @bob: the plan.", Span(9, 17, "link", "https://a.fr/")
    on_bluesky = inert(text, (link,), account("bluesky"))
    assert on_bluesky.text == "By bob: the plan."
    assert on_bluesky.spans == (Span(8, 16, "link", "https://a.fr/"),)
    assert inert(text, (link,), account("x")).spans == ()


def test_a_linked_name_stays_a_link() -> None:
    """A name under a link is no mention: a facet cannot be both."""
    words = inert("Ask @nora.", (Span(4, 9, "link", "https://a.fr/"),), account("bluesky"))
    assert (words.text, [span.kind for span in words.spans]) == ("Ask nora.", ["link"])


def test_a_linked_address_is_one_link() -> None:
    """An address that the author linked already gets no second span."""
    text = "See https://a.fr/b now."
    words = inert(text, (Span(4, 18, "link", "https://a.fr/c"),), account("bluesky"))
    assert [span.value for span in words.spans] == ["https://a.fr/c"]
    assert len(bluesky_text.facets(words.text, words.spans)) == 1


@pytest.mark.parametrize(
    ("network", "wanted", "links_at"),
    [
        ("x", "$AAPL, MSFT, T 5$ abc", (17, 20)),
        ("bluesky", "$AAPL, $MSFT, $T 5$ abc", (19, 22)),
    ],
)
def test_only_the_first_cashtag_of_a_post_stays_on_x(
    network: NetworkName, wanted: str, links_at: tuple[int, int]
) -> None:
    """X refuses a post with two cashtags, so the second loses its `$` and spans move along."""
    settled = settle(Words("$AAPL, $MSFT, $T 5$ abc", (Span(19, 22, "link", "u"),)), network)
    assert settled == Words(wanted, (Span(*links_at, "link", "u"),))


@pytest.mark.parametrize("network", NETWORKS)
def test_a_post_never_opens_with_a_mention(network: NetworkName) -> None:
    """A mention at the very start loses its `@`; any other one stays."""
    opens = Words("@nora abc", (Span(0, 5, "mention", "nora"), Span(6, 9, "link", "u")))
    assert settle(opens, network) == Words("nora abc", (Span(5, 8, "link", "u"),))
    later = Words("– @nora", (Span(2, 7, "mention", "nora"),))
    assert settle(later, network) == later
    assert settle(Words("@ is a sign"), network) == Words("@ is a sign")


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("https://README.md", True),
        ("WWW.a.fr", True),
        ("example.md/page", True),
        ("README.md", False),
        ("example.COM", False),
        ("openai.com", True),
    ],
)
def test_addresses_that_are_meant(address: str, meant: bool) -> None:  # noqa: FBT001 - a case
    """A scheme, a path or a usual domain in small letters says that an address is meant."""
    assert is_meant(address) is meant


@pytest.mark.parametrize(
    ("links", "wanted"),
    [
        ([(0, 1)], [(0, 2)]),
        ([(1, 3)], [(0, 3)]),
        ([(0, 1), (1, 2)], [(0, 2)]),
        ([(2, 3)], [(2, 3)]),
    ],
)
def test_a_link_over_half_a_character_is_widened(
    links: list[tuple[int, int]], wanted: list[tuple[int, int]]
) -> None:
    """A facet may not cut what readers see as one character."""
    spans = [Span(start, end, "link", "https://a.fr/") for start, end in links]
    found = inert("e\u0301a", spans, account("bluesky")).spans
    assert [(span.start, span.end) for span in found] == wanted


@pytest.mark.parametrize(
    "text", ["0.al\U0001f3fb", "See www.a.fr/b\u0301 now", "a.com\u200d b.com\u0301"]
)
def test_a_link_ends_with_its_last_character(text: str) -> None:
    """On X a link goes as far as the sign that readers see, with the marks that X leaves out."""
    words = inert(text, (), account("x"))
    edges = grapheme_edges(words.text)
    assert words.spans
    assert all({span.start, span.end} <= set(edges) for span in words.spans)


def test_spans_move_with_what_is_taken_away() -> None:
    """Links, mentions and shortened addresses keep their words where much before them changes."""
    address = f"https://example.org/{'a' * 200}"
    text = f"@one {address} @two {address} @nora @three here"
    span = Span(text.index("here"), len(text), "link", "https://a.fr")
    words = inert(text, (span,), account("bluesky"))
    shown = [words.text[span.start : span.end] for span in words.spans]
    cut = f"{address[:149]}…"
    assert shown == [cut, cut, "@nora.hayes.com", "here"]


def test_an_address_behind_a_second_cashtag_is_a_link() -> None:
    """Without its `$` it is an address to X, and so it is one to us."""
    settled = settle(Words("$a $http://0.al"), "x")
    assert settled.text == "$a http://0.al"
    assert [span.value for span in settled.spans] == ["http://0.al"]
