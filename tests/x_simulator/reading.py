"""What X shows: posts by id, a user's timeline, and who one is.

Owns the fields and pages of answers; never changes what is stored, but for the money that
reading costs.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from x_simulator import problems
from x_simulator.model import LOOKUP, LOOKUP_ONE, ME, TIMELINE, Complaint, RefusedError, json_answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from x_simulator.limits import Limits
    from x_simulator.model import Answer, Post, Request, Route, XAccount
    from x_simulator.records import Records
    from x_simulator.settings import Settings

_FIELDS: Final = frozenset(
    "attachments author_id conversation_id created_at edit_history_tweet_ids entities id "
    "in_reply_to_user_id referenced_tweets reply_settings text".split()
)
_ALWAYS: Final = ("id", "text", "edit_history_tweet_ids")
#: X's documentation says tweet, its newer specification and SDK say post; one is answered in the
#: words one asks in.
_NEWER: Final = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "referenced_tweets": "referenced_posts",
}
_OLDER: Final = {newer: older for older, newer in _NEWER.items()}
_PARAMETERS: Final[dict[Route, frozenset[str]]] = {
    ME: frozenset({"user.fields"}),
    LOOKUP: frozenset({"ids", "tweet.fields", "post.fields"}),
    LOOKUP_ONE: frozenset({"tweet.fields", "post.fields"}),
    TIMELINE: frozenset(
        "since_id until_id start_time end_time max_results pagination_token exclude "
        "tweet.fields post.fields".split()
    ),
}


class Reading:
    """The answers to reads.

    Args:
        records: what is stored.
        limits: charges.
        settings: the prices.
    """

    def __init__(self, records: Records, limits: Limits, settings: Settings) -> None:
        self._records = records
        self._limits = limits
        self._settings = settings

    def read(self, request: Request, account: XAccount) -> Answer:
        """Answer a read.

        Raises:
            RefusedError: a parameter is wrong, or money is wanting.
        """
        fields = _checked_fields(request)
        if request.route == ME:
            name = account.handle
            return json_answer(
                200, {"data": {"id": account.user_id, "name": name, "username": name}}
            )
        self._limits.afford(self._settings.prices.read_own)
        if request.route == TIMELINE:
            return self._timeline(request, account, fields)
        if request.route == LOOKUP:
            return self._look_up(request, account, fields)
        identifier = request.path.rpartition("/")[2]
        post = self._records.seen(identifier)
        if post is None:
            return json_answer(200, {"errors": [problems.missing_post(identifier, "id")]})
        self._charge([post], account)
        return json_answer(200, {"data": self._value(post, fields)})

    def _look_up(self, request: Request, account: XAccount, fields: Iterable[str]) -> Answer:
        named = request.params.get("ids", "").split(",")
        if not 1 <= len(named) <= 100 or not all(each.isdigit() for each in named):
            raise _invalid(request, "ids must be 1 to 100 ids")
        found = [post for each in named if (post := self._records.seen(each))]
        there = {post.id for post in found}
        missing = [problems.missing_post(each, "ids") for each in named if each not in there]
        self._charge(found, account)
        answer: dict[str, Any] = {}
        if found:
            answer["data"] = [self._value(post, fields) for post in found]
        if missing:
            answer["errors"] = missing
        return json_answer(200, answer)

    def _timeline(self, request: Request, account: XAccount, fields: Iterable[str]) -> Answer:
        owner = request.path.split("/")[3]
        if owner not in self._records.accounts:
            raise _invalid(request, f"there is no user {owner}")
        page_length = _number(request, "max_results", 10)
        if not 5 <= page_length <= 100:
            raise _invalid(request, f"max_results is {page_length}, not 5 to 100")
        page: list[Post] = []
        for post in self._records.newest_first(owner):
            if not _is_after(post, request):
                break
            if _is_wanted(post, request):
                page.append(post)
            if len(page) > page_length:
                break
        more = len(page) > page_length
        page = page[:page_length]
        self._charge(page, account)
        meta: dict[str, Any] = {"result_count": len(page)}
        if not page:
            return json_answer(200, {"meta": meta})
        meta |= {"newest_id": page[0].id, "oldest_id": page[-1].id}
        if more:
            meta["next_token"] = _token(page[-1])
        data = [self._value(post, fields) for post in page]
        return json_answer(200, {"data": data, "meta": meta})

    def _charge(self, posts: Iterable[Post], account: XAccount) -> None:
        prices = self._settings.prices
        own = [post.author == account.user_id for post in posts]
        each = (prices.read_own if is_own else prices.read for is_own in own)
        self._limits.charge(sum(each, Decimal(0)))

    def _value(self, post: Post, fields: Iterable[str]) -> dict[str, Any]:
        parent = self._records.any_post(post.parent)
        references = [("quoted", post.quoted), ("replied_to", post.parent)]
        moment = post.created_at.astimezone(UTC).isoformat(timespec="milliseconds")
        everything = {
            "id": post.id,
            "text": post.shown,
            "edit_history_tweet_ids": [post.id],
            "author_id": post.author,
            "conversation_id": post.conversation_id,
            "created_at": moment.replace("+00:00", "Z"),
            "entities": post.entities,
            "in_reply_to_user_id": parent.author if parent else None,
            "referenced_tweets": [{"type": kind, "id": id_} for kind, id_ in references if id_],
            "attachments": {"media_keys": [f"3_{each}" for each in post.media]}
            if post.media
            else None,
            "reply_settings": post.body.get("reply_settings", "everyone"),
        }
        named = ((name, everything[_OLDER.get(name, name)]) for name in (*_ALWAYS, *fields))
        # X leaves out what is empty.
        return {name: value for name, value in named if value}


def _checked_fields(request: Request) -> list[str]:
    unknown = request.params.keys() - _PARAMETERS[request.route]
    if unknown:
        raise _invalid(request, f"the simulator knows no parameter {', '.join(sorted(unknown))}")
    newer = "post.fields" in request.params
    named = request.params.get("post.fields" if newer else "tweet.fields", "")
    fields = [each for each in named.split(",") if each]
    known = {_NEWER.get(each, each) for each in _FIELDS} if newer else _FIELDS
    strange = set(fields) - known
    if strange:
        raise _invalid(request, f"the simulator knows no field {', '.join(sorted(strange))}")
    return fields


def _invalid(request: Request, message: str) -> RefusedError:
    complaint = Complaint("simulator", request.route, message)
    return RefusedError(problems.invalid(message), complaint)


def _number(request: Request, name: str, default: int) -> int:
    given = request.params.get(name, str(default))
    if not given.isdigit():
        raise _invalid(request, f"{name} is not a number: {given}")
    return int(given)


def _is_after(post: Post, request: Request) -> bool:
    start = request.params.get("start_time")
    return int(post.id) > _number(request, "since_id", 0) and (
        start is None or post.created_at >= _moment(request, start)
    )


def _is_wanted(post: Post, request: Request) -> bool:
    excluded = [each for each in request.params.get("exclude", "").split(",") if each]
    if set(excluded) - {"replies", "retweets"}:
        raise _invalid(request, f"nobody can exclude {', '.join(excluded)}")
    if "replies" in excluded and post.parent:
        return False
    end = request.params.get("end_time")
    if end is not None and post.created_at >= _moment(request, end):
        return False
    below = _number(request, "until_id", 10**19)
    token = request.params.get("pagination_token")
    if token is not None:
        below = min(below, _token_id(request, token))
    return int(post.id) < below


def _moment(request: Request, text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        raise _invalid(request, f"not a time of X's form (2026-11-24T07:29:00Z): {text}") from None


def _token(post: Post) -> str:
    return f"7140{int(post.id):x}"


def _token_id(request: Request, token: str) -> int:
    try:
        return int(token.removeprefix("7140"), 16)
    except ValueError:
        raise _invalid(request, f"not a pagination token: {token}") from None
