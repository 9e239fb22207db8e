"""A Git repository of this machine before anything of it is read: which folders its files really lie in. A repository
may name others, in several ways, and what they hold would be read as its own."""

import os
from collections.abc import Iterator
from pathlib import Path

from dulwich.object_store import BaseObjectStore, DiskObjectStore
from dulwich.repo import Repo

from counterpoint.knowledge.sources.folder import allowed
from counterpoint.knowledge.sources.port import Bounds, SourceError


def check_places(repo: Repo, bounds: Bounds) -> None:
    """That the operator allows all that it is read from. Raises `SourceError`."""
    stores = stores_of(repo)
    ahead = [Path(repo.controldir()), Path(repo.commondir()), *(Path(store.path) for store in stores)]
    met: set[Path] = set()
    while ahead:
        place = Path(os.path.realpath(ahead.pop()))
        if not allowed(place, bounds):
            raise SourceError("knowledge.source.folder_not_allowed", lasting=True, path=str(place))
        if place not in met and place.is_dir():
            met.add(place)
            ahead.extend(_links(place))


def stores_of(repo: Repo) -> list[DiskObjectStore]:
    """Where its objects are, each store once: its own, and those that it borrows from."""
    found: dict[str, DiskObjectStore] = {}
    ahead: list[BaseObjectStore] = [repo.object_store]
    while ahead:
        store = ahead.pop()
        if isinstance(store, DiskObjectStore):
            place = os.path.realpath(store.path)
            if place not in found:
                found[place] = store
                ahead.extend(store.alternates)
    return list(found.values())


def _links(place: Path) -> Iterator[Path]:
    """What leads elsewhere, at any depth."""
    for folder, folders, files in os.walk(place):
        for name in (*folders, *files):
            path = Path(folder) / name
            if path.is_symlink():
                yield path
