"""What a configuration gives: the file that is found, its values, the defaults."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import MISSING, fields
from datetime import UTC, date, time, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadbot.config import (
    BlueskyAccount,
    Config,
    LedgerServer,
    Publication,
    StyleSettings,
    XAccount,
    default_config,
    load_config,
)
from threadbot.config.outline import SECTIONS
from threadbot.config.places import find_file
from threadbot.config.rules import RuleError, check_server
from threadbot.delivery.schedule import DEFAULT_SLOTS, Blackout, QuietHours, Schedule
from threadbot.errors import ConfigError
from threadbot.fetch.settings import AllowedHost, FetchSettings
from threadbot.thread.settings import Account, Person, Prices, Style
from threadbot.triggers.decisions import Rules
from threadbot.triggers.settings import Source

PROJECT = Path(__file__).parents[2]
EXAMPLE = PROJECT / "config.example.toml"


def load_text(folder: Path, text: str, **environment: str) -> Config:
    """Load a configuration with this text."""
    (folder / "config.toml").write_text(text, "utf-8")
    return load_config(None, environment, folder)


def test_the_example_loads_as_it_reads() -> None:
    """The example gives what its lines say, handles without `@`."""
    by_hand = Rules(max_backlog=None)
    config = load_config(EXAMPLE, {}, PROJECT)
    people = {"enpause": Person(x="EnPause", bluesky="enpause.example.com")}
    assert config == Config(
        publication=Publication(name="Enpause", language="fr", timezone="Europe/Paris"),
        people=people,
        prices=Prices(),
        accounts={
            "enpause-x": Account("enpause-x", "x", "EnPause", people),
            "enpause-bsky": Account("enpause-bsky", "bluesky", "enpause.example.com", people),
        },
        styles={"default": StyleSettings()},
        account_styles={"enpause-x": "default", "enpause-bsky": "default"},
        bluesky={"enpause-bsky": BlueskyAccount("https://bsky.social", "enpause-bsky")},
        x={"enpause-x": XAccount("enpause-x-key", "enpause-x-key-secret")},
        schedule=Schedule(ZoneInfo("Europe/Paris")),
        sources=(
            Source(
                "enpause-feed",
                "feed",
                url="https://enpause.example.com/feed.xml",
                accounts=("enpause-x", "enpause-bsky"),
                rules=by_hand,
            ),
            Source("enpause-folder", "folder", path=PROJECT / "articles", rules=by_hand),
            Source(
                "enpause-ghost",
                "webhook",
                sender="ghost",
                secret="enpause-hook",  # noqa: S106
                rules=by_hand,
            ),
        ),
        source=EXAMPLE,
    )


def test_the_example_has_every_key_with_a_comment() -> None:
    """Each key of the schema stands in the example, set or as a comment, and is explained."""
    lines = EXAMPLE.read_text("utf-8").split("\n")
    section = ""
    explained: set[tuple[str, str]] = set()
    for before, line in pairwise(lines):
        if header := re.fullmatch(r"\[?\[(\w+)(\.[\w-]+)?\]\]?", line):
            section = header[1]
        if key := re.match(r"(?:# )?(\w+) = ", line):
            keys = [key[1]] if section != "handles" else re.findall(r"[{,] (\w+) = ", line)
            explained |= {(section, name) for name in keys if before.startswith("# ")}
    assert explained >= {(name, key) for name, part in SECTIONS.items() for key in part.keys}


@pytest.mark.parametrize(("approval", "cap"), [("auto", 5), ("required", None)])
def test_what_waits_for_a_person_fills_no_backlog(
    tmp_path: Path, approval: str, cap: int | None
) -> None:
    """Where a person approves each thread nothing goes out by itself, however much waits."""
    text = (
        '[[source]]\nname = "desk"\nkind = "folder"\npath = "."\naccounts = ["x"]\n'
        f'approval = "{approval}"\n'
    )
    assert load_text(tmp_path, text).sources[0].rules.max_backlog == cap


def test_the_keys_that_the_example_leaves_out_load_too(tmp_path: Path) -> None:
    """A key that stands there as a comment is right as it is, once its mark is taken away."""
    text = EXAMPLE.read_text("utf-8").replace('# path = "ledger.db"\n', "")
    text, replaced = re.subn(r"(?m)^# (\w+ = )", r"\1", text)
    (tmp_path / "my-templates").mkdir()
    config = load_text(tmp_path, text)
    assert replaced == 25
    assert config.schedule.quiet == (QuietHours(time(22), time(7)),)
    assert config.schedule.blackouts == (
        Blackout(date(2026, 12, 25), date(2026, 12, 25)),
        Blackout(date(2027, 8, 1), date(2027, 8, 15)),
    )
    assert config.publication.templates == tmp_path / "my-templates"
    assert config.styles["default"].max_posts == 12
    assert config.bluesky["enpause-bsky"].self_labels == ("graphic-media",)
    assert config.secret_commands == {"enpause-bsky": ("pass", "show", "bluesky/enpause")}
    wanted = config.sources[0].rules.wanted
    assert wanted.categories == ("Politique", "Culture")
    assert wanted.max_age == timedelta(days=2)
    assert config.sources[0].link_parameters == "utm_source={network}&utm_medium=social"
    assert config.webhooks.callback_url == "https://hooks.enpause.example.com"
    assert config.fetch.allow == (AllowedHost("intranet.example"), AllowedHost("127.0.0.1", 8080))
    assert config.fetch.contact == "https://enpause.example.com/contact"
    address = "postgresql+psycopg://threadbot@db.enpause.example.com/threadbot"
    # Without the variable HOME nobody knows where the sandbox could keep its posts.
    assert config.ledger == LedgerServer(address, "database", None)


@pytest.mark.parametrize(
    ("place", "path"),
    [("sqlite:///a b.db", "a b.db"), ("sqlite:////srv/a.db", "/srv/a.db"), ("c:a.db", "c:a.db")],
)
def test_a_ledger_may_be_named_by_its_address(tmp_path: Path, place: str, path: str) -> None:
    """SQLite's form with three slashes is relative like a path, the one with four is not."""
    assert load_text(tmp_path, f"ledger.path = '{place}'").ledger == tmp_path / path


def test_values_are_what_the_file_says(tmp_path: Path) -> None:
    """Each key gets to its place in the `Config`."""
    (tmp_path / "mine").mkdir()
    config = load_text(
        tmp_path,
        """
        [publication]
        name = "P"
        language = "de"
        timezone = "UTC"
        typography = "keep"
        templates = "mine"
        [handles]
        "@Jean.Dupont" = { bluesky = "@jean.example.com" }
        [accounts.ours]
        network = "bluesky"
        handle = "ours.example.com"
        style = "quiet"
        pds = "http://localhost:2583/"
        app_password = "ours-bsky"
        threadgate = "nobody"
        labels = ["porn", "!no-unauthenticated", "porn"]
        [secrets.ours-bsky]
        command = ["op", "read", "op://a/b"]
        [style.quiet]
        template = "plain"
        coverage = "full"
        max_posts = 3
        numbering = "off"
        hashtags = 0
        [style.loud]
        numbering = "on"
        [prices]
        as_of = 2027-01-02
        post = 1
        post_with_url = 1.5
        [schedule]
        mon-thu = ["18:00", "08:30", "08:30"]
        "fri, sun" = ["10:00"]
        sat = []
        least_distance = "1h30m"
        quiet = ["22:00-07:00", "12:00-13:30"]
        blackout = [2026-12-25, "2026-12-31..2027-01-02"]
        networks = "15m"
        max_late = "1d"
        [fetch]
        allow = ["[::1]:8080", "A.example"]
        contact = "us@ours.example.com"
        timeout = 2.5
        [ledger]
        path = "state/threads.db"
        """,
    )
    people = {"jean.dupont": Person(bluesky="jean.example.com")}
    prices = Prices(date(2027, 1, 2), Decimal(1), Decimal("1.5"))
    assert config == Config(
        publication=Publication("P", "de", "UTC", "keep", tmp_path / "mine"),
        people=people,
        prices=prices,
        accounts={"ours": Account("ours", "bluesky", "ours.example.com", people, prices)},
        styles={
            "default": StyleSettings(),
            "quiet": StyleSettings("quiet", "plain", "full", 3, numbering=False, hashtags=0),
            "loud": StyleSettings("loud", numbering=True),
        },
        account_styles={"ours": "quiet"},
        bluesky={
            "ours": BlueskyAccount(
                "http://localhost:2583", "ours-bsky", "nobody", ("porn", "!no-unauthenticated")
            )
        },
        secret_commands={"ours-bsky": ("op", "read", "op://a/b")},
        schedule=Schedule(
            UTC,
            (*((time(8, 30), time(18)),) * 4, (time(10),), (), (time(10),)),
            timedelta(minutes=90),
            (QuietHours(time(22), time(7)), QuietHours(time(12), time(13, 30))),
            (
                Blackout(date(2026, 12, 25), date(2026, 12, 25)),
                Blackout(date(2026, 12, 31), date(2027, 1, 2)),
            ),
            timedelta(minutes=15),
            timedelta(days=1),
        ),
        fetch=FetchSettings(
            (AllowedHost("::1", 8080), AllowedHost("a.example")), "us@ours.example.com", 2.5
        ),
        ledger=tmp_path / "state" / "threads.db",
        source=tmp_path / "config.toml",
    )


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    """The defaults of the schema and those without it are the same."""
    config = load_text(tmp_path, "")
    assert config.source == tmp_path / "config.toml"
    assert load_text(tmp_path, "[accounts]\n[style]\n") == config
    (tmp_path / "config.toml").unlink()
    without = load_config(None, {}, tmp_path)
    assert without == default_config()
    assert {name: getattr(without, name) for name in Config.__slots__ if name != "source"} == {
        name: getattr(config, name) for name in Config.__slots__ if name != "source"
    }


def test_style_settings_are_those_of_a_style() -> None:
    """The configuration's style has every field of a thread's but the loader, and its defaults."""
    of_threads = {field.name: field.default for field in fields(Style)}
    assert of_threads.pop("loader") is MISSING
    assert {field.name: field.default for field in fields(StyleSettings)} == of_threads


def test_nothing_heavy_is_imported_without_a_file(tmp_path: Path) -> None:
    """Without file and variables the defaults come without pydantic and the schema."""
    program = (
        "import sys, pathlib, threadbot.app, threadbot.config as c; "
        "c.load_config(None, {'HOME': '/nowhere'}, pathlib.Path.cwd()); "
        "print([n for n in sys.modules if n.startswith(('pydantic', 'threadbot.config.'))])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert ran.stdout == "['threadbot.config.model', 'threadbot.config.places']\n"


def test_the_first_file_of_the_list_is_read(tmp_path: Path) -> None:
    """The command line's file comes before the variable's, the folder's, and the user's."""
    home, work = tmp_path / "home", tmp_path / "work"
    (home / ".config" / "threadbot").mkdir(parents=True)
    (home / "xdg" / "threadbot").mkdir(parents=True)
    work.mkdir()
    files = {
        "named": work / "named.toml",
        "variable": work / "variable.toml",
        "here": work / "config.toml",
        "xdg": home / "xdg" / "threadbot" / "config.toml",
        "home": home / ".config" / "threadbot" / "config.toml",
    }
    for name, file in files.items():
        file.write_text(f"publication.name = '{name}'\n")
    environment = {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "xdg")}
    named = environment | {"THREADBOT_CONFIG": "variable.toml"}

    def name_with(environment: dict[str, str], path: Path | None = None) -> str | None:
        return load_config(path, environment, work).publication.name

    assert name_with(named, Path("named.toml")) == "named"
    assert name_with(named) == "variable"
    assert name_with(environment | {"THREADBOT_CONFIG": ""}) == "here"
    files["here"].unlink()
    assert name_with(environment) == "xdg"
    assert name_with(environment | {"XDG_CONFIG_HOME": "xdg"}) == "home"
    assert name_with({}) is None


def test_a_file_elsewhere_is_shown_with_its_whole_path(tmp_path: Path) -> None:
    """Inside the working folder messages name the file by its relative path, elsewhere in full."""
    inside = find_file(tmp_path / "a" / "b.toml", {}, tmp_path)
    outside = find_file(tmp_path / "b.toml", {}, tmp_path / "a")
    assert inside is not None
    assert outside is not None
    assert (inside.shown, outside.shown) == ("a/b.toml", f"{tmp_path}/b.toml")


def test_folders_that_may_not_be_looked_into_hold_no_file(tmp_path: Path) -> None:
    """A path that the system refuses to look at is as good as one that is not there."""
    refused = str(tmp_path / ("a" * 300))
    ledger = Path(refused, ".local", "state", "threadbot", "ledger.db")
    assert load_config(None, {"HOME": refused}, tmp_path) == default_config(ledger)
    with pytest.raises(
        ConfigError, match=r"^config\.toml:1: 'publication\.templates' names no folder"
    ):
        load_text(tmp_path, f"publication.templates = '{refused}'\n")


@pytest.mark.parametrize("name", ["Europe/Paris", "America/Argentina/Ushuaia", "UTC", "Etc/GMT+5"])
def test_time_zones_of_the_database_are_known(name: str, tmp_path: Path) -> None:
    """Any name of the IANA database is taken as it is."""
    config = load_text(tmp_path, f"publication.timezone = '{name}'\n")
    assert config.publication.timezone == name


@pytest.mark.parametrize(
    ("text", "environment", "place"),
    [
        ("", {}, None),
        ("", {"HOME": "here"}, None),
        ("", {"HOME": "/home/me"}, "/home/me/.local/state/threadbot/ledger.db"),
        ("", {"HOME": "/home/me", "XDG_STATE_HOME": "/state"}, "/state/threadbot/ledger.db"),
        ("ledger.path = '/srv/a.db'", {"XDG_STATE_HOME": "/state"}, "/srv/a.db"),
        ("ledger.path = '~/a.db'", {"HOME": "/home/me"}, "/home/me/a.db"),
        ("ledger.path = 'a.db'", {}, "FOLDER/etc/a.db"),
        ("ledger.path = 'a.db'", {"THREADBOT_LEDGER_PATH": "b.db"}, "FOLDER/b.db"),
    ],
)
def test_the_ledger_is_where_the_configuration_says(
    text: str, environment: dict[str, str], place: str | None, tmp_path: Path
) -> None:
    """Without a word of it, it is in the user's folder for state; its own path is relative."""
    (tmp_path / "etc").mkdir()
    file = tmp_path / "etc" / "threadbot.toml"
    file.write_text(text)
    expected = None if place is None else Path(place.replace("FOLDER", str(tmp_path)))
    assert load_config(file, environment, tmp_path).ledger == expected


def test_no_ledger_is_named_where_there_is_no_file(tmp_path: Path) -> None:
    """The defaults know the user's folder for state, too."""
    config = load_config(None, {"XDG_STATE_HOME": "/state"}, tmp_path)
    assert config.ledger == Path("/state/threadbot/ledger.db")


@pytest.mark.parametrize(
    "address",
    [
        "https://bsky.social",
        "https://pds.example.com:8443",
        "http://localhost:2583",
        "http://127.0.0.1:2583",
        "http://[::1]:2583",
    ],
)
def test_servers_are_known_by_their_address(address: str) -> None:
    """A server is on https, or on this machine; a slash at its end makes no difference."""
    assert check_server(address) == check_server(f"{address}/") == address


@pytest.mark.parametrize(
    "address",
    [
        "bsky.social",
        "http://bsky.social",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "https://",
        "https:///a",
        "https://me:hunter2@bsky.social",
        "https://bsky.social/a",
        "https://bsky.social?a",
        "https://bsky.social#a",
        "https://bsky.social//",
        "https://bsky social",
        "https://bsky.social:port",
        "https://[::1",
        "ftp://localhost",
        "",
    ],
)
def test_what_is_no_server_is_refused(address: str) -> None:
    """Neither a path nor a password belongs to a server, nor plain http across the network."""
    with pytest.raises(RuleError, match="the address of a server"):
        check_server(address)


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        ("", (DEFAULT_SLOTS,) * 7),
        ("schedule.least_distance = '1h'", (DEFAULT_SLOTS,) * 7),
        ("schedule.daily = ['08:00']", ((time(8),),) * 7),
        ("schedule.daily = []", ((),) * 7),
        ("schedule.sat-mon = ['08:00']", ((time(8),), (), (), (), (), (time(8),), (time(8),))),
        ("schedule.sat = []", ((),) * 7),
    ],
)
def test_days_have_the_slots_that_the_file_gives_them(
    text: str, weekdays: tuple[tuple[time, ...], ...], tmp_path: Path
) -> None:
    """The default slots hold while no day is named; then a day without a key has none."""
    assert load_text(tmp_path, text).schedule.weekdays == weekdays


SECTION_NAMES = st.sampled_from([*SECTIONS, "source", "stile"])
KEY_NAMES = st.sampled_from([*(key for part in SECTIONS.values() for key in part.keys), "handel"])
NAMES = st.sampled_from(["mon-fri", "default", "enpause", '"@En Pause"', "x", "9", "news-x"])
VALUES = st.one_of(
    st.sampled_from(["1", "0", "-3.5", "1e400", "inf", f"0x{'f' * 5000}", "true", "2026-08-22"]),
    st.sampled_from(['["08:30"]', '"30m"', '["22:00-07:00"]', "[2026-12-25]", '["12:00-11:00"]']),
    st.sampled_from(['""', '"auto"', '"x"', '"fr"', '"Europe/Paris"', '"EnPause"', '"a.example"']),
    st.sampled_from(
        ["{}", "[]", "[[1]]", "{x='EnPause'}", "{x=1,y=2}", "fr", "[", "'", '"\\u0000"']
    ),
)
LINES = st.one_of(
    st.builds("[{}]".format, SECTION_NAMES),
    st.builds("[{}.{}]".format, SECTION_NAMES, NAMES),
    st.builds("[[{}]]".format, SECTION_NAMES),
    st.builds("{} = {}".format, st.one_of(KEY_NAMES, NAMES, SECTION_NAMES), VALUES),
    st.builds("{}.{}.{} = {}".format, SECTION_NAMES, NAMES, KEY_NAMES, VALUES),
)
DOCUMENTS = st.one_of(
    st.lists(LINES, max_size=8).map("\n".join).map(str.encode),
    st.text().map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(),
)


@settings(deadline=None)
@given(data=DOCUMENTS)
def test_any_file_gives_a_configuration_or_findings(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is in the file, the outcome is a `Config` or a `ConfigError` that names the file."""
    folder = tmp_path_factory.getbasetemp()
    file = folder / "any.toml"
    file.write_bytes(data)
    try:
        config = load_config(file, {}, folder)
    except ConfigError as error:
        findings = error.findings
    else:
        findings = ("any.toml: none",)
        assert set(config.account_styles) == set(config.accounts) != set()
        assert set(config.account_styles.values()) <= set(config.styles)
    assert findings
    assert all(finding.startswith("any.toml:") for finding in findings)
