"""What may be said of a limit, and how it stands."""

from typing import Any

import pytest

from counterpoint.control.limits.service import MOST, NewLimit, check_limit, standings_of
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import limits as store
from counterpoint.storage.database import Database
from tests.databases import database, database_url  # noqa: F401 - fixtures
from tests.leasing import House


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"amount": -1}, "control.limits.amount"),
        ({"amount": MOST + 1}, "control.limits.amount"),
        ({"measure": "concurrent", "per": "day"}, "control.limits.at_once"),
        ({"route": "cheap"}, "control.limits.route_unused"),
        ({"measure": "tokens", "unpriced": True}, "control.limits.unpriced_unused"),
        ({"models": ("two words",)}, "control.names.unusable_pattern"),
        ({"on_hit": "downgrade"}, "control.names.unusable"),
    ],
)
def test_what_makes_no_sense_is_refused(said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Complaint) as refused:
        check_limit(NewLimit(**{"scope": "organisation", "measure": "money", "amount": 1, **said}))
    assert refused.value.sentence == sentence


@pytest.mark.parametrize("scope", ["project", "key", "user"])
def test_nobody_is_bound_who_is_not_there(database: Database, scope: str) -> None:  # noqa: F811
    with pytest.raises(Complaint) as refused:
        House(database).limit(scope=scope, subject="nobody", measure="money", amount=1)
    assert refused.value.sentence == f"control.limits.nobody.{scope}"


def test_what_is_spent_and_what_is_held_are_told_apart(database: Database) -> None:  # noqa: F811
    house = House(database)
    house.limit(measure="money", amount=1_000)
    house.limit(measure="requests", per="hour", amount=60)
    worker = house.worker()
    worker.call(money=300)
    worker.call(money=200)
    worker.settle(money=100)
    worker.ship()
    with database.read() as connection:
        rows = store.all_of(connection, house.organisation)
        money, requests = standings_of(connection, rows, "UTC")
    assert (money.spent, money.leased) == (100, 400)
    assert money.left == 500
    assert requests.row.per == "hour"
