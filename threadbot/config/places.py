"""Where things are: the configuration's file, our variables, the ledger, the folders of templates.

Owns the search for the file, the prefix of the variables, the place of the ledger, and which
templates there are; never reads a file's content.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from threadbot.errors import ThreadbotError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Every variable that begins so is ours, and an unknown one is an error.
PREFIX = "THREADBOT_"
#: The variable that names the file.
FILE_VARIABLE = "THREADBOT_CONFIG"
FILE_NAME = "config.toml"
LEDGER_NAME = "ledger.db"
#: What the file beside a ledger ends with in which the sandbox keeps its posts.
JOURNAL_SUFFIX = ".sandbox.jsonl"
_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The file to read.

    Args:
        path: absolute, or as the working folder is.
        shown: how messages call it: relative to the working folder if it is in there.
        named_by: `--config`, the variable, or empty where it was found by looking.
    """

    path: Path
    shown: str
    named_by: str = ""


def find_file(
    path: Path | None, environment: Mapping[str, str], working_folder: Path
) -> ConfigFile | None:
    """Find the configuration file.

    The first of: the path from the command line, the one in `THREADBOT_CONFIG`, `config.toml` in
    the working folder, `threadbot/config.toml` in the user's folder for configuration.

    Returns:
        The file; one that is named need not exist. None where nothing is named or found.
    """
    if path is not None:
        return _config_file(path, working_folder, named_by="--config")
    if environment.get(FILE_VARIABLE):
        named = Path(environment[FILE_VARIABLE])
        return _config_file(named, working_folder, named_by=FILE_VARIABLE)
    candidates = [working_folder / FILE_NAME]
    user_folder = _user_folder(environment, "XDG_CONFIG_HOME", Path(".config"))
    if user_folder is not None:
        candidates.append(user_folder / "threadbot" / FILE_NAME)
    found = next((candidate for candidate in candidates if _is_file(candidate)), None)
    return None if found is None else _config_file(found, working_folder)


def is_folder(path: Path) -> bool:
    """Tell whether a path leads to a folder; one that may not be looked at does not."""
    try:
        return path.is_dir()
    except OSError:
        return False


def packaged_templates(package: Path = _PACKAGE) -> Path:
    """Find the templates that come with threadbot.

    An installed package carries them inside itself; in a checkout they stand beside it.

    Args:
        package: the folder of the package.

    Raises:
        ThreadbotError: if they are in neither place.
    """
    places = (package / "templates", package.parent / "templates")
    for place in places:
        # Any folder beside an installed package may be called templates; ours has this one.
        if (place / "default").is_dir():
            return place
    message = f"the packaged templates are not in {places[0]}; install threadbot again"
    raise ThreadbotError(message)


def template_folders(own: Path | None) -> tuple[Path, ...]:
    """Give the folders that hold templates: the user's own, if there is one, then the packaged.

    Raises:
        ThreadbotError: if the packaged templates are missing.
    """
    return (packaged_templates(),) if own is None else (own, packaged_templates())


def template_names(own: Path | None) -> tuple[str, ...]:
    """Give the names that a style's `template` may have, in the order of the alphabet.

    Raises:
        ThreadbotError: if the packaged templates are missing.
    """
    names = {name for folder in template_folders(own) for name in _folders_in(folder)}
    return tuple(sorted(names))


def _folders_in(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir() if entry.is_dir() and entry.name[0] != "."]
    except OSError:
        return []


def ledger_file(environment: Mapping[str, str]) -> Path | None:
    """Find the place of a ledger that nobody named: the user's folder for state.

    Returns:
        A file that need not exist; None where the environment does not say where the user is.
    """
    folder = _user_folder(environment, "XDG_STATE_HOME", Path(".local", "state"))
    return None if folder is None else folder / "threadbot" / LEDGER_NAME


def from_home(path: str, environment: Mapping[str, str]) -> Path:
    """Read a path that may begin with `~/`, the user's own folder."""
    home = environment.get("HOME", "")
    if path.startswith("~/") and Path(home).is_absolute():
        return Path(home, path.removeprefix("~/"))
    return Path(path)


def sets_keys(environment: Mapping[str, str]) -> bool:
    """Tell whether a variable is ours, right or wrong, other than the one that names the file."""
    return any(name.startswith(PREFIX) and name != FILE_VARIABLE for name in environment)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _config_file(path: Path, working_folder: Path, named_by: str = "") -> ConfigFile:
    absolute = working_folder / path
    inside = absolute.is_relative_to(working_folder)
    shown = absolute.relative_to(working_folder) if inside else absolute
    return ConfigFile(path=absolute, shown=str(shown), named_by=named_by)


def _user_folder(environment: Mapping[str, str], variable: str, usual: Path) -> Path | None:
    # A relative path is to be ignored: XDG Base Directory Specification 0.8, "Basics",
    # https://specifications.freedesktop.org/basedir-spec/latest/
    named = Path(environment.get(variable, ""))
    if named.is_absolute():
        return named
    home = Path(environment.get("HOME", ""))
    return home / usual if home.is_absolute() else None
