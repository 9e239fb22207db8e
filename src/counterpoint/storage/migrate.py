"""Brings the database to the code's version at start, in process, one process at a time.

A step that fails leaves nothing behind (both databases roll back DDL) and stops the start. A database that
a newer version wrote is refused before anything touches it.
"""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.database import Database

_VERSIONS = "alembic_version"
FOLDER = Path(__file__).with_name("migrations")
_ADVISORY_LOCK = 0x636F756E746572
"""PostgreSQL's lock for whoever migrates; any fixed number does. SQLite's write lock serves there."""

_log = logging.getLogger(__name__)


def migrate(database: Database, *, folder: Path = FOLDER) -> list[str]:
    """Runs what is missing and returns the revisions that were run. Raises `Complaint`."""
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
        return migrate_on(connection, folder=folder)


def migrate_on(connection: Connection, *, to: str | None = None, folder: Path = FOLDER) -> list[str]:
    """The same within a transaction. `to`: no further than this revision. Raises `Complaint`."""
    config = _config(folder)
    missing = _missing(ScriptDirectory.from_config(config), revision_of(connection))
    if to is not None:
        missing = [revision for revision in missing if revision <= to]
    config.attributes["connection"] = connection
    for revision in missing:
        try:
            command.upgrade(config, revision)
        except Exception as error:
            raise Complaint(
                "storage.migration_failed", kind="unavailable", revision=revision, reason=_reason(error)
            ) from error
        _log.info("database migrated to %s", revision)
    return missing


def refuse_newer(revision: str) -> None:
    """Raises `Complaint` for a revision that this version does not know."""
    _missing(ScriptDirectory.from_config(_config(FOLDER)), revision)


def missing_revisions(database: Database, *, folder: Path = FOLDER) -> list[str]:
    """What `migrate` would run. Raises `Complaint` for a database that a newer version wrote. Changes nothing."""
    script = ScriptDirectory.from_config(_config(folder))
    with database.read() as connection:
        return _missing(script, revision_of(connection))


def newest_revision(folder: Path = FOLDER) -> str:
    """The last step that this version knows."""
    return ScriptDirectory.from_config(_config(folder)).get_current_head() or ""


def revision_of(connection: Connection) -> str | None:
    """Up to which step the database was brought, whoever did it."""
    if not inspect(connection).has_table(_VERSIONS):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {_VERSIONS}")).scalar()  # noqa: S608 - a name of ours
    return None if found is None else str(found)


def _config(folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _missing(script: ScriptDirectory, current: str | None) -> list[str]:
    known = [revision.revision for revision in script.walk_revisions()][::-1]
    if current is not None and current not in known:
        raise Complaint("storage.newer", kind="conflict", found=current, known=known[-1])
    return known[known.index(current) + 1 :] if current else known


def _reason(error: Exception) -> str:
    original = getattr(error, "orig", None)
    return f"{type(error).__name__}: {original or error}".replace("\n", " ")
