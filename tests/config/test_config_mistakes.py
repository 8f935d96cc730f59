"""What is said of a configuration that is wrong, word for word."""

from __future__ import annotations

import sys
import zoneinfo
from pathlib import Path

import pytest

from threadbot.config import load_config
from threadbot.config.findings import Document, Finding, render
from threadbot.config.positions import Stretch
from threadbot.config.rules import RuleError, check_timezone
from threadbot.errors import ConfigError

CASES = Path(__file__).with_name("mistakes.txt")
#: Cases that no text file can hold, in the same shape: the file's content, what is said of it.
SPECIAL = {
    "number of many digits": (
        f"[prices]\npost = 0x{'f' * 6000}\n",
        f"""\
config.toml:2: 'prices.post' must be a number from 0 to 1000 with at most 6 decimals, not a very \
long number
    post = 0x{"f" * 111}""",
    ),
    "nesting without end": (
        "a = " + "[" * 9999 + "]" * 9999,
        "config.toml: nested too deeply; no key needs that",
    ),
    "control characters and a long line": (
        f"[publication]\nnaem = '\u009b{'a' * 200}'\n",
        f"""\
config.toml:2: unknown key 'publication.naem'; did you mean 'name'?
    naem = ' {"a" * 111}
    ^^^^""",
    ),
    "password longer than a line is shown": (
        f"ledger.path = 'postgresql://me:{'hunter2' * 30}@db.example.com/threadbot'\n",
        """\
config.toml:1: 'ledger.path' must be the path of a file; the address of a PostgreSQL database is \
for 'ledger.url'
    ledger.path = '…""",
    ),
    "byte order mark and carriage returns": (
        "\ufeff[publication]\r\n\r\nname = ''\r\n",
        """\
config.toml:3: 'publication.name' must be text of 1 to 200 characters, not ""
    name = ''
           ^^""",
    ),
}


def cases() -> dict[str, tuple[str, str]]:
    """Read the cases: title, content and what is said of it, a line with a dot after each."""
    parts = CASES.read_text("utf-8").split("\n.\n")
    triples = zip(parts[0::3], parts[1::3], parts[2::3], strict=False)
    return {title.strip(): (f"{content}\n", said) for title, content, said in triples} | SPECIAL


def said_of(folder: Path, content: str | bytes, **environment: str) -> tuple[str, ...]:
    """Give what is said of a `config.toml` with this content."""
    data = content.encode() if isinstance(content, str) else content
    (folder / "config.toml").write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        load_config(None, environment, folder)
    return caught.value.findings


@pytest.mark.parametrize(("content", "said"), cases().values(), ids=cases())
def test_a_mistake_is_told_with_its_line(content: str, said: str, tmp_path: Path) -> None:
    """Each kind of mistake gives exactly one finding: file, line, what to do, the line itself."""
    assert said_of(tmp_path, content) == (said,)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """One run tells every mistake, of whatever kind, and those of the environment at the end."""
    content = (
        "[style.default]\ncoverage = 'ful'\n\n"
        "[accounts.ours]\nstyle = 'quiet'\nhandel = 'a'\n\n"
        "[handles]\nsomeone = {}\n\n[publication]\ntemplates = 'nowhere'\n\n[prise]\n"
    )
    findings = said_of(
        tmp_path, content, THREADBOT_PRICES_POST="-1", THREADBOT_PRICE_POST="1", HOME="/"
    )
    assert [finding.partition(": ")[0] for finding in findings] == [
        "config.toml:2",
        "config.toml:4",
        "config.toml:5",
        "config.toml:6",
        "config.toml:9",
        "config.toml:12",
        "config.toml:14",
        "THREADBOT_PRICES_POST",
        "THREADBOT_PRICE_POST",
    ]


def test_a_password_in_a_variable_is_not_repeated(tmp_path: Path) -> None:
    """Addresses with one are refused in a sentence that leaves them out."""
    (of_server, of_ledger) = said_of(
        tmp_path,
        "[accounts.ours]\nnetwork = 'bluesky'\n",
        THREADBOT_ACCOUNTS_OURS_PDS="https://me:hunter2@pds.example.com",
        THREADBOT_LEDGER_PATH="postgresql://me:hunter2@db.example.com/threadbot",
    )
    assert of_server == (
        "THREADBOT_ACCOUNTS_OURS_PDS: 'accounts.ours.pds' must be the address of a server without "
        "user name and password ('app_password' signs in)"
    )
    assert of_ledger == (
        "THREADBOT_LEDGER_PATH: 'ledger.path' must be the path of a file; the address of a "
        "PostgreSQL database is for 'ledger.url'"
    )


def test_a_missing_folder_of_templates_is_told(tmp_path: Path) -> None:
    """The folder is looked for beside the file, and the message says where."""
    (finding,) = said_of(tmp_path, "publication.templates = 'mine'\n")
    assert finding == (
        "config.toml:1: 'publication.templates' names no folder that there is: "
        f'"{tmp_path}/mine"; create or correct it\n'
        "    publication.templates = 'mine'\n"
        "                            ^^^^^^"
    )


def test_a_template_is_looked_for_in_the_users_folder_too(tmp_path: Path) -> None:
    """A name that is nearly one of the user's own is taken for it, also in a variable."""
    (tmp_path / "mine" / "sober").mkdir(parents=True)
    content = "publication.templates = 'mine'\nstyle.default.template = 'sober'\n"
    (tmp_path / "config.toml").write_text(content)
    assert load_config(None, {}, tmp_path).styles["default"].template == "sober"
    (finding,) = said_of(tmp_path, content, THREADBOT_STYLE_DEFAULT_TEMPLATE="sobre")
    assert finding == (
        "THREADBOT_STYLE_DEFAULT_TEMPLATE: 'style.default.template' names no folder of templates "
        'that there is: "sobre"; did you mean "sober"?'
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a = 1\nb = '\xe9'\n", "config.toml:2: not UTF-8; save the file in that encoding"),
        ("a = 1\n".encode("utf-16"), "config.toml:1: not UTF-8; save the file in that encoding"),
        (
            b"#" * 10_000_001,
            "config.toml: larger than 10 MB, so it is no configuration; name another file",
        ),
    ],
    ids=["latin-1", "utf-16", "too large"],
)
def test_a_file_that_is_no_text_is_told(data: bytes, said: str, tmp_path: Path) -> None:
    """Bytes that cannot be a configuration give one sentence."""
    assert said_of(tmp_path, data) == (said,)


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    """A missing file and a folder say so, and how the file was named."""
    (tmp_path / "folder").mkdir()
    cases = {
        "missing.toml": "missing.toml: there is no such file; correct --config",
        "folder": "folder: the file cannot be read: is a directory",
        "/missing.toml": "/missing.toml: there is no such file; correct --config",
    }
    for name, said in cases.items():
        with pytest.raises(ConfigError, match=f"^{said}$"):
            load_config(tmp_path / name, {}, tmp_path)
    with pytest.raises(
        ConfigError, match=r"^gone\.toml: there is no .* THREADBOT_CONFIG, or unset it$"
    ):
        load_config(None, {"THREADBOT_CONFIG": "gone.toml"}, tmp_path)


def test_a_finding_without_a_place_is_still_told() -> None:
    """Where no line can be found the file is named alone, and without a file the key is."""
    document = Document(shown="config.toml", text="a = 1\n\n")
    findings = [Finding(("b",), "wrong"), Finding(("a",), "wrong, too")]
    assert render(findings, document, {}) == (
        "config.toml:1: wrong, too\n    a = 1\n    ^",
        "config.toml: wrong",
    )
    assert render(findings, None, {}) == ("wrong", "wrong, too")
    assert document.point_at("empty", Stretch(6, 7)) == "config.toml:2: empty"


def test_a_machine_without_time_zones_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """UTC needs no database; for any other zone the message names the package that has one."""
    loaded = [name for name in sys.modules if name.partition(".")[0] == "tzdata"]
    for name in ("tzdata", *loaded, "tzdata.zoneinfo.Antarctica"):
        monkeypatch.setitem(sys.modules, name, None)
    zoneinfo.reset_tzpath(to=[])
    try:
        assert check_timezone("UTC") == "UTC"
        with pytest.raises(RuleError, match=r"install the Python package tzdata"):
            check_timezone("Antarctica/Troll")
    finally:
        zoneinfo.reset_tzpath()
