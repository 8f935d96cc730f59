"""A click group that imports a command only when it runs.

Owns how commands are found, listed and suggested; never knows what any of them does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyCommand(NamedTuple):
    """Where a command is, and what the list of commands says about it.

    Args:
        module: the module that holds it.
        attribute: its name there.
        summary: one sentence, the first one of its own help.
    """

    module: str
    attribute: str
    summary: str


class LazyGroup(click.Group):
    """A group of commands that are named before they are imported.

    Args:
        lazy: the commands by name, in the order in which help lists them.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, LazyCommand], **kwargs: Any) -> None:  # noqa: ANN401 - handed on to click as they come
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the commands in their own order."""
        return [*self.lazy]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import a command, or return None where there is none of this name."""
        entry = self.lazy.get(cmd_name)
        if entry is None:
            return None
        command = getattr(import_module(entry.module), entry.attribute)
        if not isinstance(command, click.Command):
            message = f"{entry.module}.{entry.attribute} is no command"
            raise TypeError(message)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed, and suggest one where it was mistyped."""
        name = args[0]
        if name not in self.lazy and not ctx.resilient_parsing:
            # click would look for suggestions among the commands it holds, and it holds none.
            raise click.NoSuchCommand(name, possibilities=self.lazy, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in self.lazy.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete names of commands without importing them, and the group's own options."""
        names = [
            CompletionItem(name, help=entry.summary)
            for name, entry in self.lazy.items()
            if name.startswith(incomplete)
        ]
        return names + click.Command.shell_complete(self, ctx, incomplete)
