import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError

from counterpoint.storage.copying import copied
from counterpoint.storage.database import open_database
from tests.databases import postgresql

COPY = "COPY settings (name, value) FROM STDIN"


def test_rows_arrive_and_errors_are_those_that_everybody_knows() -> None:
    with postgresql().fresh() as url:
        database = open_database(url)
        with database.write() as connection:
            copied(connection, COPY, [("a", "1"), ("b\t\\", "[true, null]")])
            for rows, error in (([("a", "2")], IntegrityError), ([("c", "{")], DataError)):
                with pytest.raises(error), connection.begin_nested():
                    copied(connection, COPY, rows)
            copied(connection, COPY, [("d", "4")])
        with database.read() as connection:
            found = connection.execute(text("SELECT name, value FROM settings ORDER BY name")).all()
        assert [tuple(row) for row in found] == [("a", 1), ("b\t\\", [True, None]), ("d", 4)]
        database.close()
