"""What each kind of source asks for. Addresses and names; never a secret, which lies in the vault."""

from typing import Annotated

import msgspec
from msgspec import Meta

_Text = Annotated[str, Meta(min_length=1, max_length=2000)]
_Patterns = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=500)], ...], Meta(max_length=100)]


class FolderSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`path`: of this machine, absolute. `include`, `exclude`: patterns of files."""

    path: _Text
    include: _Patterns = ()
    exclude: _Patterns = ()


class UploadSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Files come when people bring them."""


class WebSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`url`: where to begin; pages below another address of the same site are taken as well, as links and the site's
    maps lead to them. `depth`: links to follow from there. `most`: pages. `delay`: seconds between two requests."""

    url: _Text
    depth: Annotated[int, Meta(ge=0, le=20)] = 3
    most: Annotated[int, Meta(ge=1, le=100_000)] = 2000
    delay: Annotated[float, Meta(ge=0.0, le=60.0)] = 0.5
    include: _Patterns = ()
    exclude: _Patterns = ()


class BucketSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """S3-compatible. `endpoint`: its URL, empty: that of AWS for the region. `prefix`: a folder in it."""

    bucket: Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9._-]+$")]
    endpoint: Annotated[str, Meta(max_length=2000)] = ""
    region: Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[a-z0-9-]+$")] = "us-east-1"
    prefix: Annotated[str, Meta(max_length=1000)] = ""
    include: _Patterns = ()
    exclude: _Patterns = ()


class GitSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`url`: of http(s), or a folder of this machine. `branch`: empty: its main one. `path`: a folder in it."""

    url: _Text
    branch: Annotated[str, Meta(max_length=250)] = ""
    path: Annotated[str, Meta(max_length=1000)] = ""
    include: _Patterns = ()
    exclude: _Patterns = ()


class FeedSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """RSS or Atom."""

    url: _Text
