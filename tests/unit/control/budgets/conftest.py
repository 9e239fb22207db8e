"""An organisation with a key, and what it spends."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from counterpoint.canonical import Usage
from counterpoint.control.beginning import Beginning, begin
from counterpoint.control.budgets.raising import Raising
from counterpoint.control.budgets.service import Budgets
from counterpoint.control.keys import Keys
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.pricing import Pricing
from counterpoint.control.vault import Vault
from counterpoint.storage import ledger
from counterpoint.storage.clock import to_micros
from counterpoint.storage.database import Database
from counterpoint.storage.keys import KeyRow
from tests.entries import make_entry


@pytest.fixture
def vault() -> Vault:
    return Vault([new_master_key()])


@pytest.fixture
def begun(database: Database, vault: Vault) -> Beginning:
    return begin(database, vault)


@pytest.fixture
def key(database: Database, begun: Beginning, vault: Vault) -> KeyRow:
    return Keys(database, begun.organisation_id, vault).create("ci").key


@pytest.fixture
def budgets(database: Database, begun: Beginning) -> Budgets:
    return Budgets(database, begun.organisation_id)


@pytest.fixture
def raising(database: Database, begun: Beginning) -> Raising:
    return Raising(database, begun.organisation_id)


@pytest.fixture
def spend(database: Database, begun: Beginning, key: KeyRow) -> Callable[..., None]:
    """Calls in the ledger, so many days ago."""

    def spent(cost: str | None, *, days_ago: float = 0, **fields: Any) -> None:
        at = to_micros(datetime.now(UTC) - timedelta(days=days_ago))
        entry = make_entry(
            **{
                "at": at,
                "organisation": begun.organisation_id,
                "project": key.project_id,
                "key": key.id,
                "offering": "host/large",
                "host": "host",
                "model": "large",
                "usage": Usage(input=1000, output=200),
                "cost": None if cost is None else Decimal(cost),
            }
            | fields
        )
        with database.write() as connection:
            ledger.add_entries(connection, [entry])

    return spent


@pytest.fixture
def prices(database: Database, begun: Beginning) -> Pricing:
    return Pricing(database, begun.organisation_id)
