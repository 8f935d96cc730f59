"""Hypothesis strategies for articles in several scripts, with everything that articles have."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from threadbot.article.model import (
    Article,
    Block,
    Code,
    Heading,
    Image,
    Link,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Table,
)

WORDS = {
    "fr": "L'IA l’Europe ouvre bientôt un bureau à Paris : « oui » 13 000 € n° 3 Cette décision",
    "en": "This is the first of many e.g. Dr. Smith @jane #tag $AAPL README.md openai.com It said",
    "de": "Die Straße führt über Köln — z. B. am 3. Mai „gut“ Dieser Weg",
    "ja": "東京で会議が開かれた 参加者は 百人 「本当ですか？」 データ、新しい。",
    "ar": "اجتمع الفريق اليوم في القاهرة ؛ هل هذا صحيح؟ نعم",
    "hi": "यह एक वाक्य है क्या सच नई दिल्ली में आज",
    "th": "สวัสดีครับวันนี้อากาศดีมากและเราจะไปตลาด",
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 🇫🇷 👍🏽 ❤️‍🔥 ok https://a.fr/b?c=d#e fini.Il ＠nom",
}
ENDINGS = [".", " !", " ?", "…", " :", "。", "؟", "।", ""]


@st.composite
def sentences(draw: st.DrawFn, longest: int = 40) -> str:
    """Give a sentence of up to `longest` words of one script."""
    words = st.sampled_from(WORDS[draw(st.sampled_from(sorted(WORDS)))].split())
    chosen = draw(st.lists(words, min_size=1, max_size=longest))
    glue = draw(st.sampled_from([" ", " ", " ", "\u00a0", ""]))
    return glue.join(chosen) + draw(st.sampled_from(ENDINGS))


texts = st.lists(sentences(), min_size=1, max_size=5).map(" ".join)
wild_texts = st.text(min_size=1, max_size=400).filter(str.strip)


@st.composite
def paragraphs(draw: st.DrawFn) -> Paragraph:
    """Give a paragraph, now and then with a link under some of its words."""
    text = draw(st.one_of(texts, texts, texts, wild_texts))
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    linked = draw(st.booleans()) and text[start:end].strip() == text[start:end]
    links = (Link(start, end, "https://example.org/page"),) if linked else ()
    return Paragraph(text, links)


items = st.recursive(
    sentences(25).map(ListItem),
    lambda inner: st.builds(
        ListItem,
        sentences(10),
        children=st.lists(inner, max_size=3).map(tuple),
        children_ordered=st.booleans(),
    ),
    max_leaves=6,
)
lists = st.builds(
    ListBlock,
    st.booleans(),
    st.lists(items, min_size=1, max_size=8).map(tuple),
    st.integers(1, 120),
)
headings = st.builds(Heading, st.integers(1, 4), st.one_of(sentences(14), sentences(60)))
blocks: st.SearchStrategy[Block] = st.one_of(
    paragraphs(),
    paragraphs(),
    headings,
    lists,
    texts.map(Quote),
    st.just(Image("a.png", "une image")),
    st.just(Code("print()")),
    st.just(Table((("a", "b"),))),
)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Give a whole article."""
    made = Article(
        title=draw(st.one_of(sentences(12), sentences(80), wild_texts)),
        blocks=tuple(draw(st.lists(blocks, max_size=14))),
        language=draw(st.sampled_from(["fr", "en", "de", "ja", "ar", "hi", None])),
        url=draw(st.sampled_from(["https://enpause.com/article", None])),
        handle=draw(st.sampled_from(["@EnPause", None])),
    )
    return replace(
        made,
        description=draw(st.one_of(st.none(), sentences(20))),
        question=draw(st.one_of(st.none(), st.none(), sentences(12))),
        tags=tuple(draw(st.lists(st.sampled_from(["IA", "open source", "Europe"]), max_size=3))),
    )
