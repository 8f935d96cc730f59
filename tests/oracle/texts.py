"""Random texts of many scripts, laden with what trips a counter; the same seed, the same texts.

Owns the making of such texts; never measures one.
"""

from __future__ import annotations

import random
from typing import Final

_SCRIPTS = (
    "abcxyzABCXYZ0189",
    "àéèêëîïôûùçœæÀÉÈÇŒßÿŸıſøåñ",
    "абвгдеёжзРФ",
    "ελευθερίαϵΑΩ",
    "かなカナ漢字一二三々〆ー",
    "한국말조선",
    "ภาษาไทย",
    "हिन्दीক্ষবাংলাଓଡ଼ିଆ",
    "العربيةپاکستان",
    "עבריתשּׁ",
    "გეორგია",
    "e\u0301a\u0300o\u0302n\u0303",
    "𠀀𐐀𝒳𖼄𖽑",
)
_SIGNS = (
    " \u00a0\u202f\n\r\t.,:;!?…'\"’«»“”()[]{}<>@#$&%*+-_=/\\|~^`"
    "＠＃。．｡、・·–—•→€™©®\u200b\u200c\u200d\u200e\u2060\u2066\u202a\u202c\ufe0e\ufe0f\ufeff\u20e3"
)
_EMOJI = (
    "😀 🔥 ☺ ☺️ ❤️ ✌️ ✌🏽 ☝️🏿 👍🏽 👩🏻‍🔬 👨‍👩‍👧‍👦 👩‍👩‍👦‍👦 👨‍❤️‍💋‍👨 👁‍🗨 🏳️‍🌈 🏴‍☠️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴󠁧󠁢󠁷󠁬󠁳󠁿 🇫🇷 🇫 🇿 1️⃣ #️⃣ *⃣ "
    "⛹🏽‍♀️ 🏋️‍♂️ 🕵️‍♀️ 🧟‍♀️ 🧑‍🔧 ❤️‍🔥 🫱🏽 🧵 ⤵️ ♟️ © ©️ ™️ 👩‍⚕️ 👨‍✈️ 🏃🏾‍♂️ 🤼‍♀️ 🧞‍♂️ 👩‍🦰"
).split()
_ADDRESSES = (
    "http://example.com https://a.fr/x_(y)?z=1#t foo.com bar.co.uk/p README.md fini.Il M.Dupont "
    "https://t.co/AbC123 http://t.co/AbC123's http://a_b.c-d.com a_b.com -a.com "
    "https://t.co/aaaaaaaaaabbbbbbbbbbccccccccccddddddddddf "
    "http://-a.com http://localhost http://127.0.0.1/x https://exemple.example/chemin "
    "xn--ls8h.la http://xn--はじめ.com http://foobar.みんな/x twitter.みんなです foo.рф/П "
    "http://сайт.РФ x.vermögensberater http://a.com:8080/p?q @http://a.com $a.com #a.com a@b.com "
    "a.b.com.kids x.music/y abarth.volkswagen/un/chemin/assez/long/pour/peser onion.onion "
    "web.web foo.com?x=1 foo.com.日本.みんな/chemin 日本。example.com/ab "
    "http://例え.テスト.com/(x(y)z) HTTPS://WWW.A.COM/"
).split()
_TAGS = (
    "@bob @bob_1/list @alice@bob RT@bob rt:@bob @été @abcdefghijklmnopqrstuvwxyz #tag #été #1 "
    "#1a #a#b #日本 &#x ✌️#tag $TSLA $a.b $ABCDEFG $x_yz, ＠bob ＃tag #tag:// @bob:// .@bob #️⃣tag"
).split()
_SOUP = (
    *"aZ0é1/()?&=.,;:!'@#$%*+-_~|[]–«中 ＠Ж",
    *"http:// a.com b.fr t.co/ https:// // x.рф /(a) (b(c)d) :80 xn--a.".split(),
)
_PAIRS = "a. .com @a #a $A http:// / ( ) (a ) a.com 。 é. -a _a a_ .fr: ?a= ://".split()


def random_texts(seed: int, count: int) -> list[str]:
    """Give texts of up to some hundred characters, in an order that the seed decides."""
    source = random.Random(seed)  # noqa: S311 - the same texts every time are the point
    return [_text(source) for _ in range(count)]


def _text(source: random.Random) -> str:
    if source.random() < 0.2:
        return "".join(source.choices(_SOUP, k=source.randint(2, 30)))
    scripts = source.sample(_SCRIPTS, 2)
    hostile = source.random() < 0.3
    pieces = []
    for _ in range(source.randint(1, 24)):
        chance = source.random()
        if hostile and chance < 0.6:
            pieces.append(source.choice(_PAIRS))
        elif chance < 0.45:
            alphabet = source.choice(scripts)
            pieces.append("".join(source.choices(alphabet, k=source.randint(1, 9))))
        elif chance < 0.7:
            pieces.append(source.choice(_SIGNS))
        else:
            pieces.append(source.choice(source.choice((_EMOJI, _ADDRESSES, _TAGS))))
        if source.random() < 0.3:
            pieces.append(" ")
    return "".join(pieces)


#: Texts made to take a careless search quadratic time: each is one of these, again and again.
HOSTILE: Final = (
    "a.",
    "@",
    "#",
    "http://",
    "(",
    "$",
    "a.com",
    "a.com ",
    "a.com/(",
    "a.com/((a)",
    "a.com?!",
    "a.com/@a",
    ".com",
    "a_b.com",
    "-.com",
    "é.com.",
    "中a.com",
    "a.é.com.",
    "http://a.",
    "@a/",
    "#1",
    "#a",
    "$a.",
    "RT@",
    "a.@#$(http://",
    "。",
    "e\u0301",
    "👨\u200d",
    "🇫",
    "a.kids",
    "xn--a.",
    "a.xn--",
    "t.co/",
)
