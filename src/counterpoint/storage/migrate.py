"""Brings the database to the code's version at start, in process, one process at a time.

A step that fails leaves nothing behind (both databases roll back DDL) and stops the start. A database that
a newer version wrote is refused before anything touches it.
"""

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

_VERSIONS = "alembic_version"
FOLDER = Path(__file__).with_name("migrations")
_ADVISORY_LOCK = 0x636F756E746572
"""PostgreSQL's lock for whoever migrates; any fixed number does. SQLite's write lock serves there."""

_REVISION = re.compile(r'^revision = "(\w+)"', re.MULTILINE)

_log = logging.getLogger(__name__)


def migrate(database: Database, *, folder: Path = FOLDER) -> list[str]:
    """Runs what is missing and returns the revisions that were run. Raises `Complaint`."""
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
        return migrate_on(connection, folder=folder)


def migrate_on(connection: Connection, *, to: str | None = None, folder: Path = FOLDER) -> list[str]:
    """The same within a transaction. `to`: no further than this revision. Raises `Complaint`."""
    missing = _missing(folder, revision_of(connection))
    if to is not None:
        missing = [revision for revision in missing if revision <= to]
    if missing:
        _upgrade(connection, missing, folder)
    return missing


def _upgrade(connection: Connection, missing: list[str], folder: Path) -> None:
    from alembic import command  # noqa: PLC0415 - seldom needed, and a tenth of what starting takes

    config = _config(folder)
    config.attributes["connection"] = connection
    for revision in missing:
        try:
            command.upgrade(config, revision)
        except Exception as error:
            raise Complaint(
                "storage.migration_failed", kind="unavailable", revision=revision, reason=_reason(error)
            ) from error
        _log.info("database migrated to %s", revision)


def refuse_newer(revision: str) -> None:
    """Raises `Complaint` for a revision that this version does not know."""
    _missing(FOLDER, revision)


def missing_revisions(database: Database, *, folder: Path = FOLDER) -> list[str]:
    """What `migrate` would run. Raises `Complaint` for a database that a newer version wrote. Changes nothing."""
    with database.read() as connection:
        return _missing(folder, revision_of(connection))


def newest_revision(folder: Path = FOLDER) -> str:
    """The last step that this version knows."""
    return max(known_revisions(folder), default="")


def known_revisions(folder: Path = FOLDER) -> list[str]:
    """All steps that this version knows, in the order in which they are run: their names ascend."""
    found = (_REVISION.search(file.read_text()) for file in (folder / "versions").glob("*.py"))
    return sorted(match[1] for match in found if match is not None)


def revision_of(connection: Connection) -> str | None:
    """Up to which step the database was brought, whoever did it."""
    if not inspect(connection).has_table(_VERSIONS):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {_VERSIONS}")).scalar()  # noqa: S608 - a name of ours
    return None if found is None else str(found)


def _config(folder: Path) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _missing(folder: Path, current: str | None) -> list[str]:
    known = known_revisions(folder)
    if current is not None and current not in known:
        raise Complaint("storage.newer", kind="conflict", found=current, known=known[-1])
    return known[known.index(current) + 1 :] if current else known


def _reason(error: Exception) -> str:
    original = getattr(error, "orig", None)
    return f"{type(error).__name__}: {original or error}".replace("\n", " ")
