import pytest

from counterpoint.knowledge.sources.feed import FeedSource, open_source
from counterpoint.knowledge.sources.port import Bounds, Item, SourceError, VanishedError
from counterpoint.knowledge.sources.settings import FeedSettings
from tests.sites import Site

ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<entry><title>Marmots &amp; more</title><id>urn:1</id><link href="https://example.com/1"/>
<updated>2024-05-01T10:00:00Z</updated><author><name>Alice</name></author>
<content type="html">&lt;p&gt;They whistle.&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</content></entry>
<entry><title>Second</title><id>urn:2</id><summary>Short &lt;&amp; plain.</summary></entry>
<entry><id>urn:3</id></entry></feed>"""
RSS = """<rss version="2.0"><channel><title>x</title><item><title>One</title><link>https://example.com/one</link>
<description>&lt;b&gt;Bold&lt;/b&gt; words</description><pubDate>Wed, 01 May 2024 10:00:00 GMT</pubDate></item>
</channel></rss>"""


def source(web: Site, bounds: Bounds) -> FeedSource:
    return open_source(FeedSettings(f"{web.url}/feed"), None, bounds, lambda _: "")


def items(found: FeedSource) -> list[Item]:
    return [each for each in found.items() if isinstance(each, Item)]


def test_entries_are_pages(web: Site, bounds: Bounds) -> None:
    web.put("/feed", ATOM, "application/atom+xml")
    found = source(web, bounds)
    first, second = items(found)
    assert (first.path, first.title, first.media_type) == (
        "https://example.com/1",
        "Marmots & more",
        "text/html",
    )
    assert first.modified == 1714557600 * 1_000_000
    page = (first.data or b"").decode()
    assert "<p>They whistle.</p>" in page
    assert "script" not in page
    assert 'content="Alice"' in page
    assert second.path == "urn:2"
    assert "Short &lt;&amp; plain." in (second.data or b"").decode()
    assert found.fetch("urn:2") == second.data
    with pytest.raises(VanishedError):
        found.fetch("urn:9")
    assert found.rights() is None


def test_a_mark_is_another_when_the_entry_is(web: Site, bounds: Bounds) -> None:
    web.put("/feed", RSS, "application/rss+xml")
    (before,) = items(source(web, bounds))
    web.put("/feed", RSS.replace("words", "and other words"), "application/rss+xml")
    (after,) = items(source(web, bounds))
    assert before.path == after.path == "https://example.com/one"
    assert before.mark != after.mark


def test_what_is_no_feed_is_refused(web: Site, bounds: Bounds) -> None:
    web.put("/feed", "<html><body>hello</body></html>")
    with pytest.raises(SourceError, match="feed_unreadable"):
        items(source(web, bounds))
