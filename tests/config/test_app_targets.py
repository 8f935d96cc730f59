"""The composition root: whose threads are made, in which style, with which templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment

from threadbot.app import Wish, targets, template_loader
from threadbot.config import default_config, load_config
from threadbot.config.places import packaged_templates, template_names
from threadbot.errors import InputError, ThreadbotError
from threadbot.thread.settings import Style

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.config import Config

FILE = """
publication.templates = "mine"
[accounts.news-x]
network = "x"
handle = "News"
style = "quiet"
[accounts.sport-x]
network = "x"
[style.default]
max_posts = 9
[style.quiet]
template = "plain"
coverage = "full"
numbering = "off"
hashtags = 1
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "mine" / "default").mkdir(parents=True)
    (tmp_path / "mine" / "loud").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("no folder")
    (tmp_path / "config.toml").write_text(FILE)
    return load_config(None, {}, tmp_path)


@pytest.mark.parametrize(
    ("wish", "chosen"),
    [
        (Wish(), [("news-x", "quiet"), ("sport-x", "default"), ("bluesky", "default")]),
        (Wish(network="x"), [("news-x", "quiet"), ("sport-x", "default")]),
        (Wish(network="bluesky"), [("bluesky", "default")]),
        (Wish(account="news-x"), [("news-x", "quiet")]),
        (Wish(account="news-x", network="x"), [("news-x", "quiet")]),
        (Wish(network="bluesky", style="quiet"), [("bluesky", "quiet")]),
        (Wish(network="bluesky", style="plain"), [("bluesky", "plain")]),
        (Wish(network="bluesky", style="loud"), [("bluesky", "loud")]),
    ],
)
def test_accounts_and_styles_are_those_wished_for(
    wish: Wish, chosen: list[tuple[str, str]], config: Config
) -> None:
    """Every account unless one or a network is named; a network without one gets a plain one."""
    found = targets(config, wish)
    assert [(target.account.name, target.style.name) for target in found] == chosen


def test_without_configuration_both_networks_are_targets() -> None:
    """X comes first, then Bluesky, each in the default style."""
    found = targets(default_config(), Wish())
    assert [target.account for target in found] == list(default_config().accounts.values())
    assert [target.account.network for target in found] == ["x", "bluesky"]
    assert found[0].style == found[1].style == Style(loader=found[0].style.loader)


def test_the_command_line_wins_over_the_style(config: Config) -> None:
    """Coverage and cap of the wish replace the style's; everything else stays as configured."""
    (target,) = targets(config, Wish(account="news-x", coverage="digest", max_posts=4))
    assert target.style == Style(
        loader=target.style.loader,
        name="quiet",
        template="plain",
        coverage="digest",
        max_posts=4,
        numbering=False,
        hashtags=1,
    )
    (target,) = targets(config, Wish(account="sport-x"))
    assert target.style.max_posts == 9


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish(account="new-x"), "there is no account 'new-x'; did you mean 'news-x'?"),
        (
            Wish(account="press"),
            "there is no account 'press'; known are 'news-x' and 'sport-x'",
        ),
        (Wish(style="quite"), "there is no style 'quite'; did you mean 'quiet'?"),
        (Wish(style="plian"), "there is no style 'plian'; did you mean 'plain'?"),
        (
            Wish(style="notes.txt"),
            "there is no style 'notes.txt'; known are 'default', 'quiet', 'loud' and 'plain'",
        ),
        (
            Wish(account="news-x", network="bluesky"),
            "the account 'news-x' is on x, not on bluesky; name one of the two",
        ),
    ],
)
def test_a_wish_that_cannot_be_met_is_told(wish: Wish, said: str, config: Config) -> None:
    """An unknown name gives one sentence with what was probably meant."""
    with pytest.raises(InputError) as caught:
        targets(config, wish)
    assert str(caught.value) == said


def test_a_folder_of_templates_is_a_style_by_itself(config: Config) -> None:
    """It has its template and the defaults, whatever `[style.default]` says; and needs no file."""
    (target,) = targets(config, Wish(network="bluesky", style="plain", max_posts=3))
    loader = target.style.loader
    assert target.style == Style(loader=loader, name="plain", template="plain", max_posts=3)
    found = targets(default_config(), Wish(style="plain"))
    assert [target.style.template for target in found] == ["plain", "plain"]


def test_a_configured_style_comes_before_a_folder_of_its_name(tmp_path: Path) -> None:
    """`[style.plain]` says itself what plain is."""
    (tmp_path / "config.toml").write_text("style.plain.coverage = 'full'\n")
    (target,) = targets(load_config(None, {}, tmp_path), Wish(network="x", style="plain"))
    assert (target.style.template, target.style.coverage) == ("default", "full")


def test_an_account_may_name_a_folder_of_templates(tmp_path: Path) -> None:
    """No `[style.plain]` is needed in the file either."""
    (tmp_path / "config.toml").write_text("accounts.ours = {network = 'x', style = 'plain'}\n")
    (target,) = targets(load_config(None, {}, tmp_path), Wish(network="x"))
    assert (target.style.name, target.style.template) == ("plain", "plain")


def test_the_names_of_templates_are_those_of_folders(tmp_path: Path) -> None:
    """The user's and the packaged ones are known; a folder that cannot be read adds none."""
    (tmp_path / "mine").mkdir()
    (tmp_path / ".git").mkdir()
    assert template_names(None) == ("default", "plain")
    assert template_names(tmp_path) == ("default", "mine", "plain")
    assert template_names(tmp_path / "none") == ("default", "plain")


def test_a_users_templates_come_before_the_packaged_ones(config: Config) -> None:
    """A file in the user's folder is taken; one that is not there comes from the package."""
    folder = config.publication.templates
    assert folder is not None
    (folder / "default" / "opening.j2").write_text("mine")
    environment = Environment(loader=template_loader(config), autoescape=False)  # noqa: S701 - text
    assert environment.get_template("default/opening.j2").render() == "mine"
    packaged = packaged_templates() / "default" / "body.j2"
    assert environment.get_template("default/body.j2").filename == str(packaged)


def test_all_targets_share_one_loader(config: Config) -> None:
    """Templates are compiled once, whatever the number of accounts."""
    loaders = {id(target.style.loader) for target in targets(config, Wish())}
    assert len(loaders) == 1


def test_packaged_templates_are_inside_an_installed_package_or_beside_a_checkout(
    tmp_path: Path,
) -> None:
    """Those inside come first; where neither place has them, a sentence says what to do."""
    package = tmp_path / "threadbot"
    with pytest.raises(
        ThreadbotError, match=r"not in .*/threadbot/templates; install threadbot again"
    ):
        packaged_templates(package)
    beside, inside = tmp_path / "templates", package / "templates"
    (beside / "default").mkdir(parents=True)
    assert packaged_templates(package) == beside
    (inside / "default").mkdir(parents=True)
    assert packaged_templates(package) == inside
