import gzip

import pytest

from counterpoint.knowledge.sources.sitemaps import addresses

MAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc> https://example.com/a </loc><lastmod>2024-01-01</lastmod></url><url><loc>https://example.com/b?x=1&amp;y=2</loc></url>
</urlset>"""
INDEX = b"<sitemapindex><sitemap><loc>https://example.com/one.xml.gz</loc></sitemap></sitemapindex>"


@pytest.mark.parametrize("data", [MAP, gzip.compress(MAP, mtime=0), b"\xef\xbb\xbf" + MAP])
def test_pages_of_a_map(data: bytes) -> None:
    assert addresses(data) == (["https://example.com/a", "https://example.com/b?x=1&y=2"], [])


def test_maps_of_an_index() -> None:
    assert addresses(INDEX) == ([], ["https://example.com/one.xml.gz"])


def test_addresses_line_by_line() -> None:
    assert addresses(b"https://example.com/a\n\nnonsense\nhttps://example.com/b\n")[0] == [
        "https://example.com/a",
        "https://example.com/b",
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"<urlset><url>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><urlset/>',
        gzip.compress(MAP, mtime=0)[:40],
        b"\x1f\x8bnonsense",
        gzip.compress(b"<" + b" " * (51 << 20), mtime=0),
    ],
)
def test_what_is_no_map_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        addresses(data)
