"""X's refusals, word for word as far as they are known.

Owns the bodies of errors; never decides when one is due. The 401, 402, 403 and 429 were read on
2026-11-24 from X's documentation and from reports of other projects; the words of the suspended
account are those of the older API, and unproven for this one.
"""

from __future__ import annotations

from typing import Final

from x_simulator.model import Answer, json_answer

DUPLICATE: Final = "You are not allowed to create a Tweet with duplicate content."
NOT_AUTHOR: Final = (
    "You can only reply to or quote posts where you are mentioned or are the author."
)
CASHTAGS: Final = "Posts are limited to a maximum of one cashtag"
GONE: Final = "You attempted to reply to a Tweet that is deleted or not visible to you."
TOO_LONG: Final = "Your Tweet text is too long"
NOT_PERMITTED: Final = "You are not permitted to perform this action"
NOT_YOURS: Final = "You are not authorized to delete this Tweet."


def forbidden(detail: str, status: int = 403) -> Answer:
    """Refuse for a reason; X has given some of these with 400 as well."""
    title = "Forbidden" if status == 403 else "Bad Request"
    return _problem(status, title, detail, "about:blank")


def unauthorized() -> Answer:
    """Refuse credentials."""
    return _problem(401, "Unauthorized", "Unauthorized", "about:blank")


def no_credits() -> Answer:
    """Refuse for want of money."""
    detail = "Your enrolled account does not have any credits to fulfill this request."
    return _problem(402, "CreditsDepleted", detail, "https://api.x.com/2/problems/credits")


def suspended() -> Answer:
    """Refuse a suspended account."""
    said = "Your account is suspended and is not permitted to access this feature."
    return json_answer(403, {"errors": [{"code": 64, "message": said}]})


def too_many(**headers: str) -> Answer:
    """Refuse for a while."""
    body = {
        "title": "Too Many Requests",
        "detail": "Too Many Requests",
        "type": "about:blank",
        "status": 429,
    }
    return json_answer(429, body, **headers)


def invalid(said: str) -> Answer:
    """Refuse a request that is not as the specification has it."""
    body = {
        "errors": [{"message": said}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": "https://api.x.com/2/problems/invalid-request",
    }
    return json_answer(400, body)


def no_such_path() -> Answer:
    """Refuse a path that is not there."""
    return _problem(404, "Not Found", "Not Found", "about:blank")


def missing_post(identifier: str, parameter: str) -> dict[str, str]:
    """Say in an answer that a post is not there, or not to be seen."""
    return {
        "value": identifier,
        "detail": f"Could not find tweet with {parameter}: [{identifier}].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": parameter,
        "resource_id": identifier,
        "type": "https://api.x.com/2/problems/resource-not-found",
    }


def _problem(status: int, title: str, detail: str, kind: str) -> Answer:
    return json_answer(status, {"title": title, "detail": detail, "type": kind, "status": status})
