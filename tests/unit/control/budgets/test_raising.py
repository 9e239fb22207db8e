from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from counterpoint.control.beginning import Beginning
from counterpoint.control.budgets.raising import Asker, NewRaise, Raising
from counterpoint.control.budgets.service import Budgets
from counterpoint.control.budgets.values import BudgetView, NewBudget
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import raises
from counterpoint.storage.clock import to_micros
from counterpoint.storage.database import Database
from counterpoint.storage.keys import KeyRow

OWNER = Asker("owner-id", "ada", all=True)
USER = Asker("user-id", "grace")


@pytest.fixture
def budget(budgets: Budgets) -> BudgetView:
    return budgets.add(NewBudget(amount=Decimal(100)))


def test_an_approved_raise_holds_to_the_end_of_the_period(
    database: Database, begun: Beginning, budgets: Budgets, raising: Raising, budget: BudgetView
) -> None:
    asked = raising.ask(USER, NewRaise(budget.row.id, Decimal(50), reason="a launch"))
    assert budgets.find(budget.row.id).asked == 1
    assert budgets.find(budget.row.id).allowed == 100
    approved = raising.approve(asked.row.id, OWNER, note="once")
    assert (approved.row.state, approved.row.decided_by, approved.row.until) == (
        "approved",
        "ada",
        budget.ends,
    )
    assert budgets.find(budget.row.id).allowed == 150
    ends = budget.ends or 0
    with database.read() as connection:
        before, after = (raises.raised(connection, [budget.row.id], moment) for moment in (ends - 1, ends))
    assert (before, after) == ({budget.row.id: 50_000_000}, {})


def test_less_may_be_granted_and_for_another_time(raising: Raising, budget: BudgetView) -> None:
    until = datetime.now(UTC) + timedelta(days=2)
    asked = raising.ask(USER, NewRaise(budget.row.id, Decimal(50), until, "a launch"))
    approved = raising.approve(asked.row.id, OWNER, amount=Decimal(20))
    assert (approved.row.amount, approved.row.until) == (20_000_000, to_micros(until))


def test_a_request_is_decided_once(budgets: Budgets, raising: Raising, budget: BudgetView) -> None:
    asked = raising.ask(USER, NewRaise(budget.row.id, Decimal(50), reason="a launch"))
    assert raising.refuse(asked.row.id, OWNER, note="not this month").row.note == "not this month"
    with pytest.raises(Complaint, match="already"):
        raising.approve(asked.row.id, OWNER)
    with pytest.raises(Complaint, match="already"):
        raising.refuse(asked.row.id, OWNER)
    with pytest.raises(Complaint, match="already"):
        raising.withdraw(asked.row.id, USER)
    assert budgets.find(budget.row.id).allowed == 100


def test_one_asks_for_what_binds_him_and_sees_his_own(
    budgets: Budgets, raising: Raising, budget: BudgetView, key: KeyRow
) -> None:
    of_key = budgets.add(NewBudget(scope="key", subject=key.id, amount=Decimal(1)))
    holder = Asker(key.id, "ci", key=True)
    assert [view.row.id for view in raising.binding(USER)] == [budget.row.id]
    assert [view.row.id for view in raising.binding(holder)] == [budget.row.id, of_key.row.id]
    with pytest.raises(Complaint, match="no budget"):
        raising.ask(USER, NewRaise(of_key.row.id, Decimal(1), reason="why not"))
    mine = raising.ask(holder, NewRaise(of_key.row.id, Decimal(1), reason="tests"))
    assert not raising.page(USER).items
    assert [view.row.id for view in raising.page(holder).items] == [mine.row.id]
    assert [view.row.id for view in raising.page(OWNER, state="open").items] == [mine.row.id]
    with pytest.raises(Complaint, match="no request"):
        raising.withdraw(mine.row.id, USER)
    assert raising.withdraw(mine.row.id, holder).row.state == "withdrawn"


@pytest.mark.parametrize(
    ("amount", "until", "reason"),
    [
        (Decimal(0), None, "why"),
        (Decimal(-1), None, "why"),
        (Decimal(1), datetime(2020, 1, 1, tzinfo=UTC), "why"),
        (Decimal(1), None, " "),
        (Decimal(1), None, "x" * 2001),
    ],
)
def test_requests_that_cannot_be(
    raising: Raising, budget: BudgetView, amount: Decimal, until: datetime | None, reason: str
) -> None:
    with pytest.raises(Complaint):
        raising.ask(USER, NewRaise(budget.row.id, amount, until, reason))


def test_nobody_floods_those_who_decide(raising: Raising, budget: BudgetView) -> None:
    for _ in range(20):
        raising.ask(USER, NewRaise(budget.row.id, Decimal(1), reason="again"))
    with pytest.raises(Complaint, match="Withdraw one"):
        raising.ask(USER, NewRaise(budget.row.id, Decimal(1), reason="again"))
