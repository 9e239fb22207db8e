import uuid

import obstore
import pytest
from obstore.store import S3Store

from counterpoint.knowledge.sources.bucket import BucketSource, open_source
from counterpoint.knowledge.sources.port import (
    Bounds,
    ChangedError,
    Item,
    Ruled,
    SourceError,
    Trouble,
    VanishedError,
)
from counterpoint.knowledge.sources.settings import BucketSettings
from tests.buckets import BUCKET, KEY, SECRET, buckets
from tests.sites import Reply, Site


@pytest.fixture
def prefix() -> str:
    return uuid.uuid4().hex


def put(prefix: str, **files: str) -> None:
    store = S3Store(
        BUCKET,
        prefix=prefix,
        endpoint=buckets().endpoint,
        access_key_id=KEY,
        secret_access_key=SECRET,
        region="us-east-1",
        client_options={"allow_http": True},
    )
    for name, text in files.items():
        obstore.put(store, name.replace("__", "/").replace("_", "."), text.encode())


def source(prefix: str, bounds: Bounds, secret: str | None = f"{KEY}:{SECRET}") -> BucketSource:
    settings = BucketSettings(BUCKET, buckets().endpoint, prefix=prefix)
    return open_source(settings, secret, bounds, lambda _: "")


def test_what_is_in_a_bucket(prefix: str, bounds: Bounds) -> None:
    put(
        prefix,
        a_txt="one",
        deep__b_txt="two",
        _hidden="x",
        access_toml='[[rule]]\nfiles = "a*"\nreaders = ["Finance"]',
    )
    put(prefix, **{"sp ace é+&": "three"})
    found = source(prefix, bounds)
    items = {each.path: each for each in found.items() if isinstance(each, Item)}
    assert sorted(items) == ["a.txt", "deep/b.txt", "sp ace é+&"]
    assert items["a.txt"].size == 3
    assert found.fetch("deep/b.txt") == b"two"
    assert found.fetch("sp ace é+&") == b"three"
    with pytest.raises(VanishedError):
        found.fetch("none")
    readers = {each.path: each.readers for each in found.rights() if isinstance(each, Ruled)}
    assert readers == {"a.txt": {"Finance"}, "deep/b.txt": None, "sp ace é+&": None}
    put(prefix, a_txt="other", deep__access_toml="[[rule")
    told = list(found.rights())
    assert {each.path: each.readers for each in told if isinstance(each, Ruled)}["deep/b.txt"] == frozenset()
    assert [each.path for each in told if isinstance(each, Trouble)] == ["deep/access.toml"]
    after = {each.path: each for each in found.items() if isinstance(each, Item)}
    assert after["a.txt"].mark != items["a.txt"].mark
    assert after["deep/b.txt"].mark == items["deep/b.txt"].mark


def test_capitals_in_the_name_of_an_access_object_do_not_matter(prefix: str, bounds: Bounds) -> None:
    put(prefix, hr__a_txt="x", hr__Access_toml="[[rule", b_txt="x", b_txt_ACCESS_toml="readers = []")
    found = source(prefix, bounds)
    assert [each.path for each in found.items() if isinstance(each, Item)] == ["b.txt", "hr/a.txt"]
    assert [each.readers for each in found.rights() if isinstance(each, Ruled)] == [frozenset(), frozenset()]


def test_wrong_keys_and_addresses_are_told(prefix: str, bounds: Bounds) -> None:
    with pytest.raises(SourceError, match="unreachable") as raised:
        list(source(prefix, bounds, f"{KEY}:wrong").items())
    assert raised.value.values["reason"].startswith("HTTP 403")
    with pytest.raises(SourceError, match="address_not_allowed"):
        list(source(prefix, Bounds(bounds.work)).items())


def test_what_was_listed_is_fetched_or_nothing(prefix: str, bounds: Bounds) -> None:
    put(prefix, a_txt="one", access_toml='[[rule]]\nfiles = "*"\nreaders = ["Finance"]')
    found = source(prefix, bounds)
    (item,) = [each for each in found.items() if isinstance(each, Item)]
    assert found.fetch("a.txt", item.mark) == b"one"
    assert list(found.rights()) == [Ruled("a.txt", frozenset({"Finance"}), item.mark)]
    put(prefix, a_txt="two")
    with pytest.raises(ChangedError):
        found.fetch("a.txt", item.mark)
    assert found.fetch("a.txt") == b"two"


LIST = "/some?list-type=2&max-keys=1000&prefix="


def listing(rest: str, name: str = "ListBucketResult") -> str:
    told = "<Key>a.txt</Key><LastModified>2026-01-02T03:04:05.678Z</LastModified>"
    return (
        f'<{name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Contents>{told}</Contents>{rest}</{name}>'
    )


@pytest.mark.parametrize(
    "page",
    [
        listing("<IsTruncated>true</IsTruncated>"),
        listing("<IsTruncated>true</IsTruncated><NextContinuationToken/>"),
        listing("<IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>"),
        listing("", "html"),
    ],
)
def test_what_is_no_whole_listing_is_no_empty_bucket(web: Site, bounds: Bounds, page: str) -> None:
    web.put(LIST, page, "application/xml")
    found = open_source(BucketSettings("some", web.url), None, bounds, lambda _: "")
    with pytest.raises(SourceError, match="unreachable") as raised:
        list(found.items())
    assert raised.value.values["url"] == f"{web.url}/some"


def test_where_a_listing_has_no_etags_moments_tell_what_was_listed(web: Site, bounds: Bounds) -> None:
    web.put(LIST, listing(""), "application/xml")
    web.put("/some/a.txt", "one")
    found = open_source(BucketSettings("some", web.url), None, bounds, lambda _: "")
    (item,) = [each for each in found.items() if isinstance(each, Item)]
    for moment, same in (("Fri, 02 Jan 2026 03:04:05 GMT", True), ("Fri, 02 Jan 2026 03:04:06 GMT", False)):
        web.pages["/some/a.txt"] = Reply(b"one", headers={"Last-Modified": moment, "ETag": '"x"'})
        if same:
            assert found.fetch("a.txt", item.mark) == b"one"
        else:
            with pytest.raises(ChangedError):
                found.fetch("a.txt", item.mark)
