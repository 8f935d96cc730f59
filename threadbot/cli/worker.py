"""`threadbot run`: the worker.

Owns its words and where its log goes; `threadbot.worker` does the work.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

import click

from threadbot.cli import USUAL_OBJECTS
from threadbot.cli.composing import read_config
from threadbot.cli.reports import config_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command
@click.option("--sandbox", is_flag=True, help="Carry out only what is for the sandbox.")
@config_option
def run(*, sandbox: bool, config_path: Path | None) -> int:
    """Carry threads out when they are due, until Ctrl-C.

    Approved and scheduled threads go out from here, and what was interrupted goes on. It survives
    being killed: start it again, as a service does.
    """
    from threadbot.app import ledger  # noqa: PLC0415 - brings the database along
    from threadbot.log import configure  # noqa: PLC0415 - only where something runs on
    from threadbot.worker.run import run as run_worker  # noqa: PLC0415 - brings the engine along

    config = read_config(config_path)
    # It runs on, so what it leaves behind has to go.
    gc.set_threshold(USUAL_OBJECTS)
    configure(sys.stderr)
    with ledger(config) as opened:
        return run_worker(config, opened, sandbox=sandbox, say=_say)


def _say(message: str) -> None:
    click.echo(f"threadbot: {message}", err=True)
