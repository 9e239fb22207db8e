import threading
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from counterpoint.control.beginning import Beginning
from counterpoint.control.budgets.events import LATE, BudgetEvents, reached
from counterpoint.control.budgets.raising import Asker, NewRaise, Raising
from counterpoint.control.budgets.service import Budgets
from counterpoint.control.budgets.values import BudgetChange, BudgetView, NewBudget
from counterpoint.control.config_notifications import EmailSection, NotificationsSection, WebhookSection
from counterpoint.control.notifying.courier import named
from counterpoint.control.pricing import Pricing, Wanted
from counterpoint.limits import Charge
from counterpoint.storage import limits as store
from counterpoint.storage.database import Database
from counterpoint.storage.money_tables import outbox
from counterpoint.storage.tables import limits

TOLD = NotificationsSection(
    webhooks=(WebhookSection(url="https://hooks.example.org/x", secret="env:S"),),
    email=EmailSection(host="mail", sender="a@example.org", to=("b@example.org", "c@example.org")),
)


@pytest.fixture
def budget(budgets: Budgets) -> BudgetView:
    return budgets.add(NewBudget(amount=Decimal(100)))


@pytest.fixture
def charge(database: Database, budget: BudgetView) -> Callable[[str], None]:
    def charged(amount: str) -> None:
        with database.write() as connection:
            taken = Charge(budget.row.id, "worker", budget.begins or 0, int(Decimal(amount).scaleb(6)))
            store.charge(connection, [taken])

    return charged


def messages(database: Database) -> list[tuple[str, str, dict[str, object]]]:
    with database.read() as connection:
        rows = connection.execute(select(outbox).order_by(outbox.c.id))
        return [(row.kind, row.target, msgspec.json.decode(row.body)) for row in rows]


def test_each_threshold_is_told_once_a_period(
    database: Database, begun: Beginning, charge: Callable[[str], None]
) -> None:
    events = BudgetEvents(database, begun.organisation_id, TOLD)
    found = []
    for amount in ("79.99", "0.01", "0", "14", "1", "5", "50"):
        charge(amount)
        found.append(events.look())
    assert found == [0, 1, 0, 0, 1, 1, 0]
    told = messages(database)
    assert [kind for kind, _, _ in told] == ["webhook", "email", "email"] * 3
    assert told[0][1] == named(
        "https://hooks.example.org/x"
    )  # the address itself may let in whoever reads it
    event = told[0][2]
    assert event["type"] == "budget.threshold"
    assert isinstance(event["data"], dict)
    assert (event["data"]["threshold"], event["data"]["spent"], event["data"]["allowed"]) == (80, "80", "100")
    assert told[1][1] == "b@example.org"


def test_one_call_may_reach_several(
    database: Database, begun: Beginning, charge: Callable[[str], None]
) -> None:
    charge("120")
    events = BudgetEvents(database, begun.organisation_id, NotificationsSection())
    assert [events.look(), events.look()] == [3, 0]
    assert messages(database) == []


def test_however_many_look_at_once_each_is_told_once(
    database: Database, begun: Beginning, charge: Callable[[str], None]
) -> None:
    charge("97")
    barrier, found = threading.Barrier(6), []

    def look() -> None:
        events = BudgetEvents(database, begun.organisation_id, TOLD)
        barrier.wait()
        found.append(events.look())

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found) == 2
    assert len(messages(database)) == 6


def test_what_was_raised_counts(
    database: Database,
    begun: Beginning,
    budget: BudgetView,
    charge: Callable[[str], None],
    raising: Raising,
) -> None:
    asker = Asker("ada", "ada", all=True)
    asked = raising.ask(asker, NewRaise(budget.row.id, Decimal(100), reason="growth"))
    raising.approve(asked.row.id, asker)
    charge("100")
    assert BudgetEvents(database, begun.organisation_id, TOLD).look() == 0


def test_another_amount_is_told_of_anew(
    database: Database, begun: Beginning, budgets: Budgets, budget: BudgetView, charge: Callable[[str], None]
) -> None:
    events = BudgetEvents(database, begun.organisation_id, TOLD)
    found = []
    for change, amount in (("100", "80"), ("1000", "0"), ("1000", "720"), ("100", "0"), ("1000", "0")):
        budgets.change(budget.row.id, BudgetChange(amount=Decimal(change)))
        charge(amount)
        found.append(events.look())
    assert found == [1, 0, 1, 2, 0]
    told = [body["data"] for kind, _, body in messages(database) if kind == "webhook"]
    assert [(each["threshold"], each["allowed"]) for each in told if isinstance(each, dict)] == [
        (80, "100"),
        (80, "1000"),
        (95, "100"),
        (100, "100"),
    ]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris"])
def test_what_is_stored_after_midnight_is_told_of_the_day_that_is_over(
    database: Database, begun: Beginning, budgets: Budgets, prices: Pricing, zone: str
) -> None:
    prices.replace(Wanted(zone=zone))
    budget = budgets.add(NewBudget(amount=Decimal(100), per="day"))
    assert budget.ends is not None
    moment = budget.ends - 1_000_000
    events = BudgetEvents(database, begun.organisation_id, TOLD, lambda: moment)
    assert events.look() == 0
    moment = budget.ends + 1_000_000
    with database.write() as connection:
        store.charge(connection, [Charge(budget.row.id, "worker", budget.period, 95_000_000)])
    assert [events.look(), events.look()] == [2, 0]
    event = messages(database)[0][2]["data"]
    assert isinstance(event, dict)
    assert datetime.fromisoformat(event["ends"]).timestamp() * 1_000_000 == budget.ends
    budgets.change(budget.row.id, BudgetChange(amount=Decimal(95)))  # today's, not yesterday's
    with database.write() as connection:
        connection.execute(update(limits).values(updated_at=moment))
    assert events.look() == 0
    moment = budget.ends + LATE
    with database.write() as connection:
        store.charge(connection, [Charge(budget.row.id, "worker", budget.period, 5_000_000)])
    assert events.look() == 0


@given(spent=st.integers(0, 10**15), allowed=st.integers(0, 10**15), more=st.integers(0, 10**15))
def test_thresholds_are_reached_in_order_and_stay_so(spent: int, allowed: int, more: int) -> None:
    now = reached(spent, allowed)
    assert now == (80, 95, 100)[: len(now)]
    assert set(now) <= set(reached(spent + more, allowed))
    assert (100 in now) == (spent >= allowed > 0)
