"""The `threadbot` command itself: its list of commands, its messages, its exit codes.

Owns what a failure looks like to the user: one sentence on standard error and a code, never a
traceback that was not asked for.
"""

from __future__ import annotations

import sys
from itertools import takewhile
from typing import TYPE_CHECKING

import click

from threadbot.cli.lazy import LazyCommand, LazyGroup
from threadbot.errors import ThreadbotError

if TYPE_CHECKING:
    from collections.abc import Sequence

FAULT = 1
WRONG_USE = 2
INTERRUPTED = 130  # what shells report for a program that Ctrl-C ended

COMMANDS = {
    "preview": LazyCommand(
        "threadbot.cli.preview", "preview", "Show the threads that an article would become."
    ),
    "publish": LazyCommand(
        "threadbot.cli.publish", "publish", "Post the threads that preview shows."
    ),
    "schedule": LazyCommand(
        "threadbot.cli.schedule", "schedule", "Post the threads that preview shows later."
    ),
    "queue": LazyCommand(
        "threadbot.cli.queue_commands",
        "queue",
        "Show what waits, is under way or is held, and change it.",
    ),
    "resume": LazyCommand(
        "threadbot.cli.threads", "resume", "Go on with a thread that was held or interrupted."
    ),
    "delete": LazyCommand(
        "threadbot.cli.threads", "delete", "Delete a thread's posts from its network."
    ),
    "history": LazyCommand(
        "threadbot.cli.threads",
        "history",
        "Show what was published, and what is under way or held.",
    ),
    "run": LazyCommand(
        "threadbot.cli.worker", "run", "Carry threads out when they are due, until Ctrl-C."
    ),
    "sources": LazyCommand(
        "threadbot.cli.sources",
        "sources",
        "Show where articles come from, and how each source is doing.",
    ),
    "poll": LazyCommand(
        "threadbot.cli.poll",
        "poll",
        "Look at all sources once, or at the one called NAME, and say what was seen.",
    ),
    "db": LazyCommand("threadbot.cli.db", "db", "Look after the ledger's database."),
    "auth": LazyCommand("threadbot.cli.auth", "auth", "Sign in to a network."),
    "doctor": LazyCommand(
        "threadbot.cli.doctor",
        "doctor",
        "Check configuration, ledger and accounts without posting.",
    ),
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
)
@click.version_option(package_name="threadbot", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of a fault.")
def group(*, debug: bool) -> None:
    """Turn an article into the thread that a good editor would have written."""


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: what was typed after `threadbot`.

    Returns:
        The exit code: 0 done, 1 a fault of ours, 2 wrong input or configuration, 130 interrupted;
        more are said by the errors themselves.
    """
    try:
        code = group.main([*arguments], prog_name="threadbot", standalone_mode=False)
    except ThreadbotError as error:
        _say(str(error))
        return error.exit_code
    except click.UsageError as error:
        _say(error.format_message())
        command = error.ctx.command_path if error.ctx else "threadbot"
        click.echo(f"Try '{command} --help'.", err=True)
        return WRONG_USE
    except click.ClickException as error:
        _say(error.format_message())
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever it is, the user gets a sentence
        return _fault(error, arguments)
    return code if isinstance(code, int) else 0


def _fault(error: Exception, arguments: Sequence[str]) -> int:
    # The group has flags only, so its own options are those before the first other word.
    if "--debug" in takewhile(lambda word: word.startswith("-"), arguments):
        import traceback  # noqa: PLC0415 - a fault is rare

        traceback.print_exception(error, file=sys.stderr)
    _say(
        f"a fault of ours ({type(error).__name__}: {error}); "
        "please report it with what 'threadbot --debug ...' shows"
    )
    return FAULT


def _say(message: str) -> None:
    from threadbot.preview.characters import visible  # noqa: PLC0415 - only failures need it

    click.echo(f"threadbot: {visible(message)}", err=True)
