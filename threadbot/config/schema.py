"""The configuration's keys: their types, rules, defaults and meanings.

Owns what may stand in the file, section by section; a new section is a class and a line in `Root`.
Never reads anything, and words no message but a key's rule. Costs 80 ms to import: only
`threadbot.config.loading` and the tests do.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads the annotations
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from threadbot.config.model import (
    DEFAULT_STYLE,
    Publication,
    StyleSettings,
    Typography,
)
from threadbot.config.rules import RuleError, check_handle, check_timezone, exact_number
from threadbot.thread.model import NetworkName  # noqa: TC001 - pydantic reads the annotations
from threadbot.thread.settings import Coverage, ImageChoice, InlineLinks, Prices

#: The most hashtags that a style may ask for; more reads as spam on either network.
MOST_HASHTAGS = 8
#: The most that a post may cost, in US dollars; more is a slip of the decimal point.
HIGHEST_PRICE = 1000

# The defaults stand where the values are defined.
_PUBLICATION = Publication()
_STYLE = StyleSettings()
_PRICES = Prices()

#: The rule for the names of accounts and styles, in words.
NAME_RULE = "lower-case letters, digits, - and _, beginning with a letter or a digit"
#: The rule for the names of people, in words.
PERSON_RULE = "letters, digits, _, - and ., with or without @ before them"

_Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
_PersonName = Annotated[str, Field(pattern=r"^@?\w[\w.-]*$")]
_PRICE_RULE = f"a number from 0 to {HIGHEST_PRICE} with at most 6 decimals"
_Price = Annotated[
    Decimal,
    BeforeValidator(exact_number),
    Field(ge=0, le=HIGHEST_PRICE, decimal_places=6, allow_inf_nan=False),
]
_XHandle = Annotated[str, AfterValidator(lambda handle: check_handle(handle, "x"))]
_BlueskyHandle = Annotated[str, AfterValidator(lambda handle: check_handle(handle, "bluesky"))]


def _key(meaning: str, rule: str, default: object = ..., **constraints: Any) -> Any:  # noqa: ANN401 - pydantic's own
    """Describe a key.

    Args:
        meaning: what it does, for the manual.
        rule: what its value must be, to follow the words "must be".
        default: what holds without it.
        constraints: pydantic's.
    """
    return Field(
        default=default,
        description=meaning,
        json_schema_extra={"rule": rule},
        **constraints,
    )


class Table(BaseModel):
    """A table of the file: nothing is converted, and nothing unknown let through."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class PublicationTable(Table):
    """`[publication]`."""

    name: str | None = _key(
        "The publication's name. Nothing uses it yet.",
        "text of 1 to 200 characters",
        _PUBLICATION.name,
        min_length=1,
        max_length=200,
    )
    language: str | None = _key(
        "The language of articles that do not name theirs and are too short to tell it by their "
        "words.",
        'a two-letter code of ISO 639-1 such as "fr"',
        _PUBLICATION.language,
        pattern=r"^[a-z]{2}$",
    )
    timezone: Annotated[str, AfterValidator(check_timezone)] = _key(
        "The time zone in which times are given and shown. Nothing uses it until posts can be "
        "scheduled.",
        'a time zone of the IANA database such as "Europe/Paris"',
        _PUBLICATION.timezone,
    )
    typography: Typography = _key(
        'What to do with the spaces before `: ; ? ! »` and after `«`: `"fix"` makes them '
        'no-break spaces, `"keep"` leaves them as they are, `"auto"` fixes those of French.',
        '"auto", "fix" or "keep"',
        _PUBLICATION.typography,
    )
    templates: str | None = _key(
        "A folder of your own templates, looked into before the packaged ones; relative to this "
        "file (in a variable: to the working folder).",
        "the path of a folder",
        _PUBLICATION.templates,
        min_length=1,
    )


class PersonTable(Table):
    """A line of `[handles]`."""

    x: _XHandle | None = _key(
        "Their handle on X.",
        "a handle on X (1 to 15 letters, digits or underscores)",
        None,
    )
    bluesky: _BlueskyHandle | None = _key(
        "Their handle on Bluesky.",
        'a handle on Bluesky (a domain name such as "name.bsky.social")',
        None,
    )

    @model_validator(mode="after")
    def _names_somebody(self) -> PersonTable:
        if self.x is None and self.bluesky is None:
            message = "a table with 'x', 'bluesky' or both"
            raise RuleError(message)
        return self


class AccountTable(Table):
    """`[accounts.NAME]`."""

    network: NetworkName = _key("The network that the account is on.", '"x" or "bluesky"')
    handle: str | None = _key(
        "The account's own handle on its network. Without it, the byline's stands in.",
        "a handle of the account's network",
        None,
    )
    style: str = _key(
        "The style of its threads: the NAME of a `[style.NAME]` or of a folder of templates.",
        "the name of a style",
        DEFAULT_STYLE,
    )

    @field_validator("handle")
    @classmethod
    def _handle_of_its_network(cls, handle: str | None, info: ValidationInfo) -> str | None:
        network = info.data.get("network")
        if handle is None or network is None:
            return handle
        return check_handle(handle, network)


class StyleTable(Table):
    """`[style.NAME]`."""

    template: str = _key(
        'The folder of templates, your own or a packaged one (`"default"` or `"plain"`).',
        'the name of a folder of templates such as "default"',
        _STYLE.template,
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$",
    )
    coverage: Coverage = _key(
        'How much of the article is posted: `"digest"` keeps headings, lists and lead sentences, '
        '`"full"` every word.',
        '"digest" or "full"',
        _STYLE.coverage,
    )
    max_posts: int | None = _key(
        "The most posts that a thread may have. Without it, there is no cap.",
        "a whole number from 1",
        _STYLE.max_posts,
        ge=1,
    )
    numbering: Literal["auto", "on", "off"] = _key(
        'Whether posts are numbered (`2/9`): `"auto"` numbers them on X and not on Bluesky.',
        '"auto", "on" or "off"',
        "auto",
    )
    hashtags: Annotated[int, Field(ge=0, le=MOST_HASHTAGS)] | Literal["auto"] = _key(
        'The most hashtags in the last post: `"auto"` is none on X and 2 on Bluesky.',
        f'a whole number from 0 to {MOST_HASHTAGS}, or "auto"',
        "auto",
    )

    inline_links: InlineLinks = _key(
        'What becomes of the links under the article\'s own words: `"facets"` keeps them on '
        'Bluesky, `"none"` keeps the words alone. X has no such links.',
        '"facets" or "none"',
        _STYLE.inline_links,
    )
    images: ImageChoice = _key(
        'Which pictures are posted: `"lead"` the lead picture with the first post, `"all"` those '
        "in the text too. Bluesky's link card shows the lead picture in any case.",
        '"none", "lead" or "all"',
        _STYLE.images,
    )
    bullet: str = _key(
        "What stands before an item of a list without numbers.",
        "1 to 4 characters that X takes for no mention, tag or link",
        _STYLE.bullet,
        pattern=r"^[^\s@＠#＃$.\w]{1,4}$",
    )


class PricesTable(Table):
    """`[prices]`."""

    as_of: date = _key(
        "The day on which X's price list was read.",
        "a date such as 2026-08-22, without quotation marks",
        _PRICES.as_of,
    )
    post: _Price = _key(
        "What X charges for a post without an address in it, in US dollars.",
        _PRICE_RULE,
        _PRICES.post,
    )
    post_with_url: _Price = _key(
        "What X charges for a post with an address in it, in US dollars.",
        _PRICE_RULE,
        _PRICES.post_with_url,
    )
    media_metadata: _Price = _key(
        "What X charges for the alternative text of a picture, in US dollars.",
        _PRICE_RULE,
        _PRICES.media_metadata,
    )


class Root(Table):
    """The whole file. A section is one table, or a table of tables that the user names."""

    publication: PublicationTable = Field(default_factory=PublicationTable)
    handles: dict[_PersonName, PersonTable] = Field(default_factory=dict)
    accounts: dict[_Name, AccountTable] = Field(default_factory=dict)
    style: dict[_Name, StyleTable] = Field(default_factory=dict)
    prices: PricesTable = Field(default_factory=PricesTable)

    #: What the names in a section of named tables must be.
    name_rules: ClassVar[dict[str, str]] = {
        "handles": PERSON_RULE,
        "accounts": NAME_RULE,
        "style": NAME_RULE,
    }
