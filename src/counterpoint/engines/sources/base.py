"""What every source has in common."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from counterpoint.engines.sources.web import Web


class Place(msgspec.Struct, frozen=True):
    """A file to fetch. `url`: `https:`, `http:` or `file:`. `headers`: credentials, sent to this host alone.
    `sha256`: as its publisher states it, if he does; `size` likewise."""

    url: str
    filename: str
    web: Web
    headers: tuple[tuple[str, str], ...] = ()
    sha256: str | None = None
    size: int | None = None


class Found(msgspec.Struct, frozen=True):
    """What a source offers. `member`: the weights are this file within the archive at `place`; empty: whichever
    weights it has; `None`: it is no archive. `name`: what to call the model. `system`: its system prompt.
    `projector`: a second file, with which the model sees images."""

    place: Place
    name: str
    member: str | None = None
    licence: str = ""
    system: str | None = None
    projector: Place | None = None


class Progress(msgspec.Struct, frozen=True):
    """How far a pull is. `done`, `total`: bytes of the file at hand; `rate`: bytes a second over the last
    seconds; `eta`: seconds left, as far as is known."""

    name: str
    phase: str
    done: int = 0
    total: int | None = None
    rate: float = 0.0
    eta: float | None = None


Report = Callable[[Progress], None]


class Source(Protocol):
    """Finds a file. Raises `Complaint` when there is none."""

    def find(self) -> Found: ...
