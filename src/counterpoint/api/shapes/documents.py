"""Documents, their passages and who may see them, as they are shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from counterpoint.api.shapes.common import Shape

DocumentState = Literal["waiting", "reading", "ready", "skipped", "failed", "gone"]


@dataclass(frozen=True)
class PrincipalShape(Shape):
    """Whoever may see something."""

    id: str
    """`user:…`, `group:…` or `all:…`."""
    kind: Literal["user", "group", "everybody"]
    name: str
    """A login, a group's name; empty for everybody, and where the account or group is gone."""


@dataclass(frozen=True)
class DocumentShape(Shape):
    """A document of a source, and how far it is. What it says is for its readers alone."""

    id: str
    source: str
    """The source's id."""
    source_name: str
    path: str
    """By which the source knows it."""
    title: str
    media_type: str
    size: int
    """In bytes."""
    state: DocumentState
    reason: str | None
    """A sentence: why it is skipped, or was not read yet."""
    tries: int
    """In a row that came to nothing."""
    next_at: datetime | None
    """When it is tried again."""
    language: str
    """`fr`, `en`; empty: not known."""
    pages: int
    """Of those that can be shown; 0: it has none."""
    passages: int
    modified: datetime | None
    """As the source says."""
    read_at: datetime | None
    version: str
    """SHA-256 of what was fetched last."""
    embedded: bool
    """Whether it is found by meaning, too."""
    may_read: bool
    """Whether the caller is one of its readers."""


@dataclass(frozen=True)
class BoxShape(Shape):
    """A rectangle on a page."""

    page: int
    """From 1."""
    left: float
    """A share of the page's width, as `right`; `top` and `bottom` of its height, from above."""
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class PassageShape(Shape):
    """An indexed piece of a document."""

    number: int
    text: str
    titles: list[str]
    """The headings that it stands below."""
    page: int | None
    """On which it begins."""
    last_page: int | None
    sheet: str
    range: str
    """Of a sheet's cells, such as `A1:D9`."""
    table: bool
    start: int
    """In the document's text, in characters."""
    end: int
    boxes: list[BoxShape]
    """Where it stands on its pages, as far as that is known."""


@dataclass(frozen=True)
class WhyShape(Shape):
    """Whether somebody may see a document, and through what."""

    account: str
    """The login."""
    may_read: bool
    through: list[PrincipalShape]
    """The readers of the document that he is; empty: he may not."""
    sentence: str
