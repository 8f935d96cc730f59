"""From the bytes of a request to what the simulator speaks of.

Owns the reading of paths, queries and bodies; never says whether they are right.
"""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from werkzeug.formparser import MultiPartParser
from werkzeug.http import parse_options_header

from x_simulator import model
from x_simulator.model import Request

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from x_simulator.model import Route

_ROUTES: Final[tuple[tuple[str, re.Pattern[str], Route], ...]] = (
    ("POST", re.compile(r"/2/tweets"), model.CREATE),
    ("DELETE", re.compile(r"/2/tweets/[^/]+"), model.DELETE),
    ("GET", re.compile(r"/2/tweets"), model.LOOKUP),
    ("GET", re.compile(r"/2/tweets/[^/]+"), model.LOOKUP_ONE),
    ("GET", re.compile(r"/2/users/me"), model.ME),
    ("GET", re.compile(r"/2/users/[^/]+/tweets"), model.TIMELINE),
    ("POST", re.compile(r"/2/media/upload"), model.UPLOAD),
    ("POST", re.compile(r"/2/media/metadata"), model.METADATA),
    ("POST", re.compile(r"/oauth/request_token"), model.BEGIN_SIGN_IN),
    ("GET", re.compile(r"/oauth/authorize"), model.AUTHORIZE),
    ("POST", re.compile(r"/oauth/access_token"), model.FINISH_SIGN_IN),
)


def read_request(
    method: str, target: str, headers: Mapping[str, str], raw: bytes, when: datetime
) -> Request:
    """Read a request.

    Args:
        method: in capitals.
        target: the path with its query.
        headers: by name, in small letters.
        raw: the body.
        when: it came.
    """
    path, _, query = target.partition("?")
    return Request(
        method=method,
        path=path,
        query=query,
        params=dict(parse_qsl(query, keep_blank_values=True)),
        headers=headers,
        raw=raw,
        body=_body(headers.get("content-type", ""), raw),
        route=_route(method, path),
        when=when,
    )


def _route(method: str, path: str) -> Route:
    if path == model.MOVED:
        return model.MOVED
    for verb, pattern, route in _ROUTES:
        if verb == method and pattern.fullmatch(path):
            return route
    return model.UNKNOWN


def _body(content_type: str, raw: bytes) -> Any:
    kind, options = parse_options_header(content_type)
    try:
        if kind == "application/json":
            return json.loads(raw)
        if kind == "application/x-www-form-urlencoded":
            return dict(parse_qsl(raw.decode(), keep_blank_values=True))
        if kind == "multipart/form-data":
            return _form(raw, options["boundary"])
    except (ValueError, KeyError):
        return None
    return None


def _form(raw: bytes, boundary: str) -> dict[str, str | bytes]:
    fields, files = MultiPartParser().parse(io.BytesIO(raw), boundary.encode(), len(raw))
    read: dict[str, str | bytes] = {**fields.to_dict()}
    for name, file in files.items():
        read[name] = file.read()
        file.close()
    return read
