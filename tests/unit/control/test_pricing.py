from decimal import Decimal

import pytest

from counterpoint.catalog.contracts import Contract
from counterpoint.control import pricing
from counterpoint.control.beginning import Beginning, begin
from counterpoint.control.budgets.service import Budgets
from counterpoint.control.budgets.values import NewBudget
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.pricing import Pricing, Wanted
from counterpoint.control.projects import NewProject, Projects
from counterpoint.control.publish import build_directory, current_revision
from counterpoint.control.routes import Routes
from counterpoint.control.vault import Vault
from counterpoint.directory.routes import Constraints, Route, Target
from counterpoint.directory.values import Offering, Price, PriceTier
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.database import Database
from counterpoint.storage.pricing import Rate

HALF = Contract(offering="host/*", discount=Decimal(50), reference="F-17")
EURO = Rate("EUR", Decimal("1.1"), 0, "central bank")
OFFERED = Offering(host="host", id="large", model="large", price=Price(tiers=(PriceTier(input=2_000_000),)))


@pytest.fixture
def begun(database: Database) -> Beginning:
    return begin(database, Vault([new_master_key()]))


@pytest.fixture
def prices(database: Database, begun: Beginning) -> Pricing:
    return Pricing(database, begun.organisation_id)


def test_workers_charge_what_the_contract_says(database: Database, begun: Beginning, prices: Pricing) -> None:
    before = current_revision(database)
    prices.replace(Wanted(currency="GBP", zone="Europe/London", rates=(EURO,), contracts=(HALF,)))
    assert current_revision(database) == before + 1
    directory = build_directory(database, begun.organisation_id, offerings=(OFFERED,))
    (offering,) = directory.offerings
    assert offering.price == Price(tiers=(PriceTier(input=1_000_000),))
    assert (directory.currency, directory.zone) == ("GBP", "Europe/London")
    assert directory.rates == {"EUR": Decimal("1.1")}


def test_the_file_owns_what_it_declares(database: Database, begun: Beginning, prices: Pricing) -> None:
    declared = Wanted(currency="EUR", rates=(Rate("USD", Decimal("0.9"), 0),), contracts=(HALF,))
    for _ in range(2):
        with database.write() as connection:
            pricing.declare(connection, begun.organisation_id, declared)
    revision = current_revision(database)
    with pytest.raises(Complaint, match="configuration file"):
        prices.replace(Wanted(currency="USD"))
    own = Contract(offering="*", prices={"input": Decimal(1)}, currency="CHF")
    book = prices.replace(Wanted(contracts=(own,)))
    assert [(each.contract, each.owner) for each in book.contracts] == [(HALF, "file"), (own, "studio")]
    assert current_revision(database) == revision + 1
    with database.write() as connection:
        pricing.declare(connection, begun.organisation_id, Wanted())
    assert [each.owner for each in prices.book().contracts] == ["studio"]
    assert prices.replace(Wanted(currency="USD")).own.currency == "USD"


def test_the_currency_stays_while_limits_are_counted_in_it(
    database: Database, begun: Beginning, prices: Pricing
) -> None:
    budgets = Budgets(database, begun.organisation_id)
    budgets.add(NewBudget(measure="tokens", amount=Decimal(10)))
    prices.replace(Wanted(currency="GBP"))
    budget = budgets.add(NewBudget(amount=Decimal(10)))
    with pytest.raises(Complaint, match="from GBP to EUR"):
        prices.replace(Wanted(currency="EUR"))
    with pytest.raises(Complaint, match="from GBP to EUR"), database.write() as connection:
        pricing.declare(connection, begun.organisation_id, Wanted(currency="EUR"))
    assert prices.replace(Wanted(currency="GBP", zone="Europe/Paris")).own.zone == "Europe/Paris"
    budgets.remove(budget.row.id)
    assert prices.replace(Wanted(currency="EUR")).own.currency == "EUR"


def test_the_currency_stays_while_ceilings_of_prices_are_in_it(
    database: Database, begun: Beginning, prices: Pricing
) -> None:
    routes = Routes(database, begun.organisation_id)
    dear = Route("dear", targets=(Target("large"),), constraints=Constraints(max_output_price=10_000_000))
    routes.add(dear)
    routes.add(Route("any", targets=(Target("large"),)))
    projects = Projects(database, begun.organisation_id)
    projects.add(NewProject("thrifty", constraints=Constraints(max_input_price=1_000_000)))
    with pytest.raises(Complaint, match=r"from USD to EUR .* dear, thrifty "):
        prices.replace(Wanted(currency="EUR"))
    routes.change("dear", Route("dear", targets=(Target("large"),)))
    with pytest.raises(Complaint, match=" thrifty "), database.write() as connection:
        pricing.declare(connection, begun.organisation_id, Wanted(currency="EUR"))
    projects.change(NewProject("thrifty"))
    assert prices.replace(Wanted(currency="EUR")).own.currency == "EUR"


def test_of_two_who_change_the_same_one_is_told(prices: Pricing) -> None:
    seen = prices.book().revision
    prices.replace(Wanted(contracts=(HALF,)), revision=seen)
    with pytest.raises(Complaint, match="Somebody else"):
        prices.replace(Wanted(), revision=seen)
    assert prices.book().plain_contracts() == [HALF]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted(currency="euro"), "three capital letters"),
        (Wanted(zone="Mars/Olympus"), "no time zone"),
        (Wanted(zone="../etc/passwd"), "no time zone"),
        (Wanted(rates=(Rate("USD", Decimal(0), 0),)), "above zero"),
        (Wanted(rates=(Rate("USD", Decimal("1e999999"), 0),)), "at most"),
        (Wanted(rates=(EURO, EURO)), "twice"),
        (Wanted(contracts=(Contract(offering="a b", discount=Decimal(1)),)), "not a pattern"),
        (Wanted(contracts=(Contract(offering="*"),)), "either prices or a discount"),
        (Wanted(contracts=(Contract(offering="*", discount=Decimal(1), reference="x" * 201),)), "reference"),
    ],
)
def test_what_cannot_be(prices: Pricing, wanted: Wanted, words: str) -> None:
    before = prices.book()
    with pytest.raises(Complaint, match=words):
        prices.replace(wanted)
    assert prices.book() == before


def test_amounts_are_read_as_they_are_written() -> None:
    assert pricing.decimal_of(0.1) == Decimal("0.1")
    assert pricing.decimal_of(" 12.50 ") == Decimal("12.50")
    for wrong in ("1,5", "", "NaN", "inf"):
        with pytest.raises(Complaint):
            pricing.decimal_of(wrong)


@pytest.mark.parametrize("price", ["1e999999", "1e400000", "1e-999999", "NaN", "two", "", "0.0000001"])
def test_ceilings_that_cannot_be_are_told_so(price: str) -> None:
    with pytest.raises(Complaint, match="is not a price"):
        pricing.ceiling_of(price)


def test_a_ceiling_is_as_people_write_it() -> None:
    assert [pricing.ceiling_of(price) for price in (None, " 2.50 ", 10, "-1")] == [
        None,
        2_500_000,
        10_000_000,
        -1_000_000,
    ]
