"""Writes docs/commands.md from the commands' own help: `python tests/cli/commands_page.py`."""

from __future__ import annotations

from pathlib import Path

import click

from threadbot.cli.run import COMMANDS, group

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"

INTRODUCTION = """\
# Commands

This page is made from the commands' own `--help`; `python tests/cli/commands_page.py` writes it
anew, and a test compares the two.
"""

EXIT_CODES = """\
## Exit codes

| code | meaning |
| --- | --- |
| 0 | done |
| 1 | a fault of ours, or the output could not be written |
| 2 | wrong input or configuration, or published already: the message says what to do |
| 3 | refused by the network; nothing is out |
| 4 | try later: the network asked to wait, or the ledger is in use, away or its disk full |
| 5 | held, as nobody knows whether a post is out |
| 6 | held for another reason, or partly out |
| 130 | interrupted with Ctrl-C |
| 141 | the reader of the output left, as `head` does |

With several accounts it is the first of 1, 6, 5, 3, 4, 2, 0 that applies.

Messages go to standard error and begin with `threadbot:`; standard output carries what was asked
for and nothing else. `threadbot --debug COMMAND ...` adds the traceback of a fault (code 1) to its
message.

## Completion

bash: `eval "$(_THREADBOT_COMPLETE=bash_source threadbot)"` in `~/.bashrc`; zsh: the same with
`zsh_source` in `~/.zshrc`; fish: `_THREADBOT_COMPLETE=fish_source threadbot | source` in
`~/.config/fish/completions/threadbot.fish`.
"""


def page() -> str:
    """Make the page."""
    context = click.Context(
        group, info_name="threadbot", terminal_width=80, **group.context_settings
    )
    sections = [section("threadbot", group, context)]
    for name in COMMANDS:
        command = group.get_command(context, name)
        assert command is not None
        sections += below(f"threadbot {name}", command, context)
    return "\n".join([INTRODUCTION, *sections, EXIT_CODES])


def below(title: str, command: click.Command, parent: click.Context) -> list[str]:
    """Make the section of a command, and of those that it is a group of."""
    name = title.rpartition(" ")[2]
    context = click.Context(command, info_name=name, parent=parent, terminal_width=80)
    sections = [section(title, command, context)]
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        sections += below(f"{title} {inner.name}", inner, context)
    return sections


def section(title: str, command: click.Command, context: click.Context) -> str:
    """Make the section of one command."""
    context.help_option_names = ["-h", "--help"]
    return f"## `{title}`\n\n```text\n{command.get_help(context).rstrip()}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
