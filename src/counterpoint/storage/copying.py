"""Rows by the thousand into PostgreSQL: its COPY takes a fraction of what statements take, on both sides.

SQLAlchemy has no word for it, so this goes to the driver; what the driver raises leaves here as SQLAlchemy's errors,
which is what everybody above knows.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    import psycopg


def copied(connection: Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Runs `COPY ... FROM STDIN` with these rows. Raises SQLAlchemy's errors."""
    driver = cast("psycopg.Connection", connection.connection.driver_connection)
    database_error = connection.dialect.dbapi.Error  # type: ignore[union-attr]  # a dialect in use has its driver
    try:
        with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in rows:
                copy.write_row(row)
    except database_error as error:
        if driver.closed:
            connection.invalidate(error)
        raised = DBAPIError.instance(
            statement,
            None,
            error,
            database_error,
            connection_invalidated=driver.closed,
            dialect=connection.dialect,
        )
        raise raised from error
