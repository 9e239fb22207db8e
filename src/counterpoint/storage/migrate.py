"""Brings the database to the code's version at start, in process, one process at a time.

A step that fails leaves nothing behind (both databases roll back DDL) and stops the start. A database that
a newer version wrote is refused before anything touches it.
"""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.database import Database

FOLDER = Path(__file__).with_name("migrations")
_ADVISORY_LOCK = 0x636F756E746572
"""PostgreSQL's lock for whoever migrates; any fixed number does. SQLite's write lock serves there."""

_log = logging.getLogger(__name__)


def migrate(database: Database, *, folder: Path = FOLDER) -> list[str]:
    """Runs what is missing and returns the revisions that were run. Raises `Complaint`."""
    config = _config(folder)
    script = ScriptDirectory.from_config(config)
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
        missing = _missing(script, _current(connection))
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


def missing_revisions(database: Database, *, folder: Path = FOLDER) -> list[str]:
    """What `migrate` would run. Raises `Complaint` for a database that a newer version wrote. Changes nothing."""
    script = ScriptDirectory.from_config(_config(folder))
    with database.read() as connection:
        return _missing(script, _current(connection))


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


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _reason(error: Exception) -> str:
    original = getattr(error, "orig", None)
    return f"{type(error).__name__}: {original or error}".replace("\n", " ")
