from decimal import Decimal

from counterpoint.catalog.contracts import Contract
from counterpoint.storage import organisations, pricing
from counterpoint.storage.database import Database
from counterpoint.storage.pricing import Own, Rate


def test_what_is_kept_comes_back_exact_and_the_files_first(database: Database) -> None:
    early = Contract(offering="a/*", since=1, until=2, prices={"input": Decimal("0.10")}, currency="EUR")
    late = Contract(offering="b", discount=Decimal("12.50"), reference="F-17")
    with database.write() as connection:
        organisation = organisations.add_organisation(connection, "acme").id
        pricing.replace_contracts(connection, organisation, "studio", [late])
        pricing.replace_contracts(connection, organisation, "file", [early])
        pricing.replace_rates(connection, organisation, "studio", [Rate("USD", Decimal("0.920"), 5, "bank")])
        assert pricing.own(connection) == Own()
        pricing.put_own(connection, Own("EUR", "Europe/Paris", "file"))
    with database.read() as connection:
        found = pricing.contracts(connection, organisation)
        assert [(each.contract, each.owner) for each in found] == [(early, "file"), (late, "studio")]
        assert [each.rate for each in pricing.rates(connection, organisation)] == [
            Rate("USD", Decimal("0.920"), 5, "bank")
        ]
        assert pricing.own(connection) == Own("EUR", "Europe/Paris", "file")
