"""`threadbot preview`: an article in, its threads shown, nothing posted and nothing stored.

Owns this command's options; the rooms below do the work. It imports only what the chosen format
needs, for this is the command that people run again and again while they write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, Unpack

import click

from threadbot.cli.composing import (
    ComposingOptions,
    Composition,
    compose_source,
    composing_options,
    read_config,
    wished_targets,
)
from threadbot.cli.output import write

if TYPE_CHECKING:
    from threadbot.thread.model import NetworkName

Format: TypeAlias = Literal["rich", "text", "json"]


@click.command
@click.argument("source")
@click.option(
    "--network", type=click.Choice(["x", "bluesky"]), help="Only the accounts on this network."
)
@composing_options
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["rich", "text", "json"]),
    default="rich",
    show_default=True,
    help="Cards, plain text to copy, or an object for programs.",
)
def preview(
    *,
    source: str,
    network: NetworkName | None,
    output_format: Format,
    **options: Unpack[ComposingOptions],
) -> None:
    """Show the threads that an article would become.

    SOURCE is a file of plain text, Markdown or HTML, the http(s) address of a page, or - for
    standard input. Without --account and --network both networks are shown, with all the accounts
    that are configured. Nothing is posted.
    """
    if options["accounts"] and network is not None:
        message = "--account and --network cannot be used together: leave one of them out"
        raise click.UsageError(message)
    config = read_config(options["config_path"])
    targets = wished_targets(config, options, network)
    _show(compose_source(source, config, targets, **options), output_format)


def _show(made: Composition, output_format: Format) -> None:
    if output_format == "json":
        from threadbot.preview.document import json_bytes  # noqa: PLC0415 - this format alone

        write(json_bytes(made.article, made.threads))
    elif output_format == "text":
        from threadbot.preview.text import plain_text  # noqa: PLC0415 - this format alone

        write(plain_text(made.threads))
    else:
        from threadbot.cli.cards import show_cards  # noqa: PLC0415 - this format alone

        show_cards(made.article, made.threads)
