"""From what the user wrote to the source that knows how to find it."""

import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, Final

from counterpoint.engines.sources.base import Source
from counterpoint.engines.sources.hub import HubSource
from counterpoint.engines.sources.packages import PackageSource
from counterpoint.engines.sources.pipconfig import index_settings
from counterpoint.engines.sources.plain import AddressSource, FileSource
from counterpoint.engines.sources.registry import RegistrySource
from counterpoint.i18n.complaint import Complaint


@cache
def _places() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("counterpoint.engines.sources") / "sources.toml").read_text("utf-8"))


_OWN: Final[dict[str, Callable[[str], Source]]] = {
    "pypi": lambda rest: PackageSource(rest, index_settings()),
    "file": FileSource,
    "http": lambda rest: AddressSource(f"http:{rest}"),
    "https": lambda rest: AddressSource(f"https:{rest}"),
}


def schemes() -> tuple[str, ...]:
    """The words before the colon that sources go by."""
    return (*_OWN, *_places())


def source_of(text: str) -> Source:
    """The source for `text`. Raises `Complaint` when there is none of that name, or it is not written so."""
    scheme, _, rest = text.partition(":")
    if rest and scheme in _OWN:
        return _OWN[scheme](rest)
    place = _places().get(scheme)
    if not rest or place is None:
        known = ", ".join(f"{name}:" for name in schemes())
        raise Complaint("engines.pull.source", source=text, known=known)
    if place["speaks"] == "hub":
        return HubSource(rest, place["endpoint"], place["home"])
    return RegistrySource(rest, place["host"], place["layers"])
