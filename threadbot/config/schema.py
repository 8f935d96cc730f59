"""The configuration's keys: their types, rules, defaults and meanings.

Owns what may stand in the file, section by section; a new section is a class and a line in `Root`.
Never reads anything, and words no message but a key's rule. Costs 80 ms to import: only
`threadbot.config.loading` and the tests do.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads the annotations
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import (
    AfterValidator,
    Field,
)

from threadbot.config.accounts_schema import (  # pydantic reads the annotations
    AccountTable,  # noqa: TC001
    PersonTable,  # noqa: TC001
    SecretTable,  # noqa: TC001
)
from threadbot.config.keys import (
    LONGEST_TIMEOUT,
    NAME_RULE,
    PERSON_RULE,
    PRICE_RULE,
    AllowedHostText,
    LedgerPath,
    LedgerUrl,
    Name,
    PersonName,
    Price,
    Seconds,
    SecretName,
    Table,
    key,
)
from threadbot.config.model import (
    KEPT,
    Publication,
    StyleSettings,
    Typography,
)
from threadbot.config.rules import check_timezone
from threadbot.config.schedule_rules import KEEPING_RULE, read_keeping
from threadbot.config.schedule_schema import ScheduleTable, kept
from threadbot.config.source_schema import (  # pydantic reads the annotations
    SourceTable,
    WebhooksTable,
)
from threadbot.delivery.durations import write_duration
from threadbot.fetch.settings import DEFAULT_TIMEOUT
from threadbot.thread.settings import Coverage, ImageChoice, InlineLinks, Prices

#: The most hashtags that a style may ask for; more reads as spam on either network.
MOST_HASHTAGS = 8

# The defaults stand where the values are defined.
_PUBLICATION = Publication()
_STYLE = StyleSettings()
_PRICES = Prices()


class PublicationTable(Table):
    """`[publication]`."""

    name: str | None = key(
        "The publication's name. Nothing uses it yet.",
        "text of 1 to 200 characters",
        _PUBLICATION.name,
        min_length=1,
        max_length=200,
    )
    language: str | None = key(
        "The language of articles that do not name theirs and are too short to tell it by their "
        "words.",
        'a two-letter code of ISO 639-1 such as "fr"',
        _PUBLICATION.language,
        pattern=r"^[a-z]{2}$",
    )
    timezone: Annotated[str, AfterValidator(check_timezone)] = key(
        "The time zone in which times are given and shown, and in which slots, quiet hours and "
        "blackout dates are meant.",
        'a time zone of the IANA database such as "Europe/Paris"',
        _PUBLICATION.timezone,
    )
    typography: Typography = key(
        'What to do with the spaces before `: ; ? ! »` and after `«`: `"fix"` makes them '
        'no-break spaces, `"keep"` leaves them as they are, `"auto"` fixes those of French.',
        '"auto", "fix" or "keep"',
        _PUBLICATION.typography,
    )
    templates: str | None = key(
        "A folder of your own templates, looked into before the packaged ones; relative to this "
        "file (in a variable: to the working folder).",
        "the path of a folder",
        _PUBLICATION.templates,
        min_length=1,
    )


class StyleTable(Table):
    """`[style.NAME]`."""

    template: str = key(
        'The folder of templates, your own or a packaged one (`"default"` or `"plain"`).',
        'the name of a folder of templates such as "default"',
        _STYLE.template,
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$",
    )
    coverage: Coverage = key(
        'How much of the article is posted: `"digest"` keeps headings, lists and lead sentences, '
        '`"full"` every word.',
        '"digest" or "full"',
        _STYLE.coverage,
    )
    max_posts: int | None = key(
        "The most posts that a thread may have. Without it, there is no cap.",
        "a whole number from 1",
        _STYLE.max_posts,
        ge=1,
    )
    numbering: Literal["auto", "on", "off"] = key(
        'Whether posts are numbered (`2/9`): `"auto"` numbers them on X and not on Bluesky.',
        '"auto", "on" or "off"',
        "auto",
    )
    hashtags: Annotated[int, Field(ge=0, le=MOST_HASHTAGS)] | Literal["auto"] = key(
        'The most hashtags in the last post: `"auto"` is none on X and 2 on Bluesky.',
        f'a whole number from 0 to {MOST_HASHTAGS}, or "auto"',
        "auto",
    )

    inline_links: InlineLinks = key(
        'What becomes of the links under the article\'s own words: `"facets"` keeps them on '
        'Bluesky, `"none"` keeps the words alone. X has no such links.',
        '"facets" or "none"',
        _STYLE.inline_links,
    )
    images: ImageChoice = key(
        'Which pictures are posted: `"lead"` the lead picture with the first post, `"all"` those '
        "in the text too. Bluesky's link card shows the lead picture in any case.",
        '"none", "lead" or "all"',
        _STYLE.images,
    )
    bullet: str = key(
        "What stands before an item of a list without numbers.",
        "1 to 4 characters that X takes for no mention, tag or link",
        _STYLE.bullet,
        pattern=r"^[^\s@＠#＃$.\w]{1,4}$",
    )
    made_with_ai: bool = key(
        "Whether X is told that the posts were made with artificial intelligence.",
        "true or false",
        _STYLE.made_with_ai,
    )


class PricesTable(Table):
    """`[prices]`."""

    as_of: date = key(
        "The day on which X's price list was read.",
        "a date such as 2026-08-22, without quotation marks",
        _PRICES.as_of,
    )
    post: Price = key(
        "What X charges for a post without an address in it, in US dollars.",
        PRICE_RULE,
        _PRICES.post,
    )
    post_with_url: Price = key(
        "What X charges for a post with an address in it, in US dollars.",
        PRICE_RULE,
        _PRICES.post_with_url,
    )
    media_metadata: Price = key(
        "What X charges for the alternative text of a picture, in US dollars.",
        PRICE_RULE,
        _PRICES.media_metadata,
    )
    own_post_read: Price = key(
        "What X charges for each of the account's own posts that is read, in US dollars. Posts are "
        "only read where X did not say whether one is out.",
        PRICE_RULE,
        _PRICES.own_post_read,
    )
    delete: Price = key(
        "What X charges for the deletion of a post, in US dollars.",
        PRICE_RULE,
        _PRICES.delete,
    )


class FetchTable(Table):
    """`[fetch]`."""

    allow: list[AllowedHostText] = key(
        "Servers of yours that may be fetched from although they are not on the public internet: "
        "`HOST`, or `HOST:PORT` for another port than 80 and 443. It holds for an address that you "
        "give by hand, for files and webhooks, and for a feed with all that its entries link to on "
        "the same host and port. It never holds for what an entry, a redirect or a page of another "
        "host leads to.",
        'a list of hosts such as "intranet.example" or "127.0.0.1:8080"',
        [],
    )
    contact: str | None = key(
        "Where the owner of a server can turn to; it is sent with each request.",
        "an e-mail address or the address of a page, without spaces",
        None,
        pattern=r"^[A-Za-z0-9@:/._~?=&%+-]{1,200}$",
    )
    timeout: Seconds = key(
        "The seconds that a fetch may take, from the first look-up to the last byte.",
        f"a number from 1 to {LONGEST_TIMEOUT}",
        Decimal(DEFAULT_TIMEOUT),
    )


class LedgerTable(Table):
    """`[ledger]`."""

    path: LedgerPath | None = key(
        "The file that keeps what was published, as a path or as `sqlite:///PATH`; relative "
        "to this file (in a variable: to the working folder). Without it, `threadbot/ledger.db` in "
        "your folder for state (`$XDG_STATE_HOME`, else `~/.local/state`).",
        "the path of a file",
        None,
        min_length=1,
    )
    url: LedgerUrl | None = key(
        "In place of a file, a database on a PostgreSQL server, which several machines may share: "
        "`postgresql+psycopg://USER@HOST/DATABASE` (docs/database.md). Never with the password.",
        'the address of a PostgreSQL database such as "postgresql+psycopg://USER@HOST/DATABASE"',
        None,
    )
    password: SecretName | None = key(
        "The NAME of the [secret](#secrets) that holds the password for `url`. Without it, "
        "PostgreSQL's own ways hold: `PGPASSWORD`, `~/.pgpass`.",
        "the name of a secret",
        None,
    )
    keep: Annotated[str, kept(read_keeping)] = key(
        "For how long the words of threads that are done with are kept (docs/database.md). That an "
        "article was published, and where, is never forgotten.",
        KEEPING_RULE,
        write_duration(KEPT),
    )


class Root(Table):
    """The whole file. A section is one table, a table of tables that the user names, or a list."""

    publication: PublicationTable = Field(default_factory=PublicationTable)
    handles: dict[PersonName, PersonTable] = Field(default_factory=dict)
    accounts: dict[Name, AccountTable] = Field(default_factory=dict)
    secrets: dict[Name, SecretTable] = Field(default_factory=dict)
    style: dict[Name, StyleTable] = Field(default_factory=dict)
    prices: PricesTable = Field(default_factory=PricesTable)
    schedule: ScheduleTable = Field(default_factory=ScheduleTable)
    source: list[SourceTable] = Field(default_factory=list)
    webhooks: WebhooksTable = Field(default_factory=WebhooksTable)
    fetch: FetchTable = Field(default_factory=FetchTable)
    ledger: LedgerTable = Field(default_factory=LedgerTable)

    #: What the names in a section of named tables must be.
    name_rules: ClassVar[dict[str, str]] = {
        "handles": PERSON_RULE,
        "accounts": NAME_RULE,
        "secrets": NAME_RULE,
        "style": NAME_RULE,
    }
