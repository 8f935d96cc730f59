"""Variables: each sets its key, and a name that is ours and unknown is an error."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadbot.config import Config, LedgerServer, load_config
from threadbot.config.environment import variable_name
from threadbot.errors import ConfigError
from threadbot.fetch.settings import AllowedHost

if TYPE_CHECKING:
    from pathlib import Path

FILE = """
publication.name = "File"
[handles]
jean = { x = "jean" }
[accounts.enpause-x]
network = "x"
[accounts.ours]
network = "bluesky"
handle = "ours.example.com"
[style.default]
coverage = "full"
[style.quiet]
[[source]]
name = "feed"
kind = "feed"
url = "https://ours.example.com/feed"
"""

#: A variable, its text, and the key's value in the `Config`.
VARIABLES = [
    ("PUBLICATION_NAME", "1984", lambda config: config.publication.name, "1984"),
    ("PUBLICATION_LANGUAGE", "de", lambda config: config.publication.language, "de"),
    (
        "PUBLICATION_TIMEZONE",
        "Asia/Tokyo",
        lambda config: config.publication.timezone,
        "Asia/Tokyo",
    ),
    ("PUBLICATION_TYPOGRAPHY", "keep", lambda config: config.publication.typography, "keep"),
    ("HANDLES_JEAN_X", "@Jean", lambda config: config.people["jean"].x, "Jean"),
    (
        "ACCOUNTS_ENPAUSE_X_HANDLE",
        "12345",
        lambda config: config.accounts["enpause-x"].handle,
        "12345",
    ),
    (
        "ACCOUNTS_ENPAUSE_X_NETWORK",
        "bluesky",
        lambda config: config.accounts["enpause-x"].network,
        "bluesky",
    ),
    (
        "ACCOUNTS_ENPAUSE_X_STYLE",
        "quiet",
        lambda config: config.account_styles["enpause-x"],
        "quiet",
    ),
    ("STYLE_DEFAULT_TEMPLATE", "plain", lambda config: config.styles["default"].template, "plain"),
    (
        "STYLE_DEFAULT_COVERAGE",
        "digest",
        lambda config: config.styles["default"].coverage,
        "digest",
    ),
    ("STYLE_QUIET_MAX_POSTS", "7", lambda config: config.styles["quiet"].max_posts, 7),
    ("STYLE_QUIET_NUMBERING", "off", lambda config: config.styles["quiet"].numbering, False),
    ("STYLE_QUIET_HASHTAGS", "3", lambda config: config.styles["quiet"].hashtags, 3),
    ("STYLE_QUIET_HASHTAGS", "auto", lambda config: config.styles["quiet"].hashtags, None),
    (
        "ACCOUNTS_OURS_APPROVAL",
        "required",
        lambda config: config.sources[0].asking,
        frozenset({"ours"}),
    ),
    (
        "ACCOUNTS_OURS_PDS",
        "http://localhost:2583",
        lambda config: config.bluesky["ours"].pds,
        "http://localhost:2583",
    ),
    (
        "ACCOUNTS_OURS_APP_PASSWORD",
        "1234",
        lambda config: config.bluesky["ours"].app_password,
        "1234",
    ),
    (
        "ACCOUNTS_OURS_LABELS",
        '["porn", "nudity"]',
        lambda config: config.bluesky["ours"].self_labels,
        ("porn", "nudity"),
    ),
    (
        "FETCH_ALLOW",
        "['127.0.0.1:80']",
        lambda config: config.fetch.allow,
        (AllowedHost("127.0.0.1", 80),),
    ),
    ("SCHEDULE_DAILY", "['09:00']", lambda config: config.schedule.weekdays[6], (time(9),)),
    (
        "SCHEDULE_QUIET",
        "['22:00-24:00']",
        lambda config: [str(quiet) for quiet in config.schedule.quiet],
        ["22:00-00:00"],
    ),
    ("SCHEDULE_MAX_LATE", "90m", lambda config: config.schedule.max_late, timedelta(minutes=90)),
    ("SCHEDULE_NETWORKS", "5m", lambda config: config.schedule.apart, timedelta(minutes=5)),
    ("FETCH_TIMEOUT", "7.5", lambda config: config.fetch.timeout, 7.5),
    ("LEDGER_PATH", "/srv/7", lambda config: str(config.ledger), "/srv/7"),
    ("LEDGER_PATH", "sqlite:////srv/7", lambda config: str(config.ledger), "/srv/7"),
    (
        "LEDGER_URL",
        "postgresql://db/7",
        lambda config: config.ledger,
        LedgerServer("postgresql://db/7"),
    ),
    ("LEDGER_KEEP", "90d", lambda config: config.keep, timedelta(days=90)),
    ("PRICES_AS_OF", "2027-02-03", lambda config: config.prices.as_of, date(2027, 2, 3)),
    ("PRICES_POST", "0.02", lambda config: config.prices.post, Decimal("0.02")),
    (
        "PRICES_POST_WITH_URL",
        "1",
        lambda config: config.accounts["enpause-x"].prices.post_with_url,
        Decimal(1),
    ),
]


def load(folder: Path, text: str | None, **variables: str) -> Config:
    """Load a file with variables, which are named without their prefix."""
    if text is not None:
        (folder / "config.toml").write_text(text)
    environment = {f"THREADBOT_{name}": value for name, value in variables.items()}
    return load_config(None, environment, folder)


@pytest.mark.parametrize(("name", "text", "read", "value"), VARIABLES)
def test_a_variable_wins_over_the_file(
    name: str, text: str, read: object, value: object, tmp_path: Path
) -> None:
    """Each key has a variable, whose text becomes the key's own type."""
    assert callable(read)
    before, after = load(tmp_path, FILE), load(tmp_path, FILE, **{name: text})
    assert read(after) == value
    assert read(before) != value or text == "auto"


def test_variables_work_without_a_file(tmp_path: Path) -> None:
    """The default style and the default accounts have variables, too."""
    config = load(
        tmp_path,
        None,
        STYLE_DEFAULT_MAX_POSTS="5",
        ACCOUNTS_BLUESKY_HANDLE="enpause.example.com",
        PUBLICATION_LANGUAGE="",
    )
    assert config.source is None
    assert config.publication.language is None
    assert config.styles["default"].max_posts == 5
    assert config.accounts["bluesky"].handle == "enpause.example.com"
    assert set(config.accounts) == {"x", "bluesky"}


def test_a_folder_in_a_variable_is_relative_to_the_working_folder(tmp_path: Path) -> None:
    """The file's folder does not matter to a path that the file does not hold."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "mine").mkdir()
    file = tmp_path / "etc" / "threadbot.toml"
    file.write_text("publication.templates = 'nowhere'\n")
    config = load_config(file, {"THREADBOT_PUBLICATION_TEMPLATES": "mine"}, tmp_path)
    assert config.publication.templates == tmp_path / "mine"


#: A variable, its text, and what is said of it.
MISTAKES = [
    line.split(" | ")
    for line in """\
PUBLICATION_LANGAUGE | fr | unknown environment variable; did you mean \
'THREADBOT_PUBLICATION_LANGUAGE'?
CONFIGG | a | unknown environment variable; did you mean 'THREADBOT_CONFIG'?
ACCOUNTS_ENPAUSE_BSKY_HANDLE | a | unknown environment variable; did you mean \
'THREADBOT_ACCOUNTS_ENPAUSE_X_HANDLE'?
QQ |  | unknown environment variable; unset it, or look up its name in the manual
ACCOUNTS_OURS_APP_PASSWORD | abcd-efgh-ijkl-mnop | 'accounts.ours.app_password' must be the name \
of a secret (lower-case letters, digits, - and _), never the password itself; \
docs/configuration.md says where that belongs
ACCOUNTS_OURS_LABELS | porn | 'accounts.ours.labels' must be a list of "porn", "sexual", "nudity", \
"graphic-media" and "!no-unauthenticated", not "porn"
ACCOUNTS_OURS_LABELS | ["porn" | 'accounts.ours.labels' must be a list of "porn", "sexual", \
"nudity", "graphic-media" and "!no-unauthenticated", not "[\\"porn\\""; did you mean "porn"?
STYLE_DEFAULT_COVERAGE | ful | 'style.default.coverage' must be "digest" or "full", not "ful"; \
did you mean "full"?
STYLE_QUIET_MAX_POSTS | many | 'style.quiet.max_posts' must be a whole number from 1, not "many"
STYLE_QUIET_MAX_POSTS | 007 | 'style.quiet.max_posts' must be a whole number from 1, not "007"
STYLE_QUIET_MAX_POSTS | 1\tx | 'style.quiet.max_posts' must be a whole number from 1, not "1\\tx"
PRICES_AS_OF | 2026-02-30 | 'prices.as_of' must be a date such as 2026-08-22, without quotation \
marks, not "2026-02-30"
ACCOUNTS_ENPAUSE_X_STYLE | quite | 'accounts.enpause-x.style' names no style that there is: \
"quite"; did you mean "quiet"?
""".splitlines()
]


@pytest.mark.parametrize(("name", "text", "said"), MISTAKES)
def test_a_mistake_in_a_variable_is_told(name: str, text: str, said: str, tmp_path: Path) -> None:
    """The variable's name stands where a file's name and line would."""
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, FILE, **{name: text})
    assert caught.value.findings == (f"THREADBOT_{name}: {said}",)


def test_a_variable_for_two_keys_is_refused(tmp_path: Path) -> None:
    """Names that differ only in what a variable cannot hold have no variable."""
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, "[style.a-b]\n[style.a_b]\n", STYLE_A_B_COVERAGE="full")
    (said,) = caught.value.findings
    assert said == (
        "THREADBOT_STYLE_A_B_COVERAGE: stands for 'style.a-b.coverage' and 'style.a_b.coverage'; "
        "unset it and set them in the file"
    )


def test_a_variable_of_a_broken_section_leaves_the_finding_to_the_file(tmp_path: Path) -> None:
    """A section that is no table is told by its line, not hidden by a variable."""
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, "prices = 3\nstyle = 4\naccounts = 5\n", PRICES_POST="1")
    assert [finding.partition(" must")[0] for finding in caught.value.findings] == [
        "config.toml:1: 'prices'",
        "config.toml:2: 'style'",
        "config.toml:3: 'accounts'",
    ]


SECRETS = """
[accounts.ours]
network = "bluesky"
handle = "ours.example.com"
app_password = "ours-bsky"
[secrets.other]
command = ["pass"]
"""


def test_the_variables_of_secrets_are_known(tmp_path: Path) -> None:
    """What an account or a section names as a secret has its two variables, and no other has."""
    load(tmp_path, SECRETS, OURS_BSKY="a", OURS_BSKY_FILE="b", OTHER="c", OTHER_FILE="d")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, SECRETS, OURS_BSKI="hunter2", OURS="hunter2")
    assert caught.value.findings == (
        "THREADBOT_OURS: unknown environment variable; unset it, or look up its name in the manual",
        "THREADBOT_OURS_BSKI: unknown environment variable; did you mean 'THREADBOT_OURS_BSKY'?",
    )


def test_a_variable_may_name_a_secret_that_a_variable_holds(tmp_path: Path) -> None:
    """An account can be set up by variables alone."""
    config = load(
        tmp_path,
        None,
        ACCOUNTS_BLUESKY_HANDLE="ours.example.com",
        ACCOUNTS_BLUESKY_APP_PASSWORD="ours",  # noqa: S106 - the name of a secret
        OURS="hunter2",
    )
    assert config.bluesky["bluesky"].app_password == "ours"  # noqa: S105 - its name
    assert "hunter2" not in repr(config)


def test_names_of_others_are_left_alone(tmp_path: Path) -> None:
    """Only names that begin with THREADBOT_ are ours."""
    others = {"THREADBOTANY": "1", "threadbot_prices_post": "x", "MY_THREADBOT_CONFIG": "x"}
    assert load_config(None, others, tmp_path) == load_config(None, {}, tmp_path)


# A search through all time zones takes its time.
@settings(max_examples=30, deadline=None)
@given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_gives_a_configuration_or_a_finding(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever a variable holds, the outcome is a `Config` or a finding with its name."""
    folder = tmp_path_factory.getbasetemp()
    for path in (("prices", "post"), ("publication", "timezone"), ("publication", "templates")):
        name = variable_name(path)
        with suppress(ConfigError):
            assert load_config(None, {name: text}, folder / "empty").source is None
            continue
        with pytest.raises(ConfigError, match=f"^{name}: .*$"):
            load_config(None, {name: text}, folder / "empty")
