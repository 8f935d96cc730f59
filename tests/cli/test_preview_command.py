"""What `threadbot preview` shows when all is well."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from command_line import COMMAND, TEXT, clean_environment, threadbot
from rich.cells import cell_len

SAMPLE = Path(__file__).parents[2].parent / "shared" / "articles" / "openai-paris-bruxelles.txt"
URL = "https://enpause.com/tramway"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder that holds an article and nothing else."""
    (tmp_path / "article.txt").write_text(TEXT, "utf-8")
    return tmp_path


def json_of(folder: Path, *arguments: str, stdin: bytes = b"") -> Any:
    """Give the object that the command prints."""
    done = threadbot(folder, "preview", *arguments, "--format", "json", stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b"")
    return json.loads(done.stdout)


def networks(given: Any) -> list[str]:
    """Name the networks of an object's threads."""
    return [thread["network"] for thread in given["threads"]]


def test_both_networks_are_shown_without_a_configuration(folder: Path) -> None:
    """A stranger sees at once what the article becomes on X and on Bluesky."""
    given = json_of(folder, "article.txt", "--url", URL)
    assert networks(given) == ["x", "bluesky"]
    assert given["article"]["title"] == "Le tramway revient à Brest"
    assert given["article"]["url"] == URL
    assert given["article"]["published"] == "2026-03-07"


def test_standard_input_gives_the_same_threads(folder: Path) -> None:
    """A piped article is the article of the file."""
    piped = json_of(folder, "-", "--url", URL, stdin=TEXT.encode())
    assert piped == json_of(folder, "article.txt", "--url", URL)


@pytest.mark.parametrize("network", ["x", "bluesky"])
def test_one_network_can_be_asked_for(folder: Path, network: str) -> None:
    """`--network` leaves the other one out."""
    assert networks(json_of(folder, "article.txt", "--network", network)) == [network]


def test_accounts_are_those_of_the_configuration(folder: Path) -> None:
    """Several accounts may be named, and naming one twice shows it once."""
    (folder / "config.toml").write_text(
        '[accounts.one]\nnetwork = "x"\n[accounts.two]\nnetwork = "x"\n'
        '[accounts.three]\nnetwork = "bluesky"\n'
    )
    given = json_of(
        folder, "article.txt", "--account", "three", "--account", "one", "--account", "three"
    )
    assert [thread["account"] for thread in given["threads"]] == ["three", "one"]


def test_a_folder_of_templates_can_be_asked_for_without_a_configuration(folder: Path) -> None:
    """`--style plain` gives threads without numbers and emoji, as its templates say."""
    done = threadbot(folder, "preview", "article.txt", "--style", "plain", "--format", "text")
    assert done.returncode == 0
    assert "🧵" not in done.stdout.decode()
    usual = threadbot(folder, "preview", "article.txt", "--format", "text")
    assert "🧵" in usual.stdout.decode()


def test_the_language_can_be_given(folder: Path) -> None:
    """`--lang` wins over what the words look like."""
    given = json_of(folder, "article.txt", "--lang", "EN-gb")
    assert given["article"]["language"] == "en"


def test_a_cap_on_posts_holds(folder: Path) -> None:
    """`--max-posts` is never passed."""
    given = json_of(folder, "article.txt", "--coverage", "full", "--max-posts", "2")
    assert all(len(thread["posts"]) <= 2 for thread in given["threads"])


def test_coverage_full_says_more_than_the_digest(folder: Path) -> None:
    """With `--coverage full` nothing is left out."""
    given = json_of(folder, "article.txt", "--coverage", "full")
    assert all(thread["omitted"] == [] for thread in given["threads"])


@pytest.mark.parametrize("columns", ["60", "100", "140"])
def test_cards_in_a_pipe_are_plain_and_fit(folder: Path, columns: str) -> None:
    """A pipe gets no escape sequence, and lines as wide as `COLUMNS` says."""
    done = threadbot(
        folder, "preview", "article.txt", "--url", URL, environment={"COLUMNS": columns}
    )
    output = done.stdout.decode()
    assert done.returncode == 0
    assert "\x1b" not in output
    assert max(map(cell_len, output.splitlines())) <= int(columns)
    assert "/280" in output
    assert "/300" in output


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("output_format", ["rich", "text", "json"])
def test_a_terminal_without_unicode_is_no_reason_to_fail(
    folder: Path, encoding: str, output_format: str
) -> None:
    """A letter that the terminal lacks becomes its nearest one; JSON is UTF-8 everywhere."""
    done = threadbot(
        folder,
        *("preview", "article.txt", "--format", output_format),
        environment={"PYTHONIOENCODING": encoding, "LC_ALL": "C"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    output = done.stdout.decode("utf-8" if output_format == "json" else encoding)
    assert "Brest" in output
    assert ("🧵" in output) is (output_format == "json")


def test_cards_line_up_without_unicode(folder: Path) -> None:
    """Stand-ins are as wide as what they stand for, and words stay readable."""
    done = threadbot(
        folder,
        *("preview", "article.txt", "--url", URL, "--network", "x"),
        environment={"PYTHONIOENCODING": "ascii", "COLUMNS": "60"},
    )
    lines = done.stdout.decode("ascii").splitlines()
    assert {len(line.rstrip()) for line in lines if line.startswith(("|", "+"))} == {60}
    assert "* Recouvrance : un pont neuf" in done.stdout.decode("ascii")
    assert "arrete depuis dix ans" in " ".join(done.stdout.decode("ascii").split())


def test_a_terminal_gets_colours_unless_it_wants_none(folder: Path) -> None:
    """On a terminal the cards are coloured; with `NO_COLOR` they are bold and underlined only."""
    coloured = on_a_terminal(folder, {})
    plain = on_a_terminal(folder, {"NO_COLOR": "1"})
    assert "\x1b[1;32m" in coloured
    assert "\x1b[1m" in plain
    assert "\x1b[1;32m" not in plain
    assert ";36m" not in plain


def on_a_terminal(folder: Path, environment: dict[str, str]) -> str:
    """Run the preview on a pseudo-terminal and give what it wrote."""
    leader, follower = os.openpty()
    process = subprocess.Popen(
        [*COMMAND, "preview", "article.txt", "--url", URL],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
        cwd=folder,
        env=clean_environment(folder) | {"TERM": "xterm", "COLUMNS": "100"} | environment,
    )
    os.close(follower)
    output = b""
    try:
        while piece := os.read(leader, 65536):
            output += piece
    except OSError:
        pass  # Linux reports the end of a terminal as an error
    finally:
        os.close(leader)
    assert process.wait(timeout=30) == 0
    return output.decode()


@pytest.mark.parametrize("output_format", ["rich", "text"])
def test_every_word_of_the_posts_is_shown(folder: Path, output_format: str) -> None:
    """Cards and plain text say what the JSON object says."""
    given = json_of(folder, "article.txt", "--url", URL, "--network", "x")
    done = threadbot(
        folder,
        *("preview", "article.txt", "--url", URL, "--network", "x", "--format", output_format),
        environment={"COLUMNS": "80"},
    )
    words = done.stdout.decode().replace("│", " ").split()
    missing = [
        word
        for post in given["threads"][0]["posts"]
        for word in post["text"].split()
        if word not in words
    ]
    assert missing == []


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample article is not beside the project")
def test_the_sample_becomes_at_most_nine_posts_on_x(folder: Path) -> None:
    """An editor's digest of the sample has nine posts or fewer, none over its limit."""
    given = json_of(folder, str(SAMPLE), "--url", URL)
    x, bluesky = given["threads"]
    assert len(x["posts"]) <= 9
    assert all(post["length"] <= 280 for post in x["posts"])
    assert all(post["length"] <= 300 for post in bluesky["posts"])


def test_the_version_is_told(folder: Path) -> None:
    """`--version` prints name and version, and nothing else."""
    done = threadbot(folder, "--version")
    assert done.stdout.decode() == "threadbot 0.1.0\n"


def test_the_publications_language_is_that_of_articles_that_name_none(folder: Path) -> None:
    """It is for texts too short to tell; the words of others come first, and `--lang` wins."""
    (folder / "config.toml").write_text('[publication]\nlanguage = "it"\n')
    (folder / "bare.txt").write_text("OK\n\nValbrune, 2026.\n", "utf-8")
    (folder / "long.txt").write_text("Un titre\n\nDeux mots et une phrase entière.\n", "utf-8")
    assert json_of(folder, "bare.txt")["article"]["language"] == "it"
    assert json_of(folder, "long.txt")["article"]["language"] == "fr"
    assert json_of(folder, "bare.txt", "--lang", "fr")["article"]["language"] == "fr"
