from collections.abc import Callable
from decimal import Decimal

from counterpoint.control.budgets.service import Budgets
from counterpoint.control.budgets.values import NewBudget
from counterpoint.control.pricing import Pricing, Wanted
from counterpoint.storage.pricing import Rate


def test_money_is_counted_in_the_organisations_currency_and_side_calls_are_no_requests(
    budgets: Budgets, prices: Pricing, spend: Callable[..., None]
) -> None:
    prices.replace(Wanted(currency="EUR", rates=(Rate("USD", Decimal("0.5"), 0),)))
    money = budgets.add(NewBudget(amount=Decimal(100), per="total"))
    requests = budgets.add(NewBudget(amount=Decimal(100), measure="requests", per="total"))
    tokens = budgets.add(NewBudget(amount=Decimal(100), measure="tokens", per="total", models=("large",)))
    spend("4")
    spend("2", purpose="judge")
    spend("1", currency="JPY")
    found = {view.row.id: budgets.spending(view.row.id) for view in (money, requests, tokens)}
    taken = {key: sum(amount for _, amount in each.steps) for key, each in found.items()}
    assert taken == {money.row.id: 3, requests.row.id: 2, tokens.row.id: 3600}
    assert found[money.row.id].unpriced == 1
