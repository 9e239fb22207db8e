from decimal import Decimal

from counterpoint.control.budgets.values import units


def test_money_is_in_units_and_the_rest_are_counts() -> None:
    assert f"{units('money', 12_500_000)}" == "12.5"
    assert f"{units('money', 500_000_000)}" == "500"
    assert units("tokens", 7) == Decimal(7)
