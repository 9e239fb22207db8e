from importlib import import_module
from typing import Any

import pytest

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.sources.kinds import KINDS, described, opened, settings_of
from counterpoint.knowledge.sources.port import Bounds

GOOD: dict[str, dict[str, Any]] = {
    "folder": {"path": "/srv/files"},
    "upload": {},
    "web": {"url": "https://example.com/"},
    "bucket": {"bucket": "files"},
    "git": {"url": "https://example.com/x.git"},
    "feed": {"url": "https://example.com/feed"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_opens_with_what_it_needs(kind: str, bounds: Bounds) -> None:
    source = opened(kind, GOOD[kind], None, bounds, lambda _: "")
    assert hasattr(import_module(f"counterpoint.knowledge.sources.{kind}"), "open_source")
    reports = source.rights() is not None if kind in {"web", "git", "feed", "upload"} else True
    assert reports is KINDS[kind].reports_rights
    source.close()


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("ftp", {}),
        ("folder", {}),
        ("folder", {"path": "/srv", "secret": "x"}),
        ("web", {"url": "https://example.com/", "depth": -1}),
        ("bucket", {"bucket": "a/../b"}),
        ("feed", {"url": 7}),
    ],
)
def test_settings_that_are_wrong_are_told(kind: str, settings: dict[str, Any]) -> None:
    with pytest.raises(Complaint):
        settings_of(kind, settings)


@pytest.mark.parametrize(
    ("kind", "settings", "sentence"),
    [
        ("web", {"url": "notaurl"}, "address_unreadable"),
        ("web", {"url": "file:///etc/passwd"}, "address_unreadable"),
        ("web", {"url": "https://[::1"}, "address_unreadable"),
        ("feed", {"url": "/etc/passwd"}, "address_unreadable"),
        ("feed", {"url": "https://"}, "address_unreadable"),
        ("git", {"url": "ssh://git@example.com/x.git"}, "address_unreadable"),
        ("git", {"url": "git@example.com:x.git"}, "address_unreadable"),
        ("bucket", {"bucket": "files", "endpoint": "file:///etc"}, "address_unreadable"),
        ("folder", {"path": "handbook"}, "folder_relative"),
        ("folder", {"path": "~/handbook"}, "folder_relative"),
    ],
)
def test_places_that_lead_nowhere_are_told_at_once(
    kind: str, settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Complaint) as raised:
        settings_of(kind, settings)
    assert raised.value.sentence == f"knowledge.source.{sentence}"


@pytest.mark.parametrize("url", ["/srv/x.git", "file:///srv/x.git", "http://example.com:8080/x.git"])
def test_repositories_may_be_of_this_machine(url: str) -> None:
    settings_of("git", {"url": url})


def test_kinds_are_described() -> None:
    told = {each["kind"]: each for each in described()}
    assert told["folder"] == {
        "kind": "folder",
        "settings": ["path", "include?", "exclude?"],
        "secret": False,
        "reports_rights": True,
    }
    assert told["git"]["secret"]
