"""`threadbot publish` against the simulated X, in processes of their own."""

from __future__ import annotations

import json
import subprocess
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from command_line import COMMAND, TEXT, clean_environment
from prepared_process import run_command
from x_simulator import model

if TYPE_CHECKING:
    from pathlib import Path

    from x_simulator.model import XAccount
    from x_simulator.simulator import XSimulator

URL = "https://enpause.com/tramway"
PUBLISH = ("publish", "article.txt", "--yes", "--url", URL, "--coverage", "full")
SECRETS = {
    "THREADBOT_KEY": "consumer_key",
    "THREADBOT_KEY_SECRET": "consumer_secret",
    "THREADBOT_TOKEN": "access_token",
    "THREADBOT_TOKEN_SECRET": "access_token_secret",
}
TOKENS = 'access_token = "token"\naccess_token_secret = "token-secret"\n'


class Editor:
    """Somebody with an article, a configuration and an account on X.

    Args:
        folder: where it all lies.
        x: the network.
        account: on it.
    """

    def __init__(self, folder: Path, x: XSimulator, account: XAccount) -> None:
        self.folder = folder
        self.x = x
        self.account = account
        self.environment = clean_environment(folder) | {
            "XDG_STATE_HOME": str(folder / "state"),
            **{name: getattr(account, field) for name, field in SECRETS.items()},
        }
        (folder / "article.txt").write_text(TEXT + "\n\nEncore\n\n" + "Une phrase. " * 60, "utf-8")
        self.configure(TOKENS)

    def configure(self, more: str = "", handle: str | None = None) -> None:
        """Write the configuration, with further keys of the account."""
        (self.folder / "config.toml").write_text(
            f'[accounts.x]\nnetwork = "x"\nhandle = "@{handle or self.account.handle}"\n'
            f'api = "{self.x.url}"\napi_key = "key"\napi_key_secret = "key-secret"\n{more}'
        )

    def forget_tokens(self, handle: str | None = None) -> None:
        """Leave the account without tokens."""
        for name in ("THREADBOT_TOKEN", "THREADBOT_TOKEN_SECRET"):
            del self.environment[name]
        self.configure(handle=handle)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end."""
        return run_command(arguments, self.folder, self.environment)

    def history(self) -> Any:
        """Give the threads that the ledger knows."""
        return json.loads(self.run("history", "--format", "json").stdout)["threads"]


@pytest.fixture
def editor(tmp_path: Path, x: XSimulator) -> Editor:
    """Give an editor who is ready to publish."""
    return Editor(tmp_path, x, x.account("EnPause"))


def test_what_preview_shows_is_what_x_holds(editor: Editor, x: XSimulator) -> None:
    """Post for post, each a reply to the one before, in as many requests, for the price shown."""
    options = ("article.txt", "--url", URL, "--coverage", "full", "--format", "json")
    [preview] = json.loads(editor.run("preview", "--network", "x", *options).stdout)["threads"]
    done = editor.run(*PUBLISH)
    assert done.returncode == 0, done.stderr
    posts = x.posts(editor.account)
    assert [post.text for post in posts] == [post["text"] for post in preview["posts"]]
    assert [post.parent for post in posts[1:]] == [post.id for post in posts[:-1]]
    assert x.counts == {model.CREATE: len(posts)}
    assert x.spent == Decimal(str(preview["price_usd"]))
    assert f"https://x.com/EnPause/status/{posts[0].id}".encode() in done.stdout
    assert f"${x.spent:f} were spent since".encode() in editor.run("doctor").stdout


def test_an_answer_that_is_lost_is_looked_for(editor: Editor, x: XSimulator) -> None:
    """The post that is out is taken over, and the thread goes on under it."""
    x.fault("none", times=1)
    x.fault("drop", stored=True)
    done = editor.run(*PUBLISH)
    assert done.returncode == 0, done.stderr
    posts = x.posts(editor.account)
    assert x.counts[model.CREATE] == len(posts)
    assert x.counts[model.TIMELINE] == 1
    assert [post["uri"] for post in editor.history()[0]["posts"]] == [post.id for post in posts]


def test_a_thread_that_stops_in_the_middle_is_told_and_goes_on(
    editor: Editor, x: XSimulator
) -> None:
    """Where the credit ends, what is out is said with its addresses; later it goes on."""
    x.credits = x.prices.post * 2
    stopped = editor.run(*PUBLISH)
    assert stopped.returncode == 6
    out = x.posts(editor.account)
    assert len(out) == 2
    said = stopped.stdout.decode()
    assert "2 of " in said
    assert "buy more" in said
    assert all(f"/status/{post.id}" in said for post in out)
    assert "threadbot resume 1" in said
    assert "threadbot delete 1" in said
    x.credits = Decimal(100)
    resumed = editor.run("resume", "1")
    assert resumed.returncode == 0, resumed.stdout
    posts = x.posts(editor.account)
    assert posts[:2] == out
    assert [post.parent for post in posts[1:]] == [post.id for post in posts[:-1]]


def test_a_deleted_parent_stops_the_thread(editor: Editor, x: XSimulator) -> None:
    """A thread that was broken from outside is held, and can be taken back and posted anew."""
    x.credits = x.prices.post
    editor.run(*PUBLISH)
    x.delete(x.posts(editor.account)[0])
    x.credits = Decimal(100)
    broken = editor.run("resume", "1")
    assert broken.returncode == 6
    assert b"was deleted" in broken.stdout
    assert editor.run("delete", "1", "--yes").returncode == 0
    assert editor.run(*PUBLISH).returncode == 0
    assert editor.history()[0]["state"] == "published"


def test_a_person_says_which_post_is_out(editor: Editor, x: XSimulator) -> None:
    """A post whose address a person gives is taken over, if it stands in its place."""
    x.credits = x.prices.post
    editor.run(*PUBLISH)
    first = x.posts(editor.account)[0]
    x.credits = Decimal(100)
    refused = editor.run("resume", "1", "--sent", first.id)
    assert refused.returncode == 2
    assert b"is not post 2 of thread 1" in refused.stderr
    assert editor.history()[0]["state"] == "held"
    x.fault("drop", stored=True)
    x.fault("401", route=model.TIMELINE)
    held = editor.run("resume", "1")
    assert held.returncode == 6
    second = x.posts(editor.account)[1]
    done = editor.run("resume", "1", "--sent", f"https://x.com/EnPause/status/{second.id}")
    assert done.returncode == 0, done.stdout
    posts = x.posts(editor.account)
    assert posts[:2] == [first, second]
    assert len({post.text for post in posts}) == len(posts)


def test_a_person_says_that_a_post_is_not_out(editor: Editor, x: XSimulator) -> None:
    """A post of which a person says so is sent without another look."""
    x.fault("drop", stored=False)
    x.fault("401", route=model.TIMELINE)
    assert editor.run(*PUBLISH).returncode == 6
    done = editor.run("resume", "1", "--not-sent")
    assert done.returncode == 0, done.stdout
    assert x.counts[model.TIMELINE] == 1
    nothing = editor.run("resume", "1", "--not-sent")
    assert (nothing.returncode, b"is published" in nothing.stderr) == (2, True)


def test_words_that_contradict_each_other(editor: Editor) -> None:
    """A post is out, or it is not."""
    wrong = editor.run("resume", "1", "--sent", "7", "--not-sent")
    assert wrong.returncode == 2
    assert b"cannot both be true" in wrong.stderr


@pytest.mark.parametrize("limit", ["max_usd_per_thread = 0.20", "max_usd_per_month = 0.20"])
def test_a_thread_that_costs_too_much_is_refused_before_the_first_call(
    editor: Editor, x: XSimulator, limit: str
) -> None:
    """Nothing is sent, the reason names the key, and a higher limit lets it go on."""
    editor.configure(f"{TOKENS}{limit}\n")
    refused = editor.run(*PUBLISH)
    assert refused.returncode == 3
    assert limit.partition(" ")[0].encode() in refused.stdout
    assert x.requests == []
    editor.configure(TOKENS)
    assert editor.run("resume", "1").returncode == 0


def test_the_month_counts(editor: Editor, x: XSimulator) -> None:
    """What was spent before counts towards the month's limit."""
    editor.run(*PUBLISH)
    spent = x.spent
    editor.configure(f"{TOKENS}max_usd_per_month = {spent + Decimal('0.1')}\n")
    (editor.folder / "other.md").write_text("# Un autre article\n\nIl est court.\n", "utf-8")
    refused = editor.run("publish", "other.md", "--yes", "--url", "https://enpause.com/autre")
    assert refused.returncode == 3
    assert b"were spent this month" in refused.stdout


def test_the_same_words_are_not_posted_by_two_accounts(editor: Editor, x: XSimulator) -> None:
    """X forbids that: neither account posts in one run, nor the second one later."""
    keys = f'api = "{x.url}"\napi_key = "key"\napi_key_secret = "key-secret"\n{TOKENS}'
    editor.configure(f'{TOKENS}[accounts.other]\nnetwork = "x"\n{keys}')
    both = editor.run(*PUBLISH)
    assert both.returncode == 2
    assert b"would post the same words, which X forbids" in both.stderr
    assert x.requests == []
    assert editor.run(*PUBLISH, "--account", "x").returncode == 0
    second = editor.run(*PUBLISH, "--account", "other")
    assert second.returncode == 2
    assert b"would post the same words, which X forbids" in second.stderr


def test_wrong_keys(editor: Editor, x: XSimulator) -> None:
    """Keys that X refuses hold the thread before anything is out; doctor says it, too."""
    x.revoke(editor.account)
    held = editor.run(*PUBLISH)
    assert held.returncode == 6
    assert b"threadbot auth x" in held.stdout
    doctor = editor.run("doctor")
    assert doctor.returncode == 2
    assert b"amiss  x: credentials" in doctor.stdout
    assert x.posts(editor.account) == []


def test_doctor_reminds_of_the_label(editor: Editor, x: XSimulator) -> None:
    """A healthy account passes, and its owner hears what X wants of it."""
    doctor = editor.run("doctor")
    assert doctor.returncode == 0, doctor.stdout
    assert b"Automated" in doctor.stdout
    assert x.posts(editor.account) == []


def sign_in(editor: Editor, pin: str | None = None) -> tuple[int, bytes, bytes]:
    """Sign in with the PIN of the page, or a wrong one; give the exit code and what was said."""
    process = subprocess.Popen(
        [*COMMAND, "auth", "x"],
        cwd=editor.folder,
        env=editor.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        address = process.stdout.readline().decode().strip()
        told = pin or editor.x.authorize(address, editor.account)
        out, errors = process.communicate(told.encode() + b"\n", timeout=60)
    return process.returncode, out, errors


def test_the_pin_gives_the_tokens(editor: Editor, x: XSimulator) -> None:
    """After the PIN the account posts, its tokens are printed nowhere."""
    editor.forget_tokens()
    before = editor.run(*PUBLISH)
    assert before.returncode == 2
    assert b"run `threadbot auth x` once" in before.stderr
    code, said, errors = sign_in(editor)
    assert code == 0, errors
    assert b"posts as @EnPause from now on" in said
    assert editor.account.access_token.encode() not in said
    assert editor.run(*PUBLISH).returncode == 0
    assert len(x.posts(editor.account)) > 1


def test_a_wrong_pin(editor: Editor, x: XSimulator) -> None:
    """A PIN that X does not know is told, and nothing is kept."""
    editor.forget_tokens()
    code, _, errors = sign_in(editor, "0000000")
    assert code == 2
    assert b"X does not accept the PIN" in errors
    assert editor.run(*PUBLISH).returncode == 2
    x.take_complaints()


def test_the_pin_of_another_account(editor: Editor) -> None:
    """A PIN of somebody else is refused, so that no article goes out under a wrong name."""
    editor.forget_tokens(handle="Autre")
    code, _, errors = sign_in(editor)
    assert code == 2
    assert b"the PIN is @EnPause's, but the account 'x' is @Autre" in errors
