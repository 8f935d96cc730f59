"""What the schema's tables are made of: how a key is described, and the types of single values.

Owns those types and the words for their rules; never knows which keys there are.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from threadbot.config.rules import (
    NAME,
    check_allowed_host,
    check_handle,
    check_ledger_path,
    check_ledger_url,
    check_secret_name,
    check_server,
    exact_number,
)

#: The most that a post may cost, in US dollars; more is a slip of the decimal point.
HIGHEST_PRICE = 1000
#: The longest that a fetch may take, in seconds.
LONGEST_TIMEOUT = 300

#: What Bluesky lets an author say of a post: those of the labels in @atproto/api
#: (src/moderation/const/labels.ts, read 2026-11-24) that are not kept from authors.
SelfLabel = Literal["porn", "sexual", "nudity", "graphic-media", "!no-unauthenticated"]

#: The rule for the names of accounts, secrets and styles, in words.
NAME_RULE = "lower-case letters, digits, - and _, beginning with a letter or a digit"
#: The rule for the names of people, in words.
PERSON_RULE = "letters, digits, _, - and ., with or without @ before them"

Name = Annotated[str, Field(pattern=NAME)]
PersonName = Annotated[str, Field(pattern=r"^@?\w[\w.-]*$")]
PRICE_RULE = f"a number from 0 to {HIGHEST_PRICE} with at most 6 decimals"
Price = Annotated[
    Decimal,
    BeforeValidator(exact_number),
    Field(ge=0, le=HIGHEST_PRICE, decimal_places=6, allow_inf_nan=False),
]
SecretName = Annotated[str, AfterValidator(check_secret_name)]
AllowedHostText = Annotated[str, AfterValidator(check_allowed_host)]
Seconds = Annotated[Decimal, BeforeValidator(exact_number), Field(ge=1, le=LONGEST_TIMEOUT)]
LedgerPath = Annotated[str, AfterValidator(check_ledger_path)]
LedgerUrl = Annotated[str, AfterValidator(check_ledger_url)]
Server = Annotated[str, AfterValidator(check_server)]
XHandle = Annotated[str, AfterValidator(lambda handle: check_handle(handle, "x"))]
BlueskyHandle = Annotated[str, AfterValidator(lambda handle: check_handle(handle, "bluesky"))]


def key(meaning: str, rule: str, default: object = ..., **constraints: Any) -> Any:  # noqa: ANN401 - pydantic's own
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
    #: What the values must be of keys that the user names, where a table allows such.
    extra_rule: ClassVar[str] = "something else"
