import pytest

from counterpoint.knowledge.answers.reading import read
from counterpoint.knowledge.answers.wanting import answers_kind, stems_in, wanted


@pytest.mark.parametrize(
    ("question", "cue", "fitting", "unfitting"),
    [
        ("Qui a fondé l'usine ?", "person", "Hier Marie Curie l'a fondée.", "Elle fut fondée tôt."),
        ("When was it built?", "time", "It was built in May 1920.", "It was built of stone."),
        ("Combien de jours ?", "number", "Ce sont 3 jours.", "Ce sont des jours."),
        ("Where is the office?", "place", "The office is in Lyon.", "The office is open."),
        ("Pourquoi est-il fermé ?", "reason", "Il est fermé car il neige.", "Il est fermé."),
    ],
)
def test_a_question_wants_a_kind_of_answer(question: str, cue: str, fitting: str, unfitting: str) -> None:
    asked = wanted(question, [])
    assert cue in asked.cues
    fits = [answers_kind(asked.cues, read(text, ""), f" {text.lower()} ") for text in (fitting, unfitting)]
    assert fits[0] > fits[1]


def test_what_nothing_found_has_weighs_most() -> None:
    found = [stems_in("Le congé dure cinq jours."), stems_in("Le congé est payé.")]
    asked = wanted("Le congé au Pérou ?", found)
    assert asked.words == ("congé", "pérou")
    assert asked.weights[1] > asked.weights[0]
    assert asked.share(asked.covered(found[0])) < 0.5


def test_a_question_is_understood_in_either_language() -> None:
    asked = wanted("What is the employment contract?", [])
    assert asked.covered(stems_in("The contracts of employment")) == {0, 1}
