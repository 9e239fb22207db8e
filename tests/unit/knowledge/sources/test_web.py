from typing import Any

import pytest

from counterpoint.knowledge.sources.port import Bounds, Item, SourceError, Trouble, VanishedError
from counterpoint.knowledge.sources.settings import WebSettings
from counterpoint.knowledge.sources.web import WebSource, open_source
from tests.sites import Reply, Site


def source(web: Site, bounds: Bounds, known: dict[str, str] | None = None, **settings: Any) -> WebSource:
    told: dict[str, Any] = {"url": f"{web.url}/", "delay": 0.0} | settings
    return open_source(WebSettings(**told), None, bounds, lambda path: (known or {}).get(path, ""))


def paths(web: Site, found: WebSource) -> list[str]:
    return [each.path.removeprefix(web.url) for each in found.items() if isinstance(each, Item)]


def links(*targets: str) -> str:
    return "<html><body>" + "".join(f'<a href="{target}">x</a>' for target in targets) + "</body></html>"


def test_links_are_followed_as_deep_as_was_said(web: Site, bounds: Bounds) -> None:
    web.put("/", links("one", "/two#part", "https://elsewhere.example/", "mailto:a@b.c", "logo.png", "none"))
    web.put("/one", links("/deep"))
    web.put("/two", b"%PDF-1.4", "application/pdf")
    web.put("/deep", links("/deeper"))
    web.put("/deeper", links("/"))
    assert paths(web, source(web, bounds)) == ["/", "/one", "/two", "/deep", "/deeper"]
    assert paths(web, source(web, bounds, depth=1)) == ["/", "/one", "/two"]
    assert paths(web, source(web, bounds, depth=0)) == ["/"]
    assert paths(web, source(web, bounds, most=2)) == ["/", "/one"]
    assert "/logo.png" not in web.asked


def test_only_what_lies_below_the_address_is_taken(web: Site, bounds: Bounds) -> None:
    web.put("/docs/", links("a", "/other", "/docs/b"))
    for path in ("/docs/a", "/docs/b", "/other"):
        web.put(path, "text")
    assert paths(web, source(web, bounds, url=f"{web.url}/docs/")) == ["/docs/", "/docs/a", "/docs/b"]
    assert paths(web, source(web, bounds, url=f"{web.url}/docs/", exclude=("docs/b",))) == [
        "/docs/",
        "/docs/a",
    ]


def test_what_robots_txt_asks_is_done(web: Site, bounds: Bounds) -> None:
    web.put("/robots.txt", "User-agent: *\nDisallow: /private", "text/plain")
    web.put("/", links("/private/a", "/open"))
    web.put("/open", "text")
    web.put("/private/a", "text")
    found = source(web, bounds)
    assert paths(web, found) == ["/", "/open"]
    assert "/private/a" not in web.asked
    with pytest.raises(VanishedError):
        found.fetch(f"{web.url}/private/a")
    assert found.fetch(f"{web.url}/open") == b"text"
    web.put("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    with pytest.raises(SourceError, match="robots_forbid"):
        list(source(web, bounds).items())
    web.pages["/robots.txt"] = Reply(status=503)
    with pytest.raises(SourceError, match="unreachable"):
        list(source(web, bounds).items())


def test_a_site_with_maps_has_the_pages_that_they_name(web: Site, bounds: Bounds) -> None:
    web.put("/robots.txt", f"Sitemap: {web.url}/maps.xml", "text/plain")
    inner = f"<sitemapindex><sitemap><loc>{web.url}/one.xml</loc></sitemap></sitemapindex>"
    web.put("/maps.xml", inner, "text/xml")
    urls = (
        f"<urlset><url><loc>{web.url}/a</loc></url><url><loc>https://elsewhere.example/</loc></url></urlset>"
    )
    web.put("/one.xml", urls, "text/xml")
    web.put("/", links("/linked"))
    web.put("/a", links("/not-followed"), etag='"1"')
    web.put("/linked", "text")
    web.put("/not-followed", "text")
    assert paths(web, source(web, bounds, depth=1)) == ["/", "/a", "/linked"]


def test_a_page_that_did_not_change_is_not_sent_again(web: Site, bounds: Bounds) -> None:
    web.put("/", links("/a"))
    web.put("/a", "text", etag='"1"')
    known = {f"{web.url}/a": 'etag "1"'}
    found = {
        each.path: each for each in source(web, bounds, known, depth=1).items() if isinstance(each, Item)
    }
    assert found[f"{web.url}/a"] == Item(f"{web.url}/a", 'etag "1"')
    assert web.headers["if-none-match"] == '"1"'
    web.put("/a", "other text", etag='"2"')
    found = {
        each.path: each for each in source(web, bounds, known, depth=1).items() if isinstance(each, Item)
    }
    assert found[f"{web.url}/a"].data == b"other text"


def test_a_page_goes_by_the_name_that_it_says(web: Site, bounds: Bounds) -> None:
    named = '<link rel="canonical" href="/good">'
    web.put("/", links("/x?session=1", "/x?session=2", "/foreign"))
    web.put("/x?session=1", named)
    web.put("/x?session=2", named)
    web.put("/foreign", '<link rel="canonical" href="https://elsewhere.example/">')
    assert paths(web, source(web, bounds)) == ["/", "/good", "/foreign"]


def test_a_page_that_asks_not_to_be_indexed_is_none(web: Site, bounds: Bounds) -> None:
    web.put("/", links("/a", "/b", "/c") + '<a rel="nofollow" href="/d">x</a>')
    web.put("/a", '<meta name="robots" content="noindex">' + links("/e"))
    web.put("/b", "text", x_robots_tag="noindex")
    web.put("/c", '<meta name="ROBOTS" content="nofollow">' + links("/f"))
    for path in ("/d", "/e", "/f"):
        web.put(path, "text")
    assert paths(web, source(web, bounds)) == ["/", "/c", "/e"]


def test_a_page_that_fails_is_not_gone(web: Site, bounds: Bounds) -> None:
    web.put("/", links("/a", "/b"))
    web.pages["/a"] = Reply(status=500)
    web.put("/b", "text")
    told = list(source(web, bounds, depth=1).items())
    assert [each.path for each in told if isinstance(each, Trouble)] == [f"{web.url}/a"]
    # Pages that only it leads to may be there all the same.
    assert [each.path for each in source(web, bounds).items() if isinstance(each, Trouble)] == [""]
    web.pages["/"] = Reply(status=404)
    with pytest.raises(SourceError, match="vanished"):
        list(source(web, bounds).items())


def test_an_address_that_leads_to_another_site_is_said_to(web: Site, bounds: Bounds) -> None:
    web.put("/new/", "text")
    web.put("/old/", "text")
    web.pages["/old/"] = Reply(status=301, headers={"Location": f"{web.url}/new/"})
    with pytest.raises(SourceError, match="moved"):
        list(source(web, bounds, url=f"{web.url}/old/").items())


def test_a_site_is_given_time(web: Site, bounds: Bounds, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("counterpoint.knowledge.sources.web.time.sleep", slept.append)
    web.put("/robots.txt", "User-agent: *\nCrawl-delay: 30", "text/plain")
    web.put("/", links("/a"))
    web.put("/a", "text")
    assert paths(web, source(web, bounds, delay=1.0)) == ["/", "/a"]
    assert len(slept) == 2
    assert all(25 < pause <= 30 for pause in slept)
    assert source(web, bounds).rights() is None


def test_an_address_that_is_none_does_no_harm(web: Site, bounds: Bounds) -> None:
    bad = "http://[oops/"
    web.put("/", links("/a", bad, "/base", "/canonical", "/moved", "/z"))
    web.put("/a", "text")
    web.put("/base", f'<base href="{bad}">' + links("/c"))
    web.put("/canonical", f'<link rel="canonical" href="{bad}">')
    web.pages["/moved"] = Reply(status=302, headers={"Location": bad})
    for path in ("/c", "/z"):
        web.put(path, "text")
    named = f"<urlset><url><loc>{bad}</loc></url><url><loc>{web.url}/mapped</loc></url></urlset>"
    web.put("/sitemap.xml", named, "text/xml")
    web.put("/mapped", "text")
    told = list(source(web, bounds).items())
    assert {each.path.removeprefix(web.url) for each in told if isinstance(each, Item)} == {
        *("/", "/a", "/base", "/canonical", "/z", "/mapped", "/c"),
    }
    # Nothing was ever to be found behind it: what else is gone is gone.
    assert [each.path for each in told if isinstance(each, Trouble)] == [f"{web.url}/moved"]


def test_links_are_read_as_browsers_read_them(web: Site, bounds: Bounds) -> None:
    web.put("/robots.txt", "User-agent: *\nDisallow: /privé", "text/plain; charset=utf-8")
    web.put(
        "/", '<meta charset="utf-8">' + links("/café.html", "/my file.html?q=à b", "/priv%c3%a9", "/été/x")
    )
    web.put("/caf%C3%A9.html", links("/caf%c3%a9.html"))
    web.put("/my%20file.html?q=%C3%A0%20b", "text")
    found = source(web, bounds, exclude=("été/*",))
    told = list(found.items())
    assert [each.path.removeprefix(web.url) for each in told] == [
        *("/", "/caf%C3%A9.html", "/my%20file.html?q=%C3%A0%20b"),
    ]
    assert found.fetch(told[2].path) == b"text"


@pytest.mark.parametrize("status", [401, 403])
def test_a_page_that_is_refused_is_not_gone(web: Site, bounds: Bounds, status: int) -> None:
    web.put("/", links("/a", "/b"))
    for path in ("/a", "/b"):
        web.pages[path] = Reply(status=status)
    known = {f"{web.url}/a": "sha256 x"}
    found = source(web, bounds, known, depth=1)
    # One that was never to be seen is no document, and nothing is wrong with that.
    assert [each.path for each in found.items() if isinstance(each, Trouble)] == [f"{web.url}/a"]
    with pytest.raises(SourceError, match="unreachable"):
        found.fetch(f"{web.url}/a")
    web.pages["/"] = Reply(status=status)
    with pytest.raises(SourceError, match="unreachable"):
        list(source(web, bounds).items())


def test_what_is_too_large_spares_nothing_but_itself(web: Site, bounds: Bounds) -> None:
    web.put("/", links("/large"))
    web.put("/large", b"x" * ((1 << 20) + 1), "application/pdf")
    assert [each.path for each in source(web, bounds).items() if isinstance(each, Trouble)] == [
        f"{web.url}/large"
    ]


def test_a_page_that_leads_elsewhere_by_now_is_not_fetched_from_there(web: Site, bounds: Bounds) -> None:
    web.put("/docs/", links("a"))
    web.put("/docs/a", "text")
    web.put("/other", "another text")
    found = source(web, bounds, url=f"{web.url}/docs/")
    assert paths(web, found) == ["/docs/", "/docs/a"]
    web.pages["/docs/a"] = Reply(status=302, headers={"Location": "/other"})
    with pytest.raises(VanishedError):
        found.fetch(f"{web.url}/docs/a")
    web.put("/docs/b", "moved")
    web.pages["/docs/a"] = Reply(status=302, headers={"Location": "b"})
    assert found.fetch(f"{web.url}/docs/a") == b"moved"
