import re

import pytest
from sqlalchemy import create_engine

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.index.postgresql_tables import prepare, schema_of
from counterpoint.storage.database import parse_url
from tests.databases import postgresql


@pytest.mark.parametrize("place", ["", 'a"; DROP SCHEMA public; --', "a b", "é", "x" * 60, "%s"])
def test_whatever_the_place_is_called_a_schema_is_named_for_it(place: str) -> None:
    assert re.fullmatch(r'"knowledge-[0-9a-f]{32}"', schema_of(place))
    assert schema_of(place) != schema_of(place + "-")
    assert schema_of("0199-ab_C") == '"knowledge-0199-ab_C"'


def test_who_may_not_make_the_extension_is_told_what_to_do() -> None:
    with postgresql().fresh(migrated=False) as url:
        owner = create_engine(parse_url(url))
        with owner.begin() as connection:
            connection.exec_driver_sql("DROP ROLE IF EXISTS reader_only")
            connection.exec_driver_sql("CREATE ROLE reader_only")
        with owner.connect() as connection:
            connection.exec_driver_sql("SET ROLE reader_only")
            with pytest.raises(Complaint) as refused:
                prepare(connection, schema_of("x"), 8)
        owner.dispose()
    assert "CREATE EXTENSION vector" in refused.value.text("en")
    assert "permission denied" in refused.value.text("fr")


def test_preparing_twice_changes_nothing() -> None:
    with postgresql().fresh(migrated=False) as url:
        engine = create_engine(parse_url(url))
        for _ in range(2):
            with engine.begin() as connection:
                prepare(connection, schema_of("x"), 8)
        with engine.begin() as connection:
            held = connection.exec_driver_sql('SELECT passages FROM "knowledge-x".totals').scalars().all()
        engine.dispose()
    assert held == [0]
