from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.answers.quantities import Quantity, each_time, is_year, matches, quantities
from counterpoint.knowledge.answers.tokens import tokens


def _one(text: str) -> Quantity:
    found = quantities(tokens(text))
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 200 euros", "€1,200"),
        ("1200 €", "1\u202f200 euros"),
        ("deux mois", "2 months"),
        ("vingt-cinq jours", "25 days"),
        ("quatre-vingt-dix-neuf", "99"),
        ("soixante et onze ans", "71 years"),
        ("two hundred and fifty people", "250 personnes"),
        ("14,2 milliards d'euros", "€14.2 billion"),
        ("12 mai 2019", "May 12, 2019"),
        ("1er mars 2020", "2020-03-01"),
        ("23 janvier 2021", "23/01/2021"),
        ("3/1/2021", "03.01.2021"),
        ("50 pour cent", "50%"),
        ("19th century", "XIXe siècle"),
        ("deuxième", "2e"),
        ("$20 million", "20,000,000 dollars"),
    ],
)
def test_one_value_however_it_is_written(one: str, other: str) -> None:
    assert matches(_one(one), _one(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2 mois", "2 ans"),
        ("50 %", "50 euros"),
        ("14,2 milliards", "14,2 millions"),
        ("12 mai 2019", "12 mai 2020"),
        ("12 mai 2019", "mai 2019"),
        ("1 200", "1 300"),
        ("deuxième", "2"),
    ],
)
def test_another_value(one: str, other: str) -> None:
    assert not matches(_one(one), _one(other))


def test_less_exact_is_still_true() -> None:
    assert matches(_one("mai 2019"), _one("12 mai 2019"))
    assert matches(_one("2019"), _one("12 mai 2019"))
    assert is_year(_one("2019"))
    assert not is_year(_one("2019 euros"))


def test_numbers_that_are_joined_share_their_unit() -> None:
    two, three = quantities(tokens("entre 2 et 3 mois"))
    assert (two.unit, three.unit) == ("month", "month")
    year, share = quantities(tokens("en 2003, 50 %"))
    assert (year.unit, share.unit) == ("", "%")


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("au moins 3 jours", "at_least"),
        ("plus de 3 jours", "more"),
        ("3 jours maximum", "at_most"),
        ("up to 3 days", "at_most"),
        ("less than $3", "less"),
        ("environ 3 jours", "about"),
        ("3 jours", ""),
    ],
)
def test_what_is_said_of_a_number(text: str, measure: str) -> None:
    assert _one(text).measure == measure


def test_a_date_in_digits_is_read_as_its_language_writes_it() -> None:
    (french,) = quantities(tokens("03/01/2021"), "fr")
    assert french.days == {(2021, 1, 3)}
    assert _one("03/01/2021").days == {(2021, 1, 3), (2021, 3, 1)}


def test_a_separator_is_read_as_its_language_writes_it() -> None:
    for text, value in (("3,142 kg", "3142"), ("3.142 kg", "3.142"), ("0.125 kg", "0.125")):
        (one,) = quantities(tokens(text), "en")
        assert one.values == {Decimal(value)}


def test_both_readings_of_a_lone_comma() -> None:
    assert _one("1,200").values == {Decimal(1200), Decimal("1.2")}
    assert _one("1,25").values == {Decimal("1.25")}
    assert _one("1.234.567").values == {Decimal(1234567)}
    assert _one("1,234.50").values == {Decimal("1234.5")}


@given(st.integers(0, 10**12))
def test_thousands_are_read_with_every_separator(number: int) -> None:
    plain = _one(str(number))
    for separator in (" ", "\u00a0", "\u202f", ","):
        assert matches(_one(f"{number:,}".replace(",", separator)), plain)


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for one in quantities(tokens(text)):
        assert one.first < one.last


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("50 km/h", "50 km", False),
        ("10 € par mois", "10 € par an", False),
        ("10 € par mois", "10 € / mois", True),
        ("5 days a week", "5 days per week", True),
        ("3 am", "3 pm", False),
        ("2 hours 30 minutes", "150 minutes", True),
        ("2 ans et 6 mois", "30 mois", True),
        ("2 hours 30 minutes", "30 minutes", False),
        ("10 k€", "10 000 €", True),
    ],
)
def test_what_is_for_each_and_what_is_of_several_units(one: str, other: str, same: bool) -> None:
    assert matches(_one(one), _one(other)) is same


def test_by_so_much_is_not_to_so_much() -> None:
    assert [_one(text).step for text in ("It fell by 5 %", "It fell to 5 %", "It is 5 %")] == ["by", "to", ""]
    assert [_one(text).step for text in ("en hausse de 5 %", "monte à 5 %", "un taux de 5 %")] == [
        "by",
        "to",
        "",
    ]
    assert each_time(_one("10 € par mois")).unit == "eur"
