"""Renders posts from templates.

Owns the template environment: sandboxed, strict about undefined names, with the filters `link`,
`mention` and `hashtag`. A template's error becomes a `TemplateError` that names file and line.
Never decides what is said; the variables are handed in.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from jinja2 import (
    Template,
    TemplateNotFound,
    TemplatesNotFound,
    TemplateSyntaxError,
)
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError

from threadbot.errors import TemplateError
from threadbot.thread.environment import environment_of
from threadbot.thread.inert import Words, settle
from threadbot.thread.marks import MarkError, Marks, strip_sentinels

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from threadbot.thread.model import Part
    from threadbot.thread.settings import Account, Style

#: The folder of templates that stands in for whatever a style's own folder lacks.
FALLBACK = "default"

#: Every variable that templates know, with the parts that have it; docs/templates.md explains them.
VARIABLES: dict[str, tuple[Part, ...]] = {
    "title": ("opening", "body", "closing", "single"),
    "author": ("opening", "body", "closing", "single"),
    "published": ("opening", "body", "closing", "single"),
    "language": ("opening", "body", "closing", "single"),
    "network": ("opening", "body", "closing", "single"),
    "template": ("opening", "body", "closing", "single"),
    "handle": ("opening", "body", "closing", "single"),
    "url": ("opening", "body", "closing", "single"),
    "site": ("opening", "body", "closing", "single"),
    "phrases": ("opening", "body", "closing", "single"),
    "hook": ("opening",),
    "text": ("body", "single"),
    "numbering": ("body",),
    "number": ("body",),
    "total": ("body",),
    "sentence": ("closing",),
    "question": ("closing", "single"),
    "hashtags": ("closing", "single"),
}
#: What a template can do wrong.
_FAULTS = (
    JinjaError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
_LETTER = re.compile(r"\w")
_BLANK_LINES = re.compile(r"[^\S\n]*\n(?:[^\S\n]*\n)+")


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders the parts of one thread.

    Args:
        style: names the templates and carries their loader.
        account: says which network, and who may be mentioned.
        common: the variables that every part has.
        templates: those that were looked up, by part: one thread is made from one state of them.
    """

    style: Style
    account: Account
    common: Mapping[str, object]
    templates: dict[Part, Template] = field(default_factory=dict)

    def render(self, part: Part, **variables: object) -> Words:
        """Make the text of one post.

        Args:
            part: which template.
            variables: what it has beside the common ones; `Words` keep their spans.

        Returns:
            The text and its spans. A literal http(s) address in it is a link, too.

        Raises:
            TemplateError: the template is missing, errs, or damages a span.
        """
        marks = Marks()
        template = self._template(part)
        context = {**self.common, **variables}
        for name, value in context.items():
            if isinstance(value, Words):
                context[name] = marks.mark_spans(value.text, value.spans)
            elif isinstance(value, str):
                context[name] = strip_sentinels(value)
        try:
            made = template.render(context, _marks=marks, _account=self.account)
        except _FAULTS as error:
            _fail(template, error)
        try:
            text, spans = marks.parse(_BLANK_LINES.sub("\n\n", made.strip()))
        except MarkError as error:
            _fail(template, error)
        if not text and part != "closing":
            _fail_at(_file(template), 1, "it makes a post without text")
        _check_words(template, variables.get("text"), text)
        return settle(Words(text, spans), self.account.network)

    def name_of(self, part: Part) -> str:
        """Give the file that a part is made from, for messages."""
        template = self._template(part)
        return str(_file(template))

    def _template(self, part: Part) -> Template:
        if part not in self.templates:
            self.templates[part] = self._found(part)
        return self.templates[part]

    def _found(self, part: Part) -> Template:
        folders = dict.fromkeys((self.style.template, FALLBACK))
        names = [
            f"{folder}/{place}{part}.j2"
            for folder in folders
            for place in (f"{self.account.network}/", "")
        ]
        environment = environment_of(self.style.loader)
        try:
            return environment.select_template(names)
        except TemplatesNotFound:
            message = f"No template {names[0]}: it is in none of the template folders."
            raise TemplateError(message) from None
        except TemplateSyntaxError as error:
            _fail_at(error.filename or error.name, error.lineno, error.message)


def phrases(style: Style, language: str | None) -> dict[str, str]:
    """Read a style's phrases in a language; empty where it has none.

    Args:
        style: its folder's `phrases.toml` comes before the fallback's.
        language: two-letter code.

    Raises:
        TemplateError: the file is no valid TOML.
    """
    for folder in dict.fromkeys((style.template, FALLBACK)):
        name = f"{folder}/phrases.toml"
        environment = environment_of(style.loader)
        try:
            source, filename, _ = style.loader.get_source(environment, name)
        except TemplateNotFound:
            continue
        try:
            found = _read_phrases(source).get(language or "")
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            _fail_at(filename or name, int(line[1]) if line else 1, str(error))
        if isinstance(found, dict):
            return {key: str(value) for key, value in found.items()}
    return {}


@lru_cache(maxsize=16)
def _read_phrases(source: str) -> Mapping[str, object]:
    """Read a file of phrases; the same one is asked for with every thread."""
    return tomllib.loads(source)


def _check_words(template: Template, wanted: object, made: str) -> None:
    """Refuse a template that drops or changes words of the article: nobody would notice."""
    if not isinstance(wanted, Words):
        return
    if wanted.text in made:
        return
    letters = iter(_LETTER.findall(made.casefold()))
    if not all(letter in letters for letter in _LETTER.findall(wanted.text.casefold())):
        reason = "it drops or changes words of the article; print the variable text as it is"
        _fail_at(_file(template), 1, reason)


def _file(template: Template) -> str | None:
    """Give the file of a template, or its name where the loader knows no files."""
    return template.name if template.filename in {None, "<template>"} else template.filename


def _fail(template: Template, error: Exception) -> NoReturn:
    filename, line = _file(template), 1
    for frame, number in _frames(error):
        if "__jinja_exception__" in frame.f_globals or "environment" in frame.f_globals:
            filename, line = frame.f_code.co_filename, number
    if isinstance(error, MarkError):
        reason = "a filter cut through a link, a mention or a hashtag, or one stands inside another"
    elif isinstance(error, RecursionError):
        reason = "it calls itself without end"
    elif isinstance(error, (TemplateNotFound, TemplatesNotFound)):
        reason = f"it includes {error}, which is in none of the template folders"
    elif isinstance(error, SecurityError):
        reason = f"not allowed in a template: {error}"
    else:
        reason = str(error) or type(error).__name__
    _fail_at(_file(template) if filename == "<template>" else filename, line, reason)


def _frames(error: Exception) -> Iterator[tuple[Any, int]]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _fail_at(filename: str | None, line: int, reason: str | None) -> NoReturn:
    message = f"{filename}:{line}: {(reason or 'template error').rstrip('.')}."
    raise TemplateError(message) from None
