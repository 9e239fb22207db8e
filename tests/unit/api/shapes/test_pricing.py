from decimal import Decimal

from counterpoint.api.shapes.pricing import pricing_shape
from counterpoint.catalog.contracts import Contract
from counterpoint.control.pricing import PriceBook
from counterpoint.storage.pricing import Own, OwnedContract, OwnedRate, Rate


def test_amounts_are_text_and_what_is_open_has_no_end() -> None:
    contract = Contract(offering="*", prices={"input": Decimal("1.50")}, until=1_000_000)
    book = PriceBook(
        Own("EUR", "UTC", "file"),
        (OwnedRate(Rate("USD", Decimal("0.92"), 0), "studio"),),
        (OwnedContract(contract, "file"),),
        3,
    )
    shape = pricing_shape(book)
    assert (shape.own_by, shape.rates[0].since, shape.rates[0].rate) == ("file", None, "0.92")
    (shown,) = shape.contracts
    assert (shown.prices, shown.since, shown.discount, shown.owner) == ({"input": "1.50"}, None, None, "file")
    assert shown.until is not None
