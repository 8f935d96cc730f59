"""Outsiders that judge each request: X's own specification, and how X counts a text.

Owns the asking; never judges anything itself. Where the specification is not on this machine, the
models of X's own SDK stand in, with no field allowed that they do not know. The third outsider,
who judges signatures, is asked in sign_in.py.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, Final

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from x_simulator.model import CREATE, DELETE, METADATA, UPLOAD

if TYPE_CHECKING:
    from pathlib import Path

    from oracle.node import NodeOracle

    from x_simulator.model import Request, Route

#: The routes that the slice of the specification holds.
SPECIFIED: Final[frozenset[Route]] = frozenset({CREATE, DELETE, UPLOAD, METADATA})
_MODELS: Final[dict[Route, str]] = {
    CREATE: "CreatePostsRequest",
    UPLOAD: "MediaUploadRequest",
    METADATA: "CreateMediaMetadataRequest",
}


def judge_request(request: Request, specification: Path | None) -> str | None:
    """Say what is wrong with a request by X's specification, or nothing.

    Args:
        request: to a route of `SPECIFIED`.
        specification: the file, or None where it is not on this machine.
    """
    if specification is None:
        return _judge_by_models(request)
    try:
        _specification(specification).validate_request(_Judged(request))
    except OpenAPIError as found:
        return _reason(found)
    return None


def judge_length(text: str, oracle: NodeOracle) -> str | None:
    """Say what is wrong with a text's length by npm twitter-text, or nothing."""
    if oracle.x_valid(text):
        return None
    return f"the text is not valid for X; it weighs {oracle.x_length(text)} of 280"


@functools.cache
def _specification(path: Path) -> OpenAPI:
    content = json.loads(path.read_bytes())
    for operations in content["paths"].values():
        for operation in operations.values():
            # openapi-core does not know X's scheme for OAuth 1; signatures are judged elsewhere.
            operation.pop("security", None)
    return OpenAPI.from_dict(content)


class _Judged:
    """A request as openapi-core reads it."""

    host_url = "https://api.x.com"

    def __init__(self, request: Request) -> None:
        self.path = request.path
        self.method = request.method.lower()
        self.body = request.raw
        self.content_type = request.content_type
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(request.params),
            header=Headers(dict(request.headers)),
            cookie=ImmutableMultiDict(),
        )


def _reason(found: BaseException) -> str:
    # The cause names what is wrong; the error itself quotes the whole body.
    cause = found.__cause__
    errors = getattr(cause, "schema_errors", None)
    if errors:
        return "; ".join(str(error.message) for error in errors)
    return str(cause or found)


def _judge_by_models(request: Request) -> str | None:
    name = _MODELS.get(request.route)
    if name is None:
        return None
    from xdk import schemas  # noqa: PLC0415 - costs a second

    # The models take pictures as text only.
    body = request.body
    if isinstance(body, dict):
        body = {key: "" if isinstance(value, bytes) else value for key, value in body.items()}
    try:
        read = getattr(schemas, name).model_validate(body)
    except ValidationError as found:
        return "; ".join(f"{error['loc']}: {error['msg']}" for error in found.errors())
    unknown = list(_unknown_fields(read))
    return f"unknown fields: {', '.join(unknown)}" if unknown else None


def _unknown_fields(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for each in value for name in _unknown_fields(each)]
    if not isinstance(value, BaseModel):
        return []
    fields = [getattr(value, name) for name in type(value).model_fields]
    return [
        *(value.model_extra or {}),
        *(name for each in fields for name in _unknown_fields(each)),
    ]
