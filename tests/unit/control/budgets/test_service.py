from collections.abc import Callable
from decimal import Decimal
from typing import get_args

import pytest

from counterpoint.control.beginning import Beginning
from counterpoint.control.budgets import service
from counterpoint.control.budgets.service import Budgets
from counterpoint.control.budgets.values import BudgetChange, NewBudget
from counterpoint.control.publish import current_revision
from counterpoint.i18n.complaint import Complaint
from counterpoint.limits import Charge, Measure, Scope
from counterpoint.storage import limits as store
from counterpoint.storage.database import Database
from counterpoint.storage.keys import KeyRow
from counterpoint.storage.limits import LeaseRow

MONTHLY = NewBudget(amount=Decimal(500))


def test_a_budget_stands_as_the_ledger_and_the_leases_say(database: Database, budgets: Budgets) -> None:
    made = budgets.add(MONTHLY)
    assert (made.spent, made.leased, made.left, made.currency) == (
        Decimal(0),
        Decimal(0),
        Decimal(500),
        "USD",
    )
    begins = made.begins or 0
    with database.write() as connection:
        store.put_leases(
            connection, [LeaseRow(made.row.id, begins, "worker", "machine", 30_000_000, 0, 1, begins)]
        )
        store.charge(connection, [Charge(made.row.id, "worker", begins, 12_500_000)])
    shown = budgets.find(made.row.id)
    assert (shown.spent, shown.leased, shown.left) == (Decimal("12.5"), Decimal("17.5"), Decimal(470))
    assert shown.share == 0.025


def test_subjects_are_named_as_people_name_them(budgets: Budgets, key: KeyRow) -> None:
    by_name = budgets.add(
        NewBudget(scope="key", subject="ci", measure="tokens", per="minute", amount=Decimal(9))
    )
    assert (by_name.subject.id, by_name.subject.parent, by_name.currency) == (key.id, key.project_id, "")
    by_path = budgets.add(NewBudget(scope="key", subject="default/ci", per="day", amount=Decimal(9)))
    assert by_path.subject.id == key.id
    project = budgets.add(NewBudget(scope="project", subject="default", amount=Decimal(9)))
    assert [view.row.id for view in budgets.list(scope="project").items] == [project.row.id]
    for scope in get_args(Scope):
        with pytest.raises(Complaint):
            budgets.add(NewBudget(scope=scope, subject="absent", amount=Decimal(1)))


def test_what_is_changed_keeps_what_is_spent(database: Database, budgets: Budgets) -> None:
    made = budgets.add(MONTHLY)
    with database.write() as connection:
        store.charge(connection, [Charge(made.row.id, "worker", made.begins or 0, 5_000_000)])
    before = current_revision(database)
    changed = budgets.change(
        made.row.id, BudgetChange(amount=Decimal("7.5"), route="small"), revision=made.row.revision
    )
    assert (changed.spent, changed.left, changed.row.on_hit) == (
        Decimal(5),
        Decimal("2.5"),
        "downgrade",
    )
    assert current_revision(database) == before + 1
    with pytest.raises(Complaint, match="Somebody else"):
        budgets.change(made.row.id, BudgetChange(amount=Decimal(1)), revision=made.row.revision)
    with pytest.raises(Complaint, match="Somebody else"):
        budgets.remove(made.row.id, revision=made.row.revision)
    budgets.remove(made.row.id, revision=changed.row.revision)
    with pytest.raises(Complaint, match="no budget"):
        budgets.find(made.row.id)


def test_nothing_is_limited_twice_in_the_same_way(budgets: Budgets) -> None:
    budgets.add(MONTHLY)
    with pytest.raises(Complaint, match="already"):
        budgets.add(MONTHLY)
    budgets.add(NewBudget(amount=Decimal(500), models=("host/*",)))
    budgets.add(NewBudget(amount=Decimal(500), per="day"))


@pytest.mark.parametrize(
    "new",
    [
        NewBudget(amount=Decimal(-1)),
        NewBudget(amount=Decimal("NaN")),
        NewBudget(amount=Decimal("0.0000001")),
        NewBudget(amount=Decimal("1.5"), measure="tokens"),
        NewBudget(amount=Decimal(10**20), measure="requests"),
        NewBudget(amount=Decimal(1), per="minute"),
        NewBudget(amount=Decimal(1), measure="concurrent", per="day"),
        NewBudget(amount=Decimal(1), models=("a b",)),
    ],
)
def test_limits_that_cannot_be(budgets: Budgets, new: NewBudget) -> None:
    with pytest.raises(Complaint):
        budgets.add(new)
    assert not budgets.list().items


def test_what_the_file_declares_is_read_only_and_keeps_its_count(
    database: Database, begun: Beginning, budgets: Budgets
) -> None:
    def declared(*wanted: NewBudget) -> None:
        with database.write() as connection:
            service.declare(connection, begun.organisation_id, wanted)

    declared(MONTHLY)
    (made,) = budgets.list().items
    with database.write() as connection:
        store.charge(connection, [Charge(made.row.id, "worker", made.begins or 0, 5_000_000)])
    revision = current_revision(database)
    declared(MONTHLY)
    assert current_revision(database) == revision
    declared(NewBudget(amount=Decimal(800)))
    (after,) = budgets.list().items
    assert (after.row.id, after.amount, after.spent) == (made.row.id, Decimal(800), Decimal(5))
    for attempt in (
        lambda: budgets.change(made.row.id, BudgetChange(amount=Decimal(1))),
        lambda: budgets.remove(made.row.id),
    ):
        with pytest.raises(Complaint, match="configuration file"):
            attempt()
    declared()
    assert not budgets.list().items


def test_a_list_comes_in_pages(budgets: Budgets) -> None:
    made = [budgets.add(NewBudget(amount=Decimal(1), models=(f"m{n}",))).row.id for n in range(5)]
    first = budgets.list(limit=3)
    rest = budgets.list(limit=3, cursor=first.next)
    assert [view.row.id for view in (*first.items, *rest.items)] == made
    assert rest.next is None


def test_what_was_spent_step_by_step(budgets: Budgets, key: KeyRow, spend: Callable[..., None]) -> None:
    of_key = budgets.add(NewBudget(scope="key", subject=key.id, per="month", amount=Decimal(100)))
    of_models = budgets.add(NewBudget(models=("other/*",), amount=Decimal(100)))
    for days_ago in range(1, 16):
        spend("2.5", days_ago=days_ago)
    spend(None)
    spend("1", key="another")
    found = budgets.spending(of_key.row.id)
    assert found.unpriced == 1
    assert all(amount in (0, Decimal("2.5")) for _, amount in found.steps)
    assert found.forecast is not None
    assert found.forecast.method == "weekday"
    nothing = budgets.spending(of_models.row.id)
    assert (nothing.steps, nothing.forecast) == ((), None)


@pytest.mark.parametrize("measure", get_args(Measure))
@pytest.mark.parametrize(
    "amount", ["1e999999", "1e400000", "-1e999999", "1e-999999", "NaN", "sNaN", "Infinity"]
)
def test_amounts_that_cannot_be_are_told_so(measure: Measure, amount: str) -> None:
    with pytest.raises(Complaint, match="cannot be"):
        service.counted(measure, Decimal(amount))
