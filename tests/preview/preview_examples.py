"""An article and its threads, written by hand, that hold one of everything a preview shows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from threadbot.article.model import (
    Article,
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
from threadbot.thread.model import Card, Post, Span, Thread

if TYPE_CHECKING:
    from threadbot.thread.model import SpanKind

URL = "https://enpause.example.com/tramway"
TITLE = "Le tramway revient à Brest : trois lignes d’ici 2030"
HOOK = "La ville relance un chantier arrêté depuis dix ans. 🧵"
LIST = "Ce qui change :\n\n• Siam : plus de voitures\n• Recouvrance : un pont\u00a0neuf"


def span(text: str, words: str, kind: SpanKind, value: str) -> Span:
    """Find the last place of some words in a text and mark it."""
    start = text.rindex(words)
    return Span(start, start + len(words), kind, value)


def _article() -> Article:
    return Article(
        title=TITLE,
        blocks=(
            Paragraph("La ville relance un chantier.", (Link(3, 8, "https://brest.fr/"),)),
            Heading(2, "Ce qui change"),
            ListBlock(
                ordered=True,
                start=3,
                items=(
                    ListItem("Siam", (Link(0, 4, URL),), (ListItem("plus de voitures"),)),
                    ListItem("Recouvrance"),
                ),
            ),
            Quote("Enfin !"),
            Image("pont.jpg", "Le pont de Recouvrance"),
            Code("print(1)"),
            Table((("Ligne", "Année"), ("A", "2030"))),
        ),
        author="Enpause",
        handle="@EnPause",
        published=date(2026, 3, 7),
        language="fr",
        url=URL,
        description="Trois lignes.",
        image="tram.jpg",
        tags=("Brest", "tramway"),
        question="Le prendrez-vous ?",
    )


def _x_thread() -> Thread:
    opening = f"{TITLE}\n\n{HOOK}"
    body = f"{LIST}\n\n2/3"
    closing = f"L'article complet sur @EnPause ⤵️\n{URL}\n\n3/3"
    return Thread(
        network="x",
        account="x",
        limit=280,
        langs=("fr",),
        tags=(),
        posts=(
            Post("opening", opening, (), 107, len(opening.encode())),
            Post("body", body, (span(body, "2/3", "numbering", "2/3"),), 271, len(body.encode())),
            Post(
                "closing",
                closing,
                (
                    span(closing, "@EnPause", "mention", "EnPause"),
                    span(closing, URL, "link", URL),
                    span(closing, "3/3", "numbering", "3/3"),
                ),
                63,
                len(closing.encode()),
            ),
        ),
        omitted=tuple(f"Phrase {number} laissée de côté." for number in range(1, 9)),
        warnings=("brest.fr in the text counts as a link on X.",),
        price_usd=Decimal("0.230"),
    )


def _bluesky_thread() -> Thread:
    opening = f"{TITLE}\n\n{HOOK}"
    closing = "Lire l'article complet sur @enpause.example.com #Brest"
    return Thread(
        network="bluesky",
        account="enpause-bsky",
        limit=300,
        langs=("fr",),
        tags=("tramway",),
        posts=(
            Post(
                "opening",
                opening,
                (),
                106,
                len(opening.encode()),
                Card(URL, TITLE, "Trois lignes.", "tram.jpg"),
            ),
            Post(
                "body",
                LIST,
                (),
                70,
                2880,
                images=(Image("pont.jpg", "Le pont de Recouvrance"), Image("rue.jpg")),
            ),
            Post(
                "closing",
                closing,
                (
                    span(closing, "Lire l'article complet", "link", URL),
                    span(closing, "@enpause.example.com", "mention", "enpause.example.com"),
                    span(closing, "#Brest", "hashtag", "Brest"),
                ),
                54,
                len(closing.encode()),
            ),
        ),
        omitted=(),
        warnings=(),
        price_usd=None,
    )


#: An article with a block of each kind.
ARTICLE = _article()
#: A thread for X, which costs money.
X_THREAD = _x_thread()
#: A thread for Bluesky, with a card, images, every kind of facet and tags of the record.
BLUESKY_THREAD = _bluesky_thread()
