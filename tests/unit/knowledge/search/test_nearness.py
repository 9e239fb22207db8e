from counterpoint.knowledge.search.nearness import FIRST, nearer
from counterpoint.knowledge.search.values import Candidate
from tests.unit.knowledge.search.passages import passage


def test_words_side_by_side_are_ahead_of_words_apart() -> None:
    apart = Candidate(
        passage("a", "Le délai est court ; un autre préavis suit.", language="fr"), "s", score=1.0
    )
    together = Candidate(passage("b", "Le délai de préavis est court.", language="fr"), "s", score=0.9)
    assert [one.passage.document for one in nearer("délai de préavis", [apart, together])] == ["b", "a"]
    assert [one.passage.document for one in nearer("préavis, délai ?", [apart, together])] == ["a", "b"]


def test_titles_count_as_text_does() -> None:
    other = Candidate(passage("a", "Written notice is given."), "s", score=1.0)
    titled = Candidate(passage("b", "It is three months.", "Notice period"), "s", score=0.9)
    assert nearer("how long is the notice period", [other, titled])[0].passage.document == "b"


def test_each_passage_is_read_in_its_own_language() -> None:
    french = Candidate(passage("a", "Les congés payés annuels.", language="fr"), "s", score=0.5)
    english = Candidate(passage("b", "Annual leave."), "s", score=0.6)
    assert nearer("congés payés", [english, french])[0].passage.document == "a"


def test_what_stands_far_behind_stays_there() -> None:
    many = [
        Candidate(passage(f"{number:03}", "nothing of it"), "s", score=-number) for number in range(FIRST)
    ]
    last = Candidate(passage("last", "the notice period"), "s", score=-FIRST)
    assert nearer("notice period", [*many, last])[-1] == last
    assert nearer("", many) == many
    assert nearer("notice period", []) == []
