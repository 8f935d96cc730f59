"""`threadbot publish` against the real Bluesky server, in processes of their own."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from command_line import COMMAND, TEXT, clean_environment
from PIL import Image
from prepared_process import run_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pds.server import Pds, PdsAccount

URL = "https://enpause.com/tramway"
PUBLISH = ("publish", "article.txt", "--yes", "--url", URL, "--coverage", "full")
PUBLISH_ILLUSTRATED = ("publish", "illustrated.md", "--yes", "--url", URL)


class Editor:
    """Somebody with an article, a configuration and an account on the server."""

    def __init__(self, folder: Path, pds: Pds, account: PdsAccount) -> None:
        self.folder = folder
        self.environment = clean_environment(folder) | {
            "XDG_STATE_HOME": str(folder / "state"),
            "THREADBOT_BSKY_PASSWORD": pds.app_password(account),
        }
        (folder / "article.txt").write_text(TEXT + "\n\nEncore\n\n" + "Une phrase. " * 60, "utf-8")
        (folder / "config.toml").write_text(
            f'[accounts.bsky]\nnetwork = "bluesky"\nhandle = "{account.handle}"\n'
            f'pds = "{pds.url}"\napp_password = "bsky-password"\n'
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end."""
        return run_command(arguments, self.folder, self.environment)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def illustrate(self) -> None:
        """Write another article, with a picture."""
        Image.new("RGB", (60, 40), "teal").save(self.folder / "lead.png")
        text = "# Le tram\n\n![Le tram](lead.png)\n\nIl revient.\n"
        (self.folder / "illustrated.md").write_text(text, "utf-8")

    def history(self) -> Any:
        """Give the threads that the ledger knows."""
        return json.loads(self.run("history", "--format", "json").stdout)["threads"]


@pytest.fixture
def editor(tmp_path: Path, pds: Pds, account: PdsAccount) -> Editor:
    """Give an editor who is ready to publish."""
    return Editor(tmp_path, pds, account)


def test_what_preview_shows_is_what_stands_on_the_server(
    editor: Editor, pds: Pds, account: PdsAccount
) -> None:
    """Post for post, with the card on the first and the link under the call's words."""
    seen = json.loads(
        editor.run(
            "preview", "article.txt", "--url", URL, "--coverage", "full", "--format", "json"
        ).stdout
    )
    [preview] = [thread for thread in seen["threads"] if thread["network"] == "bluesky"]
    done = editor.run(*PUBLISH)
    assert done.returncode == 0, done.stderr
    posts = [record["value"] for record in pds.posts(account)]
    assert [post["text"] for post in posts] == [post["text"] for post in preview["posts"]]
    assert posts[0]["embed"]["external"]["uri"] == URL
    assert posts[0]["langs"] == ["fr"]
    assert all(post["reply"]["root"]["uri"] for post in posts[1:])
    facets = [facet for post in posts for facet in post.get("facets", [])]
    assert URL in [feature.get("uri") for facet in facets for feature in facet["features"]]


def test_a_second_publish_posts_nothing(editor: Editor, pds: Pds, account: PdsAccount) -> None:
    """It says when and where it went out (postiz#1321, skymoth#286)."""
    editor.run(*PUBLISH)
    count = len(pds.posts(account))
    again = editor.run(*PUBLISH)
    assert again.returncode == 2
    assert b"was published on" in again.stdout
    assert b"bsky.app/profile" in again.stdout
    assert len(pds.posts(account)) == count


@pytest.mark.parametrize("fault", ["drop-before", "drop-after"])
def test_a_lost_answer_leaves_one_thread(
    editor: Editor, pds: Pds, account: PdsAccount, fault: str
) -> None:
    """Whether the commit arrived or not, it is there once and the history knows it."""
    pds.fault("drop-before" if fault == "drop-before" else "drop-after")
    done = editor.run(*PUBLISH)
    assert done.returncode == 0, done.stdout
    [known] = editor.history()
    assert known["state"] == "published"
    assert [post["uri"] for post in known["posts"]] == [
        record["uri"] for record in pds.posts(account)
    ]


def killed_after_the_commit(editor: Editor, pds: Pds, account: PdsAccount) -> int:
    """Kill a publisher when its thread is out and it does not know that; count the posts."""
    pds.fault("stall-after", ms=20_000)
    process = editor.start(*PUBLISH)
    for _ in range(200):
        if pds.posts(account):
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    count = len(pds.posts(account))
    assert count > 1
    pds.reset()
    return count


def test_a_killed_process_leaves_one_thread(editor: Editor, pds: Pds, account: PdsAccount) -> None:
    """SIGKILL between sending and reading: the next publish finds what is out, and adds nothing."""
    count = killed_after_the_commit(editor, pds, account)
    [under_way] = editor.history()
    assert under_way["state"] == "sending"
    done = editor.run(*PUBLISH)
    assert done.returncode == 0, done.stdout
    assert len(pds.posts(account)) == count
    [known] = editor.history()
    assert known["state"] == "published"
    assert len(known["posts"]) == count


def test_what_was_begun_with_other_words_is_finished_and_said(
    editor: Editor, pds: Pds, account: PdsAccount
) -> None:
    """A thread that may be out is finished first; who wanted newer words is told so."""
    count = killed_after_the_commit(editor, pds, account)
    article = editor.folder / "article.txt"
    article.write_text(article.read_text("utf-8").replace("revient", "arrive"), "utf-8")
    done = editor.run(*PUBLISH)
    assert done.returncode == 0
    assert b"begun earlier and says what the article said then" in done.stdout
    assert len(pds.posts(account)) == count


def test_deleting_takes_every_post_back(editor: Editor, pds: Pds, account: PdsAccount) -> None:
    """Nothing stays on the server, and the article may go out anew."""
    editor.run(*PUBLISH)
    [known] = editor.history()
    done = editor.run("delete", known["id"], "--yes")
    assert done.returncode == 0, done.stdout
    assert pds.posts(account) == []
    assert editor.run(*PUBLISH).returncode == 0


def test_a_thread_whose_head_was_deleted_elsewhere_can_be_ended(
    editor: Editor, pds: Pds, account: PdsAccount
) -> None:
    """Deleting takes back what still stands, gate and all, and the article may go out anew."""
    config = editor.folder / "config.toml"
    config.write_text(config.read_text() + 'threadgate = "following"\n')
    killed_after_the_commit(editor, pds, account)
    [gate] = pds.records(account, "app.bsky.feed.threadgate")
    pds.delete(account, "app.bsky.feed.post", gate["uri"].rpartition("/")[2])
    held = editor.run("resume", "1")
    assert held.returncode == 6, held.stdout
    assert b"delete it here, then publish it anew" in held.stdout
    assert editor.run(*PUBLISH).returncode == 6
    deleted = editor.run("delete", "1", "--yes")
    assert deleted.returncode == 0, deleted.stdout
    assert pds.posts(account) == []
    assert pds.records(account, "app.bsky.feed.threadgate") == []
    assert editor.run(*PUBLISH).returncode == 0
    assert [known["state"] for known in editor.history()] == ["published", "deleted"]


def test_doctor_signs_in_without_posting(editor: Editor, pds: Pds, account: PdsAccount) -> None:
    """Credentials, handle and clock are checked; a session that lasts hides no revoked password."""
    done = editor.run("doctor")
    assert done.returncode == 0, done.stdout
    assert pds.posts(account) == []
    assert editor.run(*PUBLISH).returncode == 0
    pds.revoke_app_password(account)
    wrong = editor.run("doctor")
    assert wrong.returncode == 2
    assert b"amiss" in wrong.stdout


def test_a_revoked_password_holds_the_thread(editor: Editor, pds: Pds, account: PdsAccount) -> None:
    """It says what to do, posts nothing, and goes on once that is done."""
    good = editor.environment["THREADBOT_BSKY_PASSWORD"]
    editor.environment["THREADBOT_BSKY_PASSWORD"] = "aaaa-bbbb-cccc-dddd"  # noqa: S105 - a wrong one
    held = editor.run(*PUBLISH)
    assert held.returncode == 6
    assert pds.posts(account) == []
    assert b"threadbot resume 1" in held.stdout
    editor.environment["THREADBOT_BSKY_PASSWORD"] = good
    assert editor.run("resume", "1").returncode == 0
    assert len(pds.posts(account)) > 1


def test_a_picture_that_went_missing_is_uploaded_anew(
    editor: Editor, pds: Pds, account: PdsAccount
) -> None:
    """What the refusal advises helps, and publishing once more would not."""
    editor.illustrate()
    message = "Could not find blob: bafy"
    pds.fault("answer", status=400, error="BlobNotFound", message=message)
    refused = editor.run(*PUBLISH_ILLUSTRATED)
    assert refused.returncode == 3
    assert b"resume the thread" in refused.stdout
    assert editor.run(*PUBLISH_ILLUSTRATED).returncode == 6
    assert editor.run("resume", "1").returncode == 0
    assert pds.calls("com.atproto.repo.uploadBlob") == 2
    assert "thumb" in pds.posts(account)[0]["value"]["embed"]["external"]


def test_a_picture_that_stays_missing_is_helped_by_publishing_anew(
    editor: Editor, pds: Pds, account: PdsAccount
) -> None:
    """Where the first try was in doubt its plan is kept, so that only a new thread uploads anew."""
    editor.illustrate()
    pds.fault("drop-before")
    pds.fault("answer", status=400, error="BlobNotFound", times=2)
    assert editor.run(*PUBLISH_ILLUSTRATED).returncode == 6
    assert editor.run("resume", "1").returncode == 6
    assert editor.run("delete", "1", "--yes").returncode == 0
    assert editor.run(*PUBLISH_ILLUSTRATED).returncode == 0
    assert "thumb" in pds.posts(account)[0]["value"]["embed"]["external"]


def test_every_command_closes_its_connections(editor: Editor) -> None:
    """Python, asked to tell of sockets that were left open, has nothing to tell."""
    editor.environment["PYTHONWARNINGS"] = "always::ResourceWarning"
    for arguments in (PUBLISH, PUBLISH, ("doctor",), ("resume", "1"), ("delete", "1", "--yes")):
        assert b"unclosed" not in editor.run(*arguments).stderr


def test_no_output_shows_the_password(editor: Editor) -> None:
    """Neither on success nor with --debug."""
    for arguments in (PUBLISH, ("--debug", *PUBLISH), ("doctor",)):
        done = editor.run(*arguments)
        secret = editor.environment["THREADBOT_BSKY_PASSWORD"].encode()
        assert secret not in done.stdout + done.stderr


def test_what_was_seen_last_is_posted(editor: Editor, pds: Pds, account: PdsAccount) -> None:
    """A missing secret claims nothing; the article that is edited meanwhile goes out as edited."""
    secret = editor.environment.pop("THREADBOT_BSKY_PASSWORD")
    assert editor.run(*PUBLISH).returncode == 2
    assert editor.history() == []
    article = editor.folder / "article.txt"
    article.write_text(article.read_text("utf-8").replace("revient", "arrive"), "utf-8")
    editor.environment["THREADBOT_BSKY_PASSWORD"] = secret
    assert editor.run(*PUBLISH).returncode == 0
    assert "arrive" in pds.posts(account)[0]["value"]["text"]


@pytest.mark.parametrize("out", [True, False])
def test_a_thread_whose_account_is_gone(
    editor: Editor, pds: Pds, account: PdsAccount, *, out: bool
) -> None:
    """Resume and delete say to put the account back; where nothing is out, deleting needs none."""
    if out:
        editor.run(*PUBLISH)
    else:
        pds.fault("answer", status=400, error="InvalidRequest")
        assert editor.run(*PUBLISH).returncode == 3
    config = editor.folder / "config.toml"
    known = config.read_text()
    config.write_text(known.replace("accounts.bsky", "accounts.other"))
    before = editor.history()
    resumed = editor.run("resume", "1")
    assert (resumed.returncode, resumed.stdout) == (2, b"")
    assert b"put [accounts.bsky] back there to resume the thread" in resumed.stderr
    assert editor.history() == before
    deleted = editor.run("delete", "1", "--yes")
    assert deleted.returncode == (2 if out else 0)
    assert (b"put [accounts.bsky] back" in deleted.stderr) == out
    config.write_text(known)
    assert editor.run("delete", "1", "--yes").returncode == (0 if out else 2)
    assert pds.posts(account) == []


def test_a_busy_server_is_told_with_its_time(editor: Editor, pds: Pds) -> None:
    """Why and how long a thread waits stands in what publish, resume and history say."""
    pds.fault("answer", status=429, error="RateLimitExceeded", headers={"retry-after": "3600"})
    told = json.loads(editor.run(*PUBLISH, "--format", "json").stdout)["threads"]
    again = editor.run("resume", "1", "--format", "json")
    assert again.returncode == 4
    told += json.loads(again.stdout)["threads"] + editor.history()
    assert {one["reason"] for one in told} == {f"{pds.url} asks for a pause: too many requests."}
    [until] = {one["until"] for one in told}
    wait = datetime.fromisoformat(until) - datetime.now(UTC)
    assert timedelta(minutes=55) < wait < timedelta(minutes=61)
    assert {one.get("exit_code") for one in told} == {4, None}
    shown = editor.run("history").stdout.decode()
    assert "too many requests" in " ".join(shown.split())
    assert f"{datetime.fromisoformat(until).astimezone(UTC):%d.%m.%Y %H:%M}" in shown


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Let started processes be interrupted, even where the tests themselves run unattended."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
@pytest.mark.parametrize(
    ("nsid", "said"),
    [
        ("com.atproto.repo.applyWrites", b"its last post may be out; `threadbot resume 1`"),
        ("com.atproto.server.createSession", b"posts are out; `threadbot resume 1`"),
    ],
)
def test_ctrl_c_says_what_may_be_out(
    editor: Editor, pds: Pds, account: PdsAccount, nsid: str, said: bytes
) -> None:
    """Interrupted while it sends or prepares, it names the thread and how to go on: code 130."""
    pds.fault("stall-after", nsid=nsid, ms=20_000)
    process = subprocess.Popen(
        [*COMMAND, *PUBLISH],
        cwd=editor.folder,
        env=editor.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    for _ in range(300):
        if pds.calls(nsid):
            break
        time.sleep(0.1)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said in error
    assert b"Traceback" not in error
    pds.reset()
    assert editor.run("resume", "1").returncode == 0
    assert len(pds.posts(account)) == len(editor.history()[0]["posts"]) > 1


def test_a_correction_takes_the_place_of_what_still_waits(
    editor: Editor, pds: Pds, account: PdsAccount
) -> None:
    """Told to come back in an hour, the editor mends the article: only the mended one goes out."""
    pds.fault("answer", status=429, error="RateLimitExceeded", headers={"retry-after": "3600"})
    assert editor.run(*PUBLISH).returncode == 4
    article = editor.folder / "article.txt"
    article.write_text(article.read_text("utf-8").replace("revient", "arrive"), "utf-8")
    assert editor.run(*PUBLISH).returncode == 0
    texts = [record["value"]["text"] for record in pds.posts(account)]
    assert "arrive" in texts[0]
    assert [known["state"] for known in editor.history()] == ["published", "cancelled"]
    assert len(texts) == len(editor.history()[0]["posts"])


def test_one_account_that_lacks_something_stops_all_before_the_first_post(
    editor: Editor, pds: Pds, account: PdsAccount
) -> None:
    """Nothing is posted to the others and nothing is claimed."""
    config = editor.folder / "config.toml"
    more = '[accounts.other]\nnetwork = "x"\nhandle = "enpause"\n'
    config.write_text(config.read_text() + more)
    done = editor.run(*PUBLISH)
    assert done.returncode == 2
    assert pds.posts(account) == []
    assert editor.history() == []
    assert editor.run(*PUBLISH, "--account", "bsky").returncode == 0
