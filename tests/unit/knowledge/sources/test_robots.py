import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.sources.robots import robots_of

TEXT = """
# what robots may do
Sitemap: https://example.com/map.xml
User-agent: Other
Disallow: /

User-agent: *
User-agent: Third
Disallow: /private
Allow: /private/open
Disallow: /*.php$
Disallow: /search?q=
Disallow:
Crawl-delay: 2.5
"""


@pytest.mark.parametrize(
    ("target", "may"),
    [
        ("/", True),
        ("/private", False),
        ("/private/x", False),
        ("/private/open/x", True),
        ("/a/b.php", False),
        ("/a/b.php5", True),
        ("/search?q=a", False),
        ("/search", True),
    ],
)
def test_the_longest_rule_that_fits_holds(target: str, may: bool) -> None:
    assert robots_of(TEXT, "Counterpoint").allows(target) is may


def test_a_group_of_one_s_own_holds_alone() -> None:
    assert not robots_of(TEXT, "OTHER").allows("/")
    text = "User-agent: *\nDisallow: /\n\nUser-agent: counterpoint\nDisallow: /x"
    assert robots_of(text, "Counterpoint").allows("/y")


def test_maps_and_delays_are_told() -> None:
    robots = robots_of(TEXT, "Counterpoint")
    assert (robots.delay, robots.maps) == (2.5, ("https://example.com/map.xml",))
    assert robots_of("User-agent: *\nCrawl-delay: soon", "Counterpoint").delay == 0
    assert robots_of("User-agent: *\nCrawl-delay: 9999", "Counterpoint").delay == 60


def test_who_allows_and_forbids_the_same_allows_it() -> None:
    assert robots_of("User-agent: *\nDisallow: /a\nAllow: /a", "Counterpoint").allows("/a")
    assert robots_of("User-agent: *\nAllow: /a\nDisallow: /a", "Counterpoint").allows("/a")


@pytest.mark.parametrize(
    ("rule", "target", "fits"),
    [
        ("/*a*b$", "/xaxb", True),
        ("/*a*b$", "/xaxbc", False),
        ("/*ab$", "/ab", True),
        ("/a*a$", "/a", False),
        ("/a*ab*$", "/aab", True),
        ("/*", "/", True),
        ("/a$", "/ab", False),
        ("/x?a=*&b", "/x?a=1&b=2", True),
        ("/a.b", "/axb", False),
        ("/café", "/caf%C3%A9/x", True),
        ("/caf%c3%a9", "/caf%C3%A9/x", True),
        ("/a b", "/a%20b", True),
        ("/a?", "/a", False),
        ("/a?", "/a?b", True),
    ],
)
def test_stars_and_ends(rule: str, target: str, fits: bool) -> None:
    assert robots_of(f"User-agent: *\nDisallow: {rule}", "Counterpoint").allows(target) is not fits


@given(st.text("ab*"), st.booleans(), st.text("ab", max_size=12))
def test_a_rule_fits_what_its_pattern_would(pattern: str, ends: bool, rest: str) -> None:
    expression = ".*".join(map(re.escape, pattern[:12].split("*"))) + ("$" if ends else "")
    text = f"User-agent: *\nDisallow: /{pattern[:12]}{'$' if ends else ''}"
    fits = re.match(f"/{expression}", f"/{rest}") is not None
    assert robots_of(text, "Counterpoint").allows(f"/{rest}") is not fits


def test_a_rule_of_many_stars_is_soon_decided() -> None:
    rule = "/" + "*a" * 200 + "$"
    assert robots_of(f"User-agent: *\nDisallow: {rule}", "Counterpoint").allows("/" + "a" * 2000 + ".html")


@given(st.text(), st.text())
def test_any_text_can_be_read(text: str, target: str) -> None:
    robots_of(text, "Counterpoint").allows(target)
