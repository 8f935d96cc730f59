"""What a template can do: its filters, and the bounds of what it may ask for.

Owns the sandboxed environment, strict about undefined names. The filters mark spans; the table of
marks and the account stand in the context as `_marks` and `_account`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader, StrictUndefined, pass_context
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from threadbot.thread import bluesky_text, x_text
from threadbot.thread.marks import MarkError, Marks, is_balanced

if TYPE_CHECKING:
    from jinja2.runtime import Context

    from threadbot.thread.settings import Account

#: The longest loop over numbers, and the largest factor.
_MOST_STEPS = 1000


class Environment(SandboxedEnvironment):
    """Refuses what would keep a machine busy: a post needs neither long loops nor long repeats."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401 - a template's values
        """Calculate a product or a power, as long as it stays small."""
        numbers = [value for value in (left, right) if isinstance(value, (int, float))]
        if any(abs(number) > _MOST_STEPS for number in numbers):
            message = f"{operator} with a number above {_MOST_STEPS}"
            raise SecurityError(message)
        return super().call_binop(context, operator, left, right)


def _range(*bounds: int) -> range:
    """Count, as jinja2's own `range`, but no further than any post could need."""
    counted = range(*bounds)
    if len(counted) > _MOST_STEPS:
        message = f"range of more than {_MOST_STEPS} numbers"
        raise SecurityError(message)
    return counted


@lru_cache(maxsize=8)
def environment_of(loader: BaseLoader) -> Environment:
    """Make the environment of a loader's templates; each loader has one per process.

    Args:
        loader: gives templates by path.
    """
    environment = Environment(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
        autoescape=False,
    )
    environment.globals["range"] = _range
    environment.filters.update(link=_link, mention=_mention, hashtag=_hashtag)
    return environment


def _finalize(value: object) -> object:
    """Refuse a damaged mark where it is printed, so that the error knows the line."""
    if isinstance(value, str) and not is_balanced(value):
        raise MarkError
    return value


@pass_context
def _link(context: Context, words: str, url: str | None) -> str:
    """Link words: on Bluesky the words themselves, on X the address after them."""
    marks: Marks = context["_marks"]
    if url is None:
        return words
    if context["_account"].network == "x":
        address = marks.mark(url, "link", url)
        return address if words == url else f"{words} {address}"
    return marks.mark(words, "link", url)


@pass_context
def _mention(context: Context, name: str) -> str:
    """Mention somebody by a name of the handle map or by a handle of this network."""
    account: Account = context["_account"]
    name = name.removeprefix("@")
    person = account.people.get(name.lower())
    handle: str = getattr(person, account.network, None) or name
    valid = x_text.is_handle if account.network == "x" else bluesky_text.is_handle
    if not valid(handle):
        return f"@{handle}"
    marks: Marks = context["_marks"]
    return marks.mark(f"@{handle}", "mention", handle)


@pass_context
def _hashtag(context: Context, word: str) -> str:
    """Set a `#` before a word."""
    word = word.removeprefix("#")
    marks: Marks = context["_marks"]
    return marks.mark(f"#{word}", "hashtag", word)
