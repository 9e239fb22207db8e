import pytest

from counterpoint.knowledge.answers.order import Item, broken_names, items, torn
from counterpoint.knowledge.answers.reading import Word, read


def _same(one: Word, other: Word) -> bool:
    return bool(one.stems & other.stems)


def _torn(claim: str, *quotes: str, language: str = "fr") -> list[Item]:
    return list(torn(read(claim, language), [read(quote, language) for quote in quotes], _same))


def test_names_that_follow_each_other_are_one() -> None:
    found = items(read("Hier, Marie Curie a reçu 2 prix.", "fr"))
    assert [(item.kind, len(item.words)) for item in found] == [
        ("word", 1), ("name", 2), ("word", 1), ("number", 0), ("word", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "claim",
    [
        "Le 3 mai, le préfet a signé un décret sur les loyers de Lyon.",
        "Le préfet a signé un décret sur les loyers de Lyon.",
        "Le préfet a signé un décret sur les loyers de Lyon le 3 mai.",
    ],
)
def test_leaving_out_and_moving_a_date_tear_nothing(claim: str) -> None:
    quote = "Le 3 mai, le préfet a signé, après bien des débats, un décret sur les loyers de Lyon."
    assert not _torn(claim, quote)


@pytest.mark.parametrize(
    "claim",
    [
        "Le maire a loué 5 salles pour 3 jours et 3 salles pour 5 jours, dont la grande.",
        "Le budget va au sport pour 12 euros et aux vêtements pour 14 euros, au total.",
    ],
)
def test_what_changed_places_is_found(claim: str) -> None:
    quotes = {
        "Le maire": "Le maire a loué 3 salles pour 5 jours et 5 salles pour 3 jours, dont la grande.",
        "Le budget": "Le budget va au sport pour 14 euros et aux vêtements pour 12 euros, au total.",
    }
    assert _torn(claim, quotes[" ".join(claim.split()[:2])])


def test_a_name_must_be_put_together_in_the_quotation() -> None:
    quote = [read("Hier, Marie Dupont a vu Jean Martin.", "fr")]
    assert not list(broken_names(read("Hier, Marie Dupont a vu Jean.", "fr"), quote, _same))
    assert list(broken_names(read("Hier, Jean Dupont a été vu.", "fr"), quote, _same))
