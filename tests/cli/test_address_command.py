"""`threadbot preview` and `publish` with the address of a page, fetched from this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from command_line import threadbot
from fetch.loopback import LoopbackServer, redirect, response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: X links no address that is a number, as those of this machine are.
BLUESKY = ("--network", "bluesky")
ACCOUNT = ("--account", "bluesky")
BODY = (
    "<p>La ville relance un chantier arrêté depuis dix ans. Trois lignes verront le jour, et la "
    "rue de Siam sera rendue aux piétons dès le printemps.</p><h2>Ce qui change</h2><p>Les travaux "
    "commencent en mai. Ils dureront deux ans, le temps de poser les rails et de planter des "
    "arbres le long du parcours, promet la mairie.</p>"
)


def page(head: str = "") -> bytes:
    """Make the page of an article."""
    return (
        f"<!doctype html><html lang='fr'><head><title>Le tramway revient</title>{head}</head>"
        f"<body><article><h1>Le tramway revient</h1>{BODY}</article></body></html>"
    ).encode()


@pytest.fixture
def site() -> Iterator[LoopbackServer]:
    """Give a site whose robots.txt forbids everything."""
    canonical = "<link rel='canonical' href='https://news.example/tramway'>"
    server = LoopbackServer(
        {
            "/robots.txt": response(b"User-agent: *\nDisallow: /\n"),
            "/old": redirect("/tramway?utm_source=x&id=7"),
            "/tramway": response(page(), Content_Type="text/html; charset=utf-8"),
            "/canonical": response(page(canonical), Content_Type="text/html; charset=utf-8"),
            "/plain.txt": response(
                "Le moulin\n\nIl tourne encore, après la crue.".encode("latin-1"),
                Content_Type="text/plain; charset=iso-8859-1",
            ),
            "/pictured": response(
                page("<meta property='og:image' content='http://intranet.example/plan.png?key=1'>"),
                Content_Type="text/html; charset=utf-8",
            ),
            "/pdf": response(b"%PDF-1.7", Content_Type="application/pdf"),
        }
    )
    yield server
    server.close()


def configured(folder: Path, site: LoopbackServer) -> None:
    """Let the site be fetched from, which is not on the public internet."""
    allow = f'allow = ["127.0.0.1:{site.port}", "intranet.example"]'
    lines = ("[fetch]", allow, 'contact = "desk@news.example"')
    (folder / "config.toml").write_text("\n".join(lines), "utf-8")


def test_an_address_given_by_hand_is_read_whatever_robots_say(
    tmp_path: Path, site: LoopbackServer
) -> None:
    """The address after redirects, without tracking parameters, is the article's."""
    configured(tmp_path, site)
    url = f"http://127.0.0.1:{site.port}/old"
    done = threadbot(tmp_path, "preview", url, "--format", "json", *BLUESKY)
    assert done.returncode == 0, done.stderr.decode()
    article = json.loads(done.stdout)["article"]
    assert article["title"] == "Le tramway revient"
    assert article["url"] == f"http://127.0.0.1:{site.port}/tramway?id=7"
    assert not any("robots" in request for request in site.requests)
    assert "(+desk@news.example)" in site.requests[0]


def test_the_canonical_address_of_a_page_is_linked(tmp_path: Path, site: LoopbackServer) -> None:
    """What a page calls its own address wins over where it was fetched, and --url over both."""
    configured(tmp_path, site)
    url = f"http://127.0.0.1:{site.port}/canonical"
    done = threadbot(tmp_path, "preview", url, "--format", "json", *BLUESKY)
    assert json.loads(done.stdout)["article"]["url"] == "https://news.example/tramway"
    own = threadbot(
        tmp_path, "preview", url, "--format", "json", "--url", "https://own.example/a", *BLUESKY
    )
    assert json.loads(own.stdout)["article"]["url"] == "https://own.example/a"


@pytest.mark.parametrize(
    ("path", "said"),
    [("/pdf", "it is application/pdf"), ("/plain.txt?a", "")],
)
def test_what_an_address_leads_to_is_read_or_refused(
    path: str, said: str, tmp_path: Path, site: LoopbackServer
) -> None:
    """A charset is believed; what is no text is refused with one line and exit code 2."""
    configured(tmp_path, site)
    done = threadbot(tmp_path, "preview", f"http://127.0.0.1:{site.port}{path}", *BLUESKY)
    assert done.returncode == (2 if said else 0)
    assert said in done.stderr.decode()
    assert len(done.stderr.decode().splitlines()) == bool(said)


def test_an_article_published_by_its_address_is_not_published_again(
    tmp_path: Path, site: LoopbackServer
) -> None:
    """Two addresses that lead to the same page are one article."""
    configured(tmp_path, site)
    base = f"http://127.0.0.1:{site.port}"
    first = threadbot(tmp_path, "publish", f"{base}/old", "--sandbox", "--yes", *ACCOUNT)
    assert first.returncode == 0, first.stderr.decode()
    again = threadbot(tmp_path, "publish", f"{base}/tramway?id=7", "--sandbox", "--yes", *ACCOUNT)
    assert again.returncode == 2


def test_a_page_brings_no_picture_of_another_host_that_is_not_public(
    tmp_path: Path, site: LoopbackServer
) -> None:
    """Who gave the page's address by hand did not give that of what it shows."""
    configured(tmp_path, site)
    url = f"http://127.0.0.1:{site.port}/pictured"
    done = threadbot(tmp_path, "preview", url, "--format", "json", *BLUESKY)
    assert done.returncode == 0, done.stderr.decode()
    (thread,) = json.loads(done.stdout)["threads"]
    said = "The image http://intranet.example/plan.png?… is left out"
    assert any(warning.startswith(said) for warning in thread["warnings"])
    assert "plan.png" not in json.dumps(thread["posts"])
