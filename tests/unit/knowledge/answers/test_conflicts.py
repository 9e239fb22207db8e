import pytest

from counterpoint.knowledge.answers.conflicts import conflicts
from counterpoint.knowledge.answers.places import span_in
from counterpoint.knowledge.answers.receipt import Conflict
from tests.unit.knowledge.answers.passages import evidence, nothing_kept


def _between(question: str, one: str, other: str, *, same: bool = False) -> list[Conflict]:
    found = [evidence(one, "old"), evidence(other, "old" if same else "new")]
    span = span_in(found[0].passage, 0, len(one))
    return conflicts(question, [span], found, nothing_kept)


@pytest.mark.parametrize(
    ("question", "one", "other", "kind"),
    [
        (
            "Combien de jours de télétravail ?",
            "Le télétravail est possible deux jours par semaine pour les salariés.",
            "Le télétravail est possible trois jours par semaine pour les salariés.",
            "number",
        ),
        (
            "When does the price list start?",
            "The new price list starts on May 12, 2024.",
            "The new price list starts on June 1, 2024.",
            "date",
        ),
        (
            "Is smoking allowed in the yard?",
            "Smoking is allowed in the yard of the building.",
            "Smoking is not allowed in the yard of the building.",
            "negation",
        ),
    ],
)
def test_two_documents_that_differ_are_said_to_conflict(
    question: str, one: str, other: str, kind: str
) -> None:
    [conflict] = _between(question, one, other)
    assert conflict.kind == kind
    assert [span.quote for span in conflict.spans] == [one, other]
    assert not _between(question, one, other, same=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Le loyer de Paris est de 900 euros par mois.", "Le loyer de Lyon est de 700 euros par mois."),
        ("Les ventes de 2019 sont de 5 millions d'euros.", "Les ventes de 2020 sont de 7 millions d'euros."),
        ("Le loyer est de 900 euros par mois.", "Le loyer est de 900 € par mois."),
        ("Le loyer est de 900 euros par mois.", "La prime est de 100 euros par an."),
    ],
)
def test_what_is_of_other_things_is_no_conflict(one: str, other: str) -> None:
    assert not _between("Quel est le loyer, quelles sont les ventes ?", one, other)
