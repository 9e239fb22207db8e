from decimal import Decimal

from counterpoint.control.focusing import Own
from counterpoint.control.pricing import PriceBook
from counterpoint.storage.pricing import Own as Money
from counterpoint.storage.pricing import OwnedRate, Rate


def test_an_amount_is_converted_at_the_rate_of_its_time() -> None:
    rates = (Rate("USD", Decimal("0.9"), 100), Rate("USD", Decimal("0.8"), 200))
    own = Own(PriceBook(Money("EUR"), tuple(OwnedRate(rate, "studio") for rate in rates), (), 1))
    found = [own.amount(Decimal(10), "USD", moment) for moment in (99, 100, 200)]
    assert found == [None, 9, 8]
    assert own.amount(Decimal(10), "EUR", 0) == 10
    assert own.amount(Decimal(10), "JPY", 300) is None
