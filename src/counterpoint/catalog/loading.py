"""Load the catalogue: the bundled one, or a newer one that was fetched into the data directory.

Only the control process and the command line do this, when they first need it (about 0.1 s and 30 MB); gateway
workers get a directory.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

from counterpoint.catalog.archive import Archive, ArchiveError, trusted, unpack
from counterpoint.catalog.catalog import Catalog
from counterpoint.catalog.hosts import bundled_hosts, read_hosts

ARCHIVE = "models.json.gz"
FOLDER = "catalog"
"""Below the data directory: `models.json.gz` as fetched by `updating.update`, `hosts/*.toml` of the operator."""


def load(data: Path | None = None, *, hosts: Iterable[Path] = ()) -> Catalog:
    """The catalogue, with the operator's host rows (files or folders) on top of the bundled ones.

    A fetched archive in `data` counts unless the bundled one is newer (after an upgrade). One that cannot be
    read is left alone and named in the result's `problem`: a start must not fail over it.
    """
    archive, origin, problem = bundled(), "bundled", ""
    stored = data / FOLDER / ARCHIVE if data else None
    if stored and stored.is_file():
        try:
            fetched = unpack(stored.read_bytes())
            if fetched.date >= archive.date:
                archive, origin = fetched, str(stored)
        except ArchiveError as error:
            problem = f"{stored}: {error}"
    own = [data / FOLDER / "hosts", *hosts] if data else list(hosts)
    rows = bundled_hosts() | read_hosts(path for path in own if path.exists())
    return Catalog(archive, rows, origin=origin, problem=problem)


@cache
def bundled() -> Archive:
    """The archive in the package."""
    return trusted((files("counterpoint.catalog") / "data" / ARCHIVE).read_bytes())
