"""A program that delivers threads to the simulated X, each in a process that may be killed.

Owns the processes; it reads an order in each line of its input, and answers with what came of it.
It has one thread of execution, so that forking it is safe.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared_time import SharedTime
from x_simulator.adapter import Pictures

from threadbot.delivery.drive import Outside, drive
from threadbot.delivery.ledger import open_ledger
from threadbot.delivery.lock import driving
from threadbot.networks.secret import Secret
from threadbot.networks.x import X
from threadbot.networks.x_settings import AppKeys, UserTokens, XSettings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from threadbot.networks.plan import Plan, Step
    from threadbot.networks.port import Finding, Outcome, Prepared, Receipt, Removal, Renewal, Sight
    from threadbot.thread.model import Thread

#: Seconds that X has for an answer; a stall lasts so long.
PATIENCE = 0.25


@dataclass
class Mortal:
    """A network whose caller dies with an answer in its hands, where it is doomed."""

    inner: X
    time: SharedTime

    def send(self, plan: Plan, step: Step, before: Sequence[Receipt]) -> Outcome:
        """Send, and perhaps die before anybody hears of it."""
        outcome = self.inner.send(plan, step, before)
        if self.time.doomed:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome

    def prepare(self, thread: Thread, now: datetime) -> Prepared:
        """Prepare."""
        return self.inner.prepare(thread, now)

    def renew(self, plan: Plan, step: Step, thread: Thread, now: datetime) -> Renewal:
        """Renew."""
        return self.inner.renew(plan, step, thread, now)

    def look(self, plan: Plan, step: Step, before: Sequence[Receipt]) -> Sight:
        """Look."""
        return self.inner.look(plan, step, before)

    def adopt(self, plan: Plan, step: Step, before: Sequence[Receipt], told: str) -> Sight:
        """Adopt."""
        return self.inner.adopt(plan, step, before, told)

    def delete(self, receipts: Sequence[Receipt]) -> Removal:
        """Delete."""
        return self.inner.delete(receipts)

    def examine(self, now: datetime) -> tuple[Finding, ...]:
        """Examine."""
        return self.inner.examine(now)

    def close(self) -> None:
        """Close."""
        self.inner.close()


def deliver(order: dict[str, Any], time: SharedTime) -> dict[str, Any]:
    """Drive one thread as far as it goes, as `publish` and `resume` do."""
    time.begin(os.getpid())
    app = AppKeys(Secret(order["consumer_key"]), Secret(order["consumer_secret"]))
    user = UserTokens(Secret(order["access_token"]), Secret(order["access_token_secret"]))
    settings = XSettings("enpause", order["handle"], app, user, api=order["api"])
    network = Mortal(X(settings, Pictures(), clock=time.now, connect=PATIENCE, read=PATIENCE), time)
    ledger_path = Path(order["ledger"])
    with open_ledger(ledger_path) as ledger, driving(ledger_path, lambda _: None):
        ledger.resume("1", time.now())
        ending = drive(ledger, "1", Outside(network, time.now, time.sleep, lambda *_: None))
    until = None if ending.until is None else ending.until.timestamp()
    return {"kind": ending.kind, "until": until, "reason": ending.reason}


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Carry orders out until the input ends."""
    time = SharedTime(Path(sys.argv[1]))
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            try:
                _say(deliver(json.loads(line), time))
            except BaseException:  # noqa: BLE001 - told to whoever reads
                _say({"kind": "fault", "reason": traceback.format_exc()})
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        if code != 0:
            _say({"kind": "killed", "code": code})


if __name__ == "__main__":
    main()
