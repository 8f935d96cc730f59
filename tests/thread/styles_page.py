"""Makes docs/styles.md: three styles at work on the same article, with what comes out.

Owns the page; run as a program it writes it, and a test compares.
"""

from __future__ import annotations

import tempfile
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from threadbot.app import Wish, targets
from threadbot.article import load
from threadbot.config import load_config
from threadbot.preview.text import plain_text
from threadbot.thread import compose

if TYPE_CHECKING:
    from threadbot.thread.model import NetworkName

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "styles.md"
ARTICLE = PROJECT / "examples" / "article.md"

OPENING = """\
# Styles

A style says how threads are made. `[style.default]` is the one that an account has if it names
none; an account names another with `style = "NAME"`, and `--style NAME` takes one for every account
of a preview. A folder of templates is a style by itself, under its own name and with the defaults
for all other keys: `threadbot preview article.txt --style plain` needs no configuration.
`docs/configuration.md` lists the keys:

- `template`: the folder of templates (`docs/templates.md`): `default`, `plain` without emoji and
  numbers, or one of your own.
- `coverage` and `max_posts`: how much of the article is posted.
- `numbering` and `hashtags`: whether posts bear their number, and how many tags the last post has.
- `inline_links`: on Bluesky the words that the article links stay linked (`facets`) or not
  (`none`). X has no links under words: there the words stay, and the preview lists each link that
  fell away.
- `images`: `none`, `lead` or `all`. A picture stands in the post that holds the words beside it, at
  most four in one post. Its alternative text goes along; one without is a warning. Bluesky's link
  card shows the lead picture, so there it needs no place of its own. A picture that is no web
  address is read from the article's own folder or below it, from nowhere else.
- `bullet`: what stands before the items of a list without numbers.

Below are three styles on the same article, `examples/article.md`. The page is made by
`python tests/thread/styles_page.py`, and a test compares it.
"""

EXAMPLES: tuple[tuple[str, NetworkName, str], ...] = (
    (
        "As it comes, on Bluesky",
        "bluesky",
        """\
        [accounts.enpause-bsky]
        network = "bluesky"
        handle = "enpause.example.com"
        """,
    ),
    (
        "Short and sober, on X",
        "x",
        """\
        [accounts.enpause-x]
        network = "x"
        handle = "EnPause"
        style = "sober"

        [style.sober]
        template = "plain"
        max_posts = 4
        bullet = "→"
        """,
    ),
    (
        "Every word and every picture, on X",
        "x",
        """\
        [accounts.enpause-x]
        network = "x"
        handle = "EnPause"
        style = "whole"

        [style.whole]
        coverage = "full"
        images = "all"
        """,
    ),
)


def page() -> str:
    """Write the page."""
    return "\n".join([OPENING, *(_example(*example) for example in EXAMPLES)])


def _example(title: str, network: NetworkName, config: str) -> str:
    config = textwrap.dedent(config)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "config.toml")
        path.write_text(config, "utf-8")
        loaded = load_config(path, {}, Path(folder))
    article = load(ARTICLE.read_bytes(), name=ARTICLE.name)
    chosen = targets(loaded, Wish(network=network))
    threads = [compose(article, target.account, target.style) for target in chosen]
    shown = plain_text(threads).strip()
    return f"## {title}\n\n```toml\n{config}```\n\n```text\n{shown}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
