"""Which kinds of sources there are. The module of a kind is loaded when a source of it is opened: what one of them
needs to fetch, nobody else carries."""

from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import msgspec

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.sources.addresses import plain, site_of
from counterpoint.knowledge.sources.port import Bounds, Known, Source
from counterpoint.knowledge.sources.settings import (
    BucketSettings,
    FeedSettings,
    FolderSettings,
    GitSettings,
    UploadSettings,
    WebSettings,
)

Settings = FolderSettings | UploadSettings | WebSettings | BucketSettings | GitSettings | FeedSettings

_AWS = "https://amazonaws.com"
"""Whichever region."""


class Kind(msgspec.Struct, frozen=True):
    """`settings`: what it asks for. `secret`: whether it may have one. `reports_rights`: whether it can say who may see
    what. `complete`: whether what it does not list is gone."""

    settings: type[Settings]
    secret: bool = False
    reports_rights: bool = False
    complete: bool = True


KINDS: dict[str, Kind] = {
    "folder": Kind(FolderSettings, reports_rights=True),
    "upload": Kind(UploadSettings, complete=False),
    "web": Kind(WebSettings),
    "bucket": Kind(BucketSettings, secret=True, reports_rights=True),
    "git": Kind(GitSettings, secret=True),
    "feed": Kind(FeedSettings, complete=False),
}


def described() -> list[dict[str, Any]]:
    """Each kind as it is shown to whoever adds a source: names of settings that may be left out end in `?`."""
    return [
        {
            "kind": name,
            "settings": [
                field.encode_name + ("" if field.required else "?")
                for field in msgspec.structs.fields(kind.settings)
            ],
            "secret": kind.secret,
            "reports_rights": kind.reports_rights,
        }
        for name, kind in KINDS.items()
    ]


def settings_of(kind: str, told: dict[str, Any]) -> Settings:
    """Settings that people gave. Raises `Complaint`."""
    found = KINDS.get(kind)
    if found is None:
        raise Complaint("knowledge.source.kind_unknown", kind="invalid", name=kind, known=", ".join(KINDS))
    _check_names(kind, found.settings, told)
    try:
        settings = msgspec.convert(told, found.settings)
    except msgspec.ValidationError as error:
        raise Complaint("knowledge.source.settings_invalid", name=kind, reason=str(error)) from None
    _check_place(settings)
    return settings


def _check_names(kind: str, settings: type[Settings], told: dict[str, Any]) -> None:
    """That what is told are settings of this kind, and that none is lacking. Raises `Complaint`."""
    fields = msgspec.structs.fields(settings)
    known = ", ".join(field.encode_name for field in fields)
    for name in sorted(told.keys() - {field.encode_name for field in fields}):
        said = "setting_unknown" if known else "settings_none"
        raise Complaint(
            f"knowledge.source.{said}", kind="invalid", name=kind, setting=name[:100], known=known
        )
    for field in fields:
        if field.required and field.encode_name not in told:
            raise Complaint(
                "knowledge.source.setting_missing", kind="invalid", name=kind, setting=field.encode_name
            )


def shown_to(kind: str, told: dict[str, Any]) -> str:
    """To which scheme, host and port a source of these settings shows its secret; empty: to none."""
    match settings_of(kind, told):
        case BucketSettings(endpoint=url):
            url = url or _AWS
        case GitSettings(url=url):
            pass
        case _:
            return ""
    return "://".join(site_of(plain(url))) if _is_web(url) else ""


def _check_place(settings: Settings) -> None:
    """What can lead nowhere, from whichever machine. Raises `Complaint`."""
    match settings:
        case FolderSettings(path=path) if not path.startswith("/"):
            raise Complaint("knowledge.source.folder_relative", kind="invalid", path=path)
        case BucketSettings(endpoint=url) if url:
            fits = _is_web(url)
        case WebSettings(url=url) | FeedSettings(url=url):
            fits = _is_web(url)
        case GitSettings(url=url):
            fits = _is_web(url) or url.startswith(("/", "file:///"))
        case _:
            return
    if not fits:
        raise Complaint("knowledge.source.address_unreadable", kind="invalid", url=url)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(plain(url))
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def opened(kind: str, told: dict[str, Any], secret: str | None, bounds: Bounds, known: Known) -> Source:
    """A source, ready to be asked. Raises `Complaint` or `SourceError`."""
    settings = settings_of(kind, told)
    module = import_module(f"counterpoint.knowledge.sources.{kind}")
    source: Source = module.open_source(settings, secret, bounds, known)
    return source
