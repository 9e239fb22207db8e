from decimal import Decimal

from counterpoint.control.beginning import Beginning
from counterpoint.control.budgets.service import Budgets
from counterpoint.control.budgets.standing import views
from counterpoint.control.budgets.values import NewBudget
from counterpoint.storage import limits as store
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database


def test_what_has_no_period_has_no_ends_and_what_slides_shows_what_was_lately(
    database: Database, begun: Beginning, budgets: Budgets
) -> None:
    total = budgets.add(NewBudget(amount=Decimal(5), per="total"))
    rate = budgets.add(NewBudget(amount=Decimal(5), measure="requests", per="minute"))
    assert (total.begins, total.ends, rate.ends) == (None, None, None)
    now = now_micros()
    with database.write() as connection:
        store.add_to_slots(connection, {(rate.row.id, now - 30_000_000): 2, (rate.row.id, now - 10**9): 2})
        rows = store.all_of(connection, begun.organisation_id)
        shown = {view.row.id: view.spent for view in views(connection, begun.organisation_id, rows, now)}
    assert shown == {total.row.id: 0, rate.row.id: 2}
