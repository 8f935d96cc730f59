"""The configuration's keys of sources and of the listener for webhooks.

Owns the tables `[[source]]` and `[webhooks]`; how their values go together is judged by
`source_checks`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from threadbot.config.keys import NAME_RULE, Name, SecretName, Table, key
from threadbot.config.schedule_schema import kept
from threadbot.config.source_rules import (
    ADDRESS_RULE,
    AGE_RULE,
    CALLBACK_RULE,
    INTERVAL_RULE,
    LISTEN_RULE,
    PARAMETERS_RULE,
    check_address,
    check_callback,
    check_listen,
    check_parameters,
    read_age,
    read_interval,
)
from threadbot.delivery.durations import write_duration
from threadbot.triggers.decisions import FirstRun, Rules
from threadbot.triggers.polling import Pace
from threadbot.triggers.settings import (
    Approval,
    Source,
    SourceKind,
    Timing,
    WebhookKind,
    WebhookSettings,
)

_RULES = Rules()
_PACE = Pace()
_SOURCE = Source("", "feed")
_WEBHOOKS = WebhookSettings()
_WORDS = 'a list of words such as ["Politique", "Culture"]'
_CAP_RULE = 'a whole number from 1 to 1000, or "none"'

Words = list[Annotated[str, Field(min_length=1, max_length=200)]]
Cap = Annotated[int, Field(ge=1, le=1000)] | Literal["none"]
Interval = Annotated[str, kept(read_interval)]


class SourceTable(Table):
    """`[[source]]`."""

    name: Name = key("Its name, by which it is remembered.", NAME_RULE)
    kind: SourceKind = key("What it is.", '"feed", "folder" or "webhook"')
    url: Annotated[str, AfterValidator(check_address)] | None = key(
        "Feeds only: the address.", ADDRESS_RULE, None
    )
    path: str | None = key(
        "Folders only: the folder, relative to this file; all below it counts, too.",
        "the path of a folder",
        None,
        min_length=1,
    )
    sender: WebhookKind | None = key(
        'Webhooks only: who sends them; `"standard"` is anything that follows Standard Webhooks.',
        '"ghost", "wordpress" or "standard"',
        None,
    )
    secret: SecretName | None = key(
        "Webhooks only: the NAME of the [secret](#secrets) that sender and receiver share.",
        "the name of a secret",
        None,
    )
    accounts: list[str] = key(
        "The accounts that its articles go to; without it, all.",
        'a list of names of accounts such as ["enpause-x"]',
        [],
    )
    style: str | None = key(
        "The style of its threads; without it, each account's own.", "the name of a style", None
    )
    approval: Approval = key(
        'Whether a person approves each thread; `"auto"` lets them go out by themselves.',
        '"required" or "auto"',
        _SOURCE.approval,
    )
    schedule: Timing = key(
        "When threads go out that nobody need approve: in the next free slot, or at once; in quiet "
        "hours and on a blackout date that is when these end.",
        '"next-slot" or "now"',
        _SOURCE.timing,
    )
    sandbox: bool = key(
        "Whether its threads go to the sandbox, as a trial: nothing is posted.",
        "true or false",
        _SOURCE.sandbox,
    )
    first_run: FirstRun = key(
        'What the first sight of it posts: nothing, or `"latest"`, the newest article alone.',
        '"none" or "latest"',
        _RULES.first_run,
    )
    max_per_day: Cap = key(
        "The most articles that start within 24 hours; what is above waits for a person.",
        _CAP_RULE,
        _RULES.max_per_day,
    )
    max_backlog: Cap = key(
        "The most articles that may be approved and not yet out; what is above waits for a person. "
        'It holds with `approval = "auto"` alone.',
        _CAP_RULE,
        _RULES.max_backlog,
    )
    categories: Words = key("Only articles in one of these categories.", _WORDS, [])
    not_categories: Words = key("No articles in these categories.", _WORDS, [])
    authors: Words = key("Only articles whose author's name has one of these words.", _WORDS, [])
    not_authors: Words = key("No articles whose author's name has one of these words.", _WORDS, [])
    titles: Words = key("Only articles whose title has one of these words.", _WORDS, [])
    not_titles: Words = key("No articles whose title has one of these words.", _WORDS, [])
    max_age: Annotated[str, kept(read_age)] | None = key(
        "No articles that were published longer ago.", AGE_RULE, None
    )
    link_parameters: Annotated[str, AfterValidator(check_parameters)] | None = key(
        "What is appended to the article's address in its threads; `{network}` and `{account}` "
        "stand for those.",
        PARAMETERS_RULE,
        None,
    )
    min_interval: Interval = key(
        "Feeds only: the least time between two looks.",
        INTERVAL_RULE,
        write_duration(_PACE.shortest),
    )
    max_interval: Interval = key(
        "Feeds only: the most time between two looks, as long as it answers.",
        INTERVAL_RULE,
        write_duration(_PACE.longest),
    )


class WebhooksTable(Table):
    """`[webhooks]`."""

    listen: Annotated[str, AfterValidator(check_listen)] = key(
        "Where `threadbot run` listens for webhooks, if there is a source of that kind or a "
        "`callback_url`. Put a web server with TLS before it.",
        LISTEN_RULE,
        _WEBHOOKS.listen,
    )
    callback_url: Annotated[str, AfterValidator(check_callback)] | None = key(
        "The listener's address as the outside knows it. With it, the WebSub hubs that feeds name "
        "are asked to tell of news at once.",
        CALLBACK_RULE,
        _WEBHOOKS.callback_url,
    )
