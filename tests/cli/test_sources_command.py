"""`threadbot sources` and `threadbot poll`, run as a person would."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from command_line import TEXT, threadbot
from fetch.loopback import LoopbackServer, response
from sources.site_on_loopback import LONG, Item, rss
from sqlalchemy import select, update

from threadbot.delivery.ledger import open_ledger
from threadbot.delivery.tables import entries
from threadbot.triggers.drafts import MOST_TRIES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fetch.loopback import Answer


@pytest.fixture
def answers() -> dict[str, Answer]:
    """Give what the site answers, by path."""
    return {"/feed": feed(1)}


@pytest.fixture
def site(answers: dict[str, Answer]) -> Iterator[LoopbackServer]:
    """Give a site."""
    server = LoopbackServer(answers)
    yield server
    server.close()


def feed(*numbers: int) -> Answer:
    """Answer with a feed."""
    return response(
        rss(Item(number, dated=False) for number in numbers), Content_Type="application/rss+xml"
    )


def site_of(site: LoopbackServer) -> str:
    """Give the site's address."""
    return f"http://127.0.0.1:{site.port}"


def configured(folder: Path, site: LoopbackServer, more: str = "") -> None:
    """Follow the site's feed and a folder."""
    (folder / "articles").mkdir()
    (folder / "config.toml").write_text(
        f"""\
[accounts.ours]
network = "bluesky"

[[source]]
name = "site"
kind = "feed"
url = "http://127.0.0.1:{site.port}/feed"
{more}

[[source]]
name = "desk"
kind = "folder"
path = "articles"

[fetch]
allow = ["127.0.0.1:{site.port}"]

[ledger]
path = "ledger.db"
""",
        "utf-8",
    )


def test_a_round_by_hand_says_what_it_saw(
    tmp_path: Path, site: LoopbackServer, answers: dict[str, Answer]
) -> None:
    """The first one takes stock, the next makes drafts; sources says how each is doing."""
    configured(tmp_path, site)
    first = threadbot(tmp_path, "poll").stdout.decode()
    assert "site: 1 passed over" in first
    assert "desk: nothing new" in first
    answers["/feed"] = feed(1, 2)
    undated = TEXT.replace("Publié le 7 mars 2026 par Enpause @EnPause\n\n", "")
    (tmp_path / "articles" / "tramway.txt").write_text(undated, "utf-8")
    second = threadbot(tmp_path, "poll")
    assert second.returncode == 0
    said = second.stdout.decode()
    assert "site: 1 new, 1 known\n  “Article 2”: it is new" in said
    assert "“Article 2” became thread 1" in said
    assert "“Le tramway revient à Brest” became thread 2" in said
    listed = threadbot(tmp_path, "sources").stdout.decode()
    assert f"site: feed at http://127.0.0.1:{site.port}/feed" in listed
    assert "Article 2" in listed
    history = json.loads(threadbot(tmp_path, "history", "--format", "json").stdout)
    assert [one["state"] for one in history["threads"]] == ["draft", "draft"]


def test_the_key_in_the_address_of_a_feed_is_shown_nowhere(
    tmp_path: Path, site: LoopbackServer
) -> None:
    """A feed for subscribers has a key in its address: neither people nor programs are shown it."""
    configured(tmp_path, site)
    config = (tmp_path / "config.toml").read_text("utf-8").replace('/feed"', '/feed?key=s3cret"')
    (tmp_path / "config.toml").write_text(config, "utf-8")
    for arguments in (["poll"], ["sources"], ["sources", "--format", "json"]):
        done = threadbot(tmp_path, *arguments)
        assert b"s3cret" not in done.stdout + done.stderr
    assert f"feed at {site_of(site)}/feed?…" in threadbot(tmp_path, "sources").stdout.decode()


@pytest.mark.parametrize(
    ("settings", "address", "more"),
    [
        ("", "http://127.0.0.1:8787/webhooks/hook", "  (here; give its sender that of your web"),
        ('listen = "127.0.0.1:9000"', "http://127.0.0.1:9000/webhooks/hook", "  (here; give its"),
        ('callback_url = "https://hooks.example"', "https://hooks.example/webhooks/hook", "\n"),
    ],
)
def test_a_webhook_shows_the_address_for_its_sender(
    tmp_path: Path, site: LoopbackServer, settings: str, address: str, more: str
) -> None:
    """What it brought last is a message; nobody checks it."""
    hook = '[[source]]\nname = "hook"\nkind = "webhook"\nsender = "ghost"\nsecret = "hook"\n'
    configured(tmp_path, site, f"{hook}[webhooks]\n{settings}\n")
    listed = threadbot(tmp_path, "sources").stdout.decode()
    said = "hook: webhook of ghost\n  address       "
    assert f"{said}{address}{more}" in listed
    assert "\n  last message  never\n" in listed
    told = json.loads(threadbot(tmp_path, "sources", "--format", "json").stdout)["sources"]
    assert [one["address"] for one in told] == [None, address, None]


def test_a_webhook_is_not_asked(tmp_path: Path, site: LoopbackServer) -> None:
    """A round by hand says who takes what it sends."""
    hook = '[[source]]\nname = "hook"\nkind = "webhook"\nsender = "ghost"\nsecret = "hook"\n'
    configured(tmp_path, site, hook)
    done = threadbot(tmp_path, "poll")
    assert done.returncode == 0
    assert "hook: a webhook cannot be asked; `threadbot run` takes" in done.stdout.decode()


def test_times_are_those_of_the_publication(tmp_path: Path, site: LoopbackServer) -> None:
    """Wherever the machine is: its own clock is eleven hours off here."""
    configured(tmp_path, site)
    config = tmp_path / "config.toml"
    zone = '[publication]\ntimezone = "Pacific/Auckland"\n'
    config.write_text(zone + config.read_text("utf-8"), "utf-8")
    elsewhere = {"TZ": "Europe/London"}
    threadbot(tmp_path, "poll", "site", environment=elsewhere)
    told = json.loads(threadbot(tmp_path, "sources", "--format", "json").stdout)
    checked = datetime.fromisoformat(told["sources"][0]["checked_at"])
    shown = f"{checked.astimezone(ZoneInfo('Pacific/Auckland')):%d.%m.%Y %H:%M}"
    listed = threadbot(tmp_path, "sources", environment=elsewhere).stdout.decode()
    assert f"last check    {shown}" in listed


def show_what_cannot_be_had(folder: Path, site: LoopbackServer, answers: dict[str, Answer]) -> None:
    """Take stock of a feed, then let it show a short article whose page is not there."""
    configured(folder, site)
    threadbot(folder, "poll", "site")
    answers["/gone"] = response(b"", "404 Not Found")
    short = Item(2, content="<p>Soon. […]</p>", dated=False, address=f"{site_of(site)}/gone")
    answers["/feed"] = response(rss([short]), Content_Type="application/rss+xml")


def test_an_article_whose_page_cannot_be_had_is_said_and_tried_again(
    tmp_path: Path, site: LoopbackServer, answers: dict[str, Answer]
) -> None:
    """The line says what is wrong, and that nobody need do anything yet."""
    show_what_cannot_be_had(tmp_path, site, answers)
    done = threadbot(tmp_path, "poll", "site")
    assert done.returncode == 4
    said = done.stdout.decode()
    assert "“Article 2”: " in said
    assert said.endswith("; it is tried again later\n")
    troubles = threadbot(tmp_path, "sources").stdout.decode()
    assert "error         Article 2: " in troubles


def test_tries_by_hand_use_up_none_and_what_was_given_up_has_a_number(
    tmp_path: Path, site: LoopbackServer, answers: dict[str, Answer]
) -> None:
    """However often somebody looks, eight tries are left; after these the article waits."""
    show_what_cannot_be_had(tmp_path, site, answers)
    tries = select(entries.c.tries).where(entries.c.title == "Article 2")
    change = update(entries).where(entries.c.title == "Article 2").values
    for _ in range(3):
        assert b"; it is tried again later" in threadbot(tmp_path, "poll", "site").stdout
        with open_ledger(tmp_path / "ledger.db") as ledger, ledger.writing() as connection:
            assert connection.execute(tries).scalar_one() == 1
    with open_ledger(tmp_path / "ledger.db") as ledger, ledger.writing() as connection:
        connection.execute(change(tries=MOST_TRIES - 1, try_at=datetime.now(UTC)))
    last = threadbot(tmp_path, "poll", "site")
    said = last.stdout.decode()
    assert last.returncode == 4
    assert said.endswith(
        "; it waits for a person now, `threadbot poll --let-in 2` tries once more\n"
    )
    assert said.count("Article 2") == 1
    seen = json.loads(threadbot(tmp_path, "poll", "site", "--format", "json").stdout)
    (waiting,) = seen["sources"][0]["to_let_in"]
    assert (waiting["id"], waiting["title"]) == (2, "Article 2")
    said = threadbot(tmp_path, "poll", "site").stdout.decode()
    assert "site: `threadbot poll --let-in NUMBER` lets in what waits\n  waits      2  Art" in said
    shown = threadbot(tmp_path, "sources").stdout.decode()
    assert "  waits      2  Article 2: " in shown
    assert "\n  `threadbot poll --let-in NUMBER` lets in what waits\n" in shown


def test_a_trouble_is_said_once(
    tmp_path: Path, site: LoopbackServer, answers: dict[str, Answer]
) -> None:
    """It stands in the answer, and not in the log as well unless that is asked for."""
    show_what_cannot_be_had(tmp_path, site, answers)
    done = threadbot(tmp_path, "poll", "site")
    assert "“Article 2”: " in done.stdout.decode()
    assert done.stderr == b""
    assert "“Article 2”: " in threadbot(tmp_path, "--debug", "poll", "site").stderr.decode()


def test_what_failed_is_tried_at_once_by_hand(
    tmp_path: Path, site: LoopbackServer, answers: dict[str, Answer]
) -> None:
    """Who has mended it does not wait for the next try, and sees whether it is mended."""
    configured(tmp_path, site)
    threadbot(tmp_path, "poll", "site")
    answers["/page"] = response(b"", "404 Not Found")
    short = Item(2, content="<p>Soon. […]</p>", dated=False, address=f"{site_of(site)}/page")
    answers["/feed"] = response(rss([short]), Content_Type="application/rss+xml")
    assert threadbot(tmp_path, "poll", "site").returncode == 4
    text = f"<html><body><article><h1>Article 2</h1><p>{LONG * 12}</p></article></body></html>"
    answers["/page"] = response(text.encode(), Content_Type="text/html; charset=utf-8")
    done = threadbot(tmp_path, "poll", "site")
    assert done.returncode == 0
    assert "“Article 2” became " in done.stdout.decode()
    assert "error" not in threadbot(tmp_path, "sources").stdout.decode()


def test_every_file_that_is_no_article_is_said_until_it_is_mended(
    tmp_path: Path, site: LoopbackServer
) -> None:
    """Each has a line of its own, and stands in the JSON; a good file hides none of them."""
    configured(tmp_path, site)
    for name in ("a.txt", "b.txt"):
        (tmp_path / "articles" / name).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    done = threadbot(tmp_path, "poll", "desk")
    assert done.returncode == 4
    said = done.stdout.decode()
    assert "desk: " in said
    assert all(f"articles/{name}: it is a picture" in said for name in ("a.txt", "b.txt"))
    (tmp_path / "articles" / "a.txt").unlink()
    (tmp_path / "articles" / "good.txt").write_text(TEXT, "utf-8")
    (tmp_path / "articles" / "c.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    looked = json.loads(threadbot(tmp_path, "poll", "desk", "--format", "json").stdout)
    assert "b.txt" in looked["sources"][0]["error"]
    assert "c.txt" in looked["sources"][0]["troubles"][0]
    listed = threadbot(tmp_path, "sources").stdout.decode()
    named = [line.split("/")[-1].split(":")[0] for line in listed.split("\n") if "  error " in line]
    assert named == ["b.txt", "c.txt"]
    desk = json.loads(threadbot(tmp_path, "sources", "--format", "json").stdout)["sources"][1]
    assert "b.txt" in desk["error"]
    assert "c.txt" in desk["troubles"][0]


def test_what_waits_is_let_in_by_its_number(
    tmp_path: Path, site: LoopbackServer, answers: dict[str, Answer]
) -> None:
    """What a cap kept back becomes a draft when a person says so."""
    configured(tmp_path, site, "max_per_day = 1")
    threadbot(tmp_path, "poll", "site")
    answers["/feed"] = feed(1, 2, 3)
    seen = json.loads(threadbot(tmp_path, "poll", "site", "--format", "json").stdout)
    (looked,) = seen["sources"]
    assert (looked["new"], looked["waiting"], looked["drafts"]) == (1, 1, ["1"])
    listed = json.loads(threadbot(tmp_path, "sources", "--format", "json").stdout)
    (waiting,) = listed["sources"][0]["waiting"]
    assert waiting["title"] == "Article 2"
    done = threadbot(tmp_path, "poll", "--let-in", str(waiting["id"]))
    assert "“Article 2” became thread 2" in done.stdout.decode()
    again = threadbot(tmp_path, "poll", "--let-in", str(waiting["id"]))
    assert again.returncode == 2
    assert "no entry" in again.stderr.decode()


def test_what_was_passed_over_is_said(
    tmp_path: Path, site: LoopbackServer, answers: dict[str, Answer]
) -> None:
    """Not of the stock that was taken first; the last one since stands there with its reason."""
    configured(tmp_path, site, 'not_categories = ["Sport"]')
    threadbot(tmp_path, "poll", "site")
    assert "passed over" not in threadbot(tmp_path, "sources").stdout.decode()
    shown = [Item(1, dated=False), Item(2, dated=False, category="Sport")]
    answers["/feed"] = response(rss(shown), Content_Type="application/rss+xml")
    threadbot(tmp_path, "poll", "site")
    listed = threadbot(tmp_path, "sources").stdout.decode()
    assert "  passed over   " in listed
    (told, _) = json.loads(threadbot(tmp_path, "sources", "--format", "json").stdout)["sources"]
    passed = told["passed_over"]
    assert passed["title"] == "Article 2"
    assert f"Article 2: {passed['reason']}\n" in listed
    assert passed["at"] == told["checked_at"]


def test_a_source_that_fails_is_said_and_does_not_stop_the_others(
    tmp_path: Path, site: LoopbackServer, answers: dict[str, Answer]
) -> None:
    """Its error stands in one line, and the exit code says to try later."""
    configured(tmp_path, site)
    answers["/feed"] = response(b"", "503 Service Unavailable")
    done = threadbot(tmp_path, "poll")
    assert done.returncode == 4
    assert "site: its server is out of order (HTTP 503)" in done.stdout.decode()
    assert "desk: nothing new" in done.stdout.decode()
    assert "out of order" in threadbot(tmp_path, "sources").stdout.decode()


def test_a_mistyped_source_gets_a_suggestion(tmp_path: Path, site: LoopbackServer) -> None:
    """`sit` is taken for `site`."""
    configured(tmp_path, site)
    done = threadbot(tmp_path, "poll", "sit")
    assert done.returncode == 2
    assert b"did you mean 'site'?" in done.stderr
