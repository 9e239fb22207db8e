"""Sources of documents, as they are shown: never their secrets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from counterpoint.api.shapes.common import Shape
from counterpoint.api.shapes.documents import PrincipalShape

SourceKind = Literal["folder", "upload", "web", "bucket", "git", "feed"]
SyncState = Literal["never", "waiting", "running", "done", "failed"]


@dataclass(frozen=True)
class SyncShape(Shape):
    """One of the two syncs of a source: of its content, or of its rights."""

    state: SyncState
    at: datetime | None
    """When the last one began."""
    ok_at: datetime | None
    """When the last one that succeeded ended."""
    found: int
    """Documents that the source has."""
    ready: int
    """Of content: read and found. Of rights: with at least one reader."""
    waiting: int
    skipped: int
    failed: int
    rate: float | None
    """Documents a minute."""
    seconds_left: int | None
    """An estimate; null: nothing is under way, or it cannot be told yet."""
    error: str | None
    """A sentence: why the last one did not succeed."""


@dataclass(frozen=True)
class SourceShape(Shape):
    """Where documents come from."""

    id: str
    name: str
    kind: SourceKind
    settings: dict[str, Any]
    """Of that kind."""
    secret: bool
    """Whether it has one."""
    readers: list[PrincipalShape]
    """Who may see what the source itself reports no rights for; empty: nobody."""
    content_every: int
    """Seconds between two syncs of content; 0: only when it is asked for."""
    rights_every: int
    paused: bool
    removing: bool
    """It is being taken away, with its documents."""
    content: SyncShape
    rights: SyncShape
    owner: Literal["studio", "file", "environment"]
    created_at: datetime
    updated_at: datetime
    revision: int
    """Counts changes; also the ETag."""


@dataclass(frozen=True)
class KindShape(Shape):
    """A kind of source, and what it asks for."""

    kind: SourceKind
    settings: list[str]
    """Names of its settings; those that end in `?` may be left out."""
    secret: bool
    """Whether it may have one."""
    reports_rights: bool
    """Whether it can say who may see what."""
