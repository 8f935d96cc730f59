"""X, simulated on loopback: keeps state, knows X's rules, and fails as it is told.

Owns the way of a request: written down, judged by outsiders, met by a fault or answered. It is what
tests talk to; it never goes through threadbot, so that what it says is evidence.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, replace
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from x_simulator import model, problems
from x_simulator.faults import Fault, Faults
from x_simulator.incoming import read_request
from x_simulator.judges import SPECIFIED, judge_length, judge_request
from x_simulator.limits import Limits
from x_simulator.media import Uploads
from x_simulator.model import Answer, Complaint, RefusedError, json_answer
from x_simulator.posting import Posting
from x_simulator.reading import Reading
from x_simulator.records import Records
from x_simulator.server import HttpServer
from x_simulator.settings import Settings
from x_simulator.sign_in import SignIn

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from oracle.node import NodeOracle

    from x_simulator.faults import FaultKind
    from x_simulator.model import Media, Post, Request, Route, XAccount

_SLICE = Path(__file__).parents[3] / "shared/data/x/openapi-posting-slice.json"
#: X's own specification, where the folder of shared test data is on this machine.
SPECIFICATION = _SLICE if _SLICE.is_file() else None


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the judges say of a request.

    Args:
        account: whose it is, if that is proven.
        refusal: the first thing that is wrong with what it asks for.
    """

    account: XAccount | None = None
    refusal: Answer | None = None


class XSimulator(Settings):
    """X on loopback; close it after use. What may be set stands in `Settings`.

    Args:
        clock: gives the time, in UTC.
        oracle: says how X counts.
        specification: X's own, or None to judge by the models of X's SDK.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        oracle: NodeOracle,
        specification: Path | None = SPECIFICATION,
    ) -> None:
        super().__init__()
        self._clock = clock
        self._oracle = oracle
        self._specification = specification
        self._lock = threading.RLock()
        self._records = Records(clock)
        limits = Limits(self, clock)
        self._sign_in = SignIn(self._records, self)
        self._posting = Posting(self._records, limits, self, clock, oracle)
        self._reading = Reading(self._records, limits, self)
        self._uploads = Uploads(self._records, limits, self, clock)
        self._limits = limits
        self._faults = Faults(clock)
        self._complaints: list[Complaint] = []
        #: What reached it, in order.
        self.requests: list[Request] = []
        #: How many of that, by route.
        self.counts: Counter[Route] = Counter()
        self._server = HttpServer(self._serve)
        #: Where it listens.
        self.url = self._server.url

    def close(self) -> None:
        """End all connections."""
        self._server.close()

    # What a test arranges.

    def account(self, handle: str = "enpause") -> XAccount:
        """Make an account."""
        with self._lock:
            return self._records.add_account(handle)

    def revoke(self, account: XAccount) -> None:
        """Take the app's tokens for an account away, as its owner does in the settings."""
        with self._lock:
            self._records.by_token.pop(account.access_token, None)

    def restore(self, account: XAccount) -> None:
        """Let revoked tokens be good again."""
        with self._lock:
            self._records.by_token[account.access_token] = account

    def suspend(self, account: XAccount) -> None:
        """Suspend an account, as moderators do."""
        with self._lock:
            self._records.suspended.add(account.user_id)

    def reinstate(self, account: XAccount) -> None:
        """Take a suspension back."""
        with self._lock:
            self._records.suspended.discard(account.user_id)

    def delete(self, post: Post) -> None:
        """Delete a post, as its author does in the official app."""
        with self._lock:
            self._records.delete_post(post)

    def authorize(self, address: str, account: XAccount) -> str:
        """Allow the app in a browser, as the user of an account, and give the PIN."""
        with self._lock:
            return self._sign_in.authorize(address, account)

    def fault(
        self,
        kind: FaultKind,
        *,
        stored: bool = False,
        route: Route = model.CREATE,
        times: int = 1,
        **options: Any,
    ) -> None:
        """Let a coming call go wrong, after the faults that were asked for before.

        Args:
            kind: how; `none` lets a call go well.
            stored: whether the call does its work nevertheless.
            route: of which route.
            times: so many calls.
            options: `reset_in` of a 429, `status` of an answer.
        """
        with self._lock:
            self._faults.add(Fault(kind, stored, **options), route, times)

    def clear_faults(self) -> None:
        """Forget the faults that no call has met."""
        with self._lock:
            self._faults.clear()

    @property
    def faults_left(self) -> int:
        """The number of faults that no call has met."""
        return self._faults.left()

    # What a test reads back.

    def posts(self, account: XAccount, *, with_deleted: bool = False) -> list[Post]:
        """Give the posts of an account, the oldest first."""
        with self._lock:
            posts = self._records.posts_of(account.user_id)
            return [post for post in posts if with_deleted or not post.deleted]

    def media(self, identifier: str) -> Media:
        """Give a picture."""
        return self._records.media[identifier]

    def take_complaints(self) -> list[Complaint]:
        """Give what the judges have held against requests since they were last asked."""
        with self._lock:
            taken, self._complaints = self._complaints, []
            return taken

    def assert_no_complaints(self) -> None:
        """Fail where a judge has complained and nobody has taken it."""
        complaints = self.take_complaints()
        assert not complaints, complaints

    # The way of a request.

    def _serve(self, method: str, target: str, headers: dict[str, str], raw: bytes) -> Answer:
        try:
            now = self._clock()
            answer = self._answer(read_request(method, target, headers, raw, now))
            return replace(
                answer, headers={"date": format_datetime(now, usegmt=True), **answer.headers}
            )
        except Exception as found:
            # Else the client would see a dropped connection, and the test pass for a wrong reason.
            with self._lock:
                self._complaints.append(Complaint("simulator", model.UNKNOWN, repr(found)))
            raise

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            self.counts[request.route] += 1
            verdict = self._judge(request)
            fault, instead = self._faults.next(request.route)
        # The hooks may take their time, or end the client's process.
        if self.before:
            self.before(request.route)
        if instead and fault and not fault.stored:
            return instead
        with self._lock:
            answer = self._work(request, verdict)
        if self.after:
            self.after(request.route)
        return instead or answer

    def _judge(self, request: Request) -> _Verdict:
        route = request.route
        if route not in _SIGNED:
            return _Verdict()
        account, complaint = self._sign_in.judge(request)
        if complaint:
            self._complaints.append(Complaint("oauth", route, complaint))
        if route in SPECIFIED:
            complaint = judge_request(request, self._specification)
            if complaint:
                self._complaints.append(Complaint("openapi", route, complaint))
                return _Verdict(account, problems.invalid(complaint))
        text = request.body.get("text") if route == model.CREATE else None
        if text:
            complaint = judge_length(text, self._oracle)
            if complaint:
                self._complaints.append(Complaint("length", route, complaint))
                too_long = problems.forbidden(problems.TOO_LONG, self.too_long_status)
                return _Verdict(account, too_long)
        return _Verdict(account)

    def _work(self, request: Request, verdict: _Verdict) -> Answer:
        headers: dict[str, str] = {}
        try:
            if request.route not in _SIGNED:
                return self._unsigned(request)
            account = verdict.account
            if account is None:
                return problems.unauthorized()
            if account.user_id in self._records.suspended:
                return problems.suspended()
            if request.route == model.CREATE:
                headers = self._limits.count(account.user_id)
            answer = verdict.refusal or self._signed(request, account)
        except RefusedError as refused:
            if refused.complaint:
                self._complaints.append(refused.complaint)
            answer = refused.answer
        return replace(answer, headers={**headers, **answer.headers})

    def _signed(self, request: Request, account: XAccount) -> Answer:
        match request.route:
            case model.CREATE:
                return self._posting.create(request, account)
            case model.DELETE:
                return self._posting.delete(request, account)
            case model.UPLOAD:
                return self._uploads.upload(request, account)
            case model.METADATA:
                return self._uploads.describe(request, account)
            case _:
                return self._reading.read(request, account)

    def _unsigned(self, request: Request) -> Answer:
        match request.route:
            case model.MOVED:
                return json_answer(200, {"data": {"id": "1", "text": "Nothing was posted."}})
            case model.AUTHORIZE:
                return Answer(200, b"<h1>Authorize threadbot?</h1>", "text/html; charset=utf-8")
            case model.BEGIN_SIGN_IN | model.FINISH_SIGN_IN:
                return self._sign_in.give_token(request)
            case _:
                what = f"X has no {request.method} {request.path}"
                raise RefusedError(
                    problems.no_such_path(), Complaint("simulator", model.UNKNOWN, what)
                )


#: The routes that want a signature with a user's token.
_SIGNED = frozenset(
    {
        model.CREATE,
        model.DELETE,
        model.LOOKUP,
        model.LOOKUP_ONE,
        model.ME,
        model.TIMELINE,
        model.UPLOAD,
        model.METADATA,
    }
)
