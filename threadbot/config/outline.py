"""The outline of the schema: its sections, and the keys that each has.

Owns the way from a key's path to what the schema says of it; never sees a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args, get_origin

from threadbot.config.schema import Root

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo

    from threadbot.config.keys import Table
    from threadbot.config.positions import KeyPath


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the file.

    Args:
        table: what it holds, or what each of its tables does.
        named: whether it holds many tables, by a name that the user gives or by their places.
        listed: whether they have places: each is begun with the section's name in two brackets.
    """

    table: type[Table]
    named: bool
    listed: bool = False

    @property
    def keys(self) -> Mapping[str, FieldInfo]:
        """The keys, by name, in the order of the manual."""
        return self.table.model_fields


def _section(annotation: Any) -> Section:  # noqa: ANN401 - an annotation can be anything
    if get_origin(annotation) is dict:
        return Section(table=get_args(annotation)[1], named=True)
    if get_origin(annotation) is list:
        return Section(table=get_args(annotation)[0], named=True, listed=True)
    return Section(table=annotation, named=False)


SECTIONS: Mapping[str, Section] = {
    name: _section(field.annotation) for name, field in Root.model_fields.items()
}


def siblings(path: KeyPath) -> tuple[str, ...]:
    """Give the keys that may stand where the path of an unknown one leads to."""
    if len(path) == 1:
        return tuple(SECTIONS)
    return tuple(SECTIONS[str(path[0])].keys)


def rule(path: KeyPath) -> str:
    """Give what a value must be, in words that follow "must be"."""
    section = SECTIONS[str(path[0])]
    if len(path) == 1 and section.listed:
        return f"written as [[{path[0]}]], for there may be more than one"
    if len(path) < len(_key_path(section)):
        return "a table"
    field = section.keys.get(str(path[len(_key_path(section)) - 1]))
    extra = None if field is None else field.json_schema_extra
    return str(extra["rule"]) if isinstance(extra, dict) else section.table.extra_rule


def choices(path: KeyPath) -> tuple[str, ...]:
    """Give the words that a key may have for a value; none where it takes others, too."""
    section = SECTIONS[str(path[0])]
    if len(path) != len(_key_path(section)) or str(path[-1]) not in section.keys:
        return ()
    return _words(section.keys[str(path[-1])].annotation)


def takes_text(field: FieldInfo) -> bool:
    """Tell whether a key's value may be any text."""
    return _mentions(field.annotation, str)


def takes_list(field: FieldInfo) -> bool:
    """Tell whether a key's value is a list."""
    return get_origin(field.annotation) is list


def _key_path(section: Section) -> tuple[str, ...]:
    return ("section", "name", "key") if section.named else ("section", "key")


def _mentions(annotation: Any, wanted: type) -> bool:  # noqa: ANN401 - an annotation can be anything
    if annotation is wanted:
        return True
    return any(_mentions(part, wanted) for part in get_args(annotation))


def _words(annotation: Any) -> tuple[str, ...]:  # noqa: ANN401 - an annotation can be anything
    if isinstance(annotation, str):
        return (annotation,)
    return tuple(word for part in get_args(annotation) for word in _words(part))
