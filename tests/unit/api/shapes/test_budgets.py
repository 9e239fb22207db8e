from datetime import date
from decimal import Decimal

from counterpoint.api.shapes.budgets import spending_shape
from counterpoint.control.budgets.forecasting import Forecast
from counterpoint.control.budgets.values import Spending


def test_steps_add_up() -> None:
    forecast = Forecast("linear", Decimal("9.5"), None, 3, ((date(2026, 11, 2), Decimal("9.5")),))
    shape = spending_shape(Spending(((0, Decimal(1)), (3_600_000_000, Decimal("2.5"))), forecast, 4))
    assert [(step.amount, step.total) for step in shape.steps] == [("1", "1"), ("2.5", "3.5")]
    assert shape.unpriced == 4
    assert shape.forecast is not None
    assert (shape.forecast.expected, shape.forecast.points[0].total) == ("9.500000", "9.500000")
