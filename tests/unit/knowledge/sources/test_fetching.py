import pytest

from counterpoint.knowledge.sources.fetching import Fetching
from counterpoint.knowledge.sources.port import Bounds, SourceError, VanishedError
from tests.sites import Reply, Site, site


def test_nothing_private_is_called_unless_it_is_allowed(web: Site, bounds: Bounds) -> None:
    web.put("/", "hello")
    with pytest.raises(SourceError, match="address_not_allowed") as raised:
        Fetching(Bounds(bounds.work)).get(f"{web.url}/")
    assert not raised.value.lasting, "the operator may allow it, and all is well with the document"
    assert web.asked == []
    assert Fetching(bounds).get(f"{web.url}/").body == b"hello"


def test_redirects_are_followed_and_judged(web: Site, bounds: Bounds) -> None:
    web.put("/there", "there")
    web.pages["/here"] = Reply(status=302, headers={"Location": "/there"})
    web.pages["/inner"] = Reply(status=302, headers={"Location": "http://[::1]:1/"})
    web.pages["/file"] = Reply(status=302, headers={"Location": "file:///etc/passwd"})
    web.pages["/loop"] = Reply(status=302, headers={"Location": "/loop"})
    fetching = Fetching(bounds)
    answer = fetching.get(f"{web.url}/here")
    assert (answer.url, answer.body) == (f"{web.url}/there", b"there")
    for path in ("/inner", "/file"):
        with pytest.raises(SourceError, match="address_not_allowed"):
            fetching.get(web.url + path)
    with pytest.raises(SourceError, match="unreachable"):
        fetching.get(f"{web.url}/loop")


def test_what_proves_who_asks_is_for_one_site_alone(web: Site, bounds: Bounds) -> None:
    with site() as other:
        other.put("/", "other")
        web.pages["/away"] = Reply(status=302, headers={"Location": f"{other.url}/"})
        Fetching(bounds).get(f"{web.url}/away", {"Authorization": "secret"})
        assert web.headers["authorization"] == "secret"
        assert "authorization" not in other.headers


def test_what_is_too_large_is_not_taken(web: Site, bounds: Bounds) -> None:
    web.put("/", b"x" * ((1 << 20) + 1))
    with pytest.raises(SourceError, match="too_large") as raised:
        Fetching(bounds).get(f"{web.url}/")
    assert raised.value.lasting


def test_good_answers(web: Site, bounds: Bounds) -> None:
    web.put("/", "hello", "text/HTML; charset=utf-8", etag='"1"', last_modified="yesterday")
    web.pages["/broken"] = Reply(status=500)
    fetching = Fetching(bounds)
    answer = fetching.good(f"{web.url}/")
    assert (answer.media_type, answer.mark) == ("text/html", 'etag "1"')
    with pytest.raises(VanishedError):
        fetching.good(f"{web.url}/none")
    with pytest.raises(SourceError, match="unreachable") as raised:
        fetching.good(f"{web.url}/broken")
    assert raised.value.values["reason"] == "HTTP 500"
    with pytest.raises(SourceError, match="unreachable"):
        fetching.good("http://127.0.0.1:1/")


def test_a_redirect_that_leads_nowhere_says_so(web: Site, bounds: Bounds) -> None:
    for address in ("http://[oops/", "http://a:99999/", "http://a b/"):
        web.pages["/here"] = Reply(status=302, headers={"Location": address})
        with pytest.raises(SourceError, match="leads_nowhere") as raised:
            Fetching(bounds).get(f"{web.url}/here")
        assert (raised.value.lasting, raised.value.values["target"]) == (True, address)


def test_a_redirect_is_read_as_browsers_read_it(web: Site, bounds: Bounds) -> None:
    web.put("/caf%C3%A9%20noir", "noir")
    for address in ("/caf%c3%a9 noir", "/café noir".encode().decode("latin-1")):
        web.pages["/here"] = Reply(status=302, headers={"Location": address})
        assert Fetching(bounds).get(f"{web.url}/here").body == b"noir"
