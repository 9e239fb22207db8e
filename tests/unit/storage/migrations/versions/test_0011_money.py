from pathlib import Path

import pytest
from sqlalchemy import inspect

from counterpoint.storage.database import open_database
from counterpoint.storage.migrate import migrate
from counterpoint.storage.money_tables import budget_events, contract_prices, currency_rates, outbox, raises
from tests.databases import KINDS, fresh_url

TABLES = (budget_events, contract_prices, currency_rates, outbox, raises)


@pytest.mark.parametrize("kind", KINDS)
def test_the_tables_are_as_the_code_has_them(kind: str, tmp_path: Path) -> None:
    with fresh_url(kind, tmp_path) as url:
        database = open_database(url)
        migrate(database)
        found = inspect(database.engine)
        for table in TABLES:
            columns = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
            assert columns == {column.name: bool(column.nullable) for column in table.columns}
            keys = set(found.get_pk_constraint(table.name)["constrained_columns"])
            assert keys == {column.name for column in table.primary_key}
            indexes = {index["name"] for index in found.get_indexes(table.name)}
            assert indexes == {index.name for index in table.indexes}
        database.close()
