import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.sources.addresses import escaped, linked, plain, site_of


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("HTTPS://Example.COM#top", "https://example.com/"),
        ("https://example.com/A?b=C#d", "https://example.com/A?b=C"),
        ("https://example.com:443/", "https://example.com/"),
        ("https://example.com:80/", "https://example.com:80/"),
        ("http://[::1]:80/", "http://[::1]/"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
        ("https://example.com/café.html", "https://example.com/caf%C3%A9.html"),
        ("https://example.com/caf%c3%a9.html", "https://example.com/caf%C3%A9.html"),
        (" https://example.com/my file.html\n", "https://example.com/my%20file.html"),
        ("https://example.com/?q=é à|'", "https://example.com/?q=%C3%A9%20%C3%A0|%27"),
        ("https://example.com/100%?a=%", "https://example.com/100%?a=%"),
        ("https://example.com/a\\b;c=(1),[2]~", "https://example.com/a/b;c=(1),[2]~"),
        ("https://me:word@Example.com/", "https://me:word@example.com/"),
    ],
)
def test_a_page_has_one_name(url: str, name: str) -> None:
    assert plain(url) == name
    assert plain(name) == name


@pytest.mark.parametrize(
    "href",
    [
        *("http://[oops/", "http://a:99999/", "http://a:b/", "http://a b/", "http://a%2fb/"),
        *("http://é..com/", f"http://{'é' * 64}.com/", "mailto:a@b.c", "file:///etc/passwd", "//[oops/x"),
    ],
)
def test_what_leads_nowhere_is_no_link(href: str) -> None:
    assert linked("https://example.com/", href) is None


def test_links_lead_on_from_where_they_stand() -> None:
    assert linked("https://example.com/a/b", " ../c d#e ") == "https://example.com/c%20d"
    assert linked("https://example.com/a", "//other.example") == "https://other.example/"
    assert site_of("HTTP://Example.com:81/a") == ("http", "example.com:81")


@given(st.text(), st.text(alphabet=st.characters()))
def test_any_link_leads_to_an_address_in_ascii_or_nowhere(start: str, rest: str) -> None:
    for href in (rest, f"http://a/{rest}", f"http://{rest}", f"http://{start}/?{rest}"):
        url = linked("https://example.com/", href)
        assert url is None or (url.isascii() and " " not in url and plain(url) == url)
    assert escaped(start, rest).isascii()
