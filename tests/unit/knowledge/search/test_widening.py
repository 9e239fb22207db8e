from counterpoint.knowledge.search.values import Candidate
from counterpoint.knowledge.search.widening import merged, taught, thin
from tests.unit.knowledge.search.passages import passage


def candidate(name: str, text: str = "", word: int | None = None, meaning: int | None = None) -> Candidate:
    return Candidate(passage(name, text or name), "s", word_rank=word, meaning_rank=meaning)


def test_evidence_is_thin_when_little_was_found_or_the_ways_disagree() -> None:
    agreed = [candidate("a", word=1, meaning=10), candidate("b", word=2), candidate("c", meaning=1)]
    apart = [candidate("a", word=1, meaning=11), candidate("b", word=2), candidate("c", meaning=1)]
    assert thin([], 3, by_meaning=True) == ""
    assert thin(agreed, 4, by_meaning=True) == "few"
    assert thin(agreed, 3, by_meaning=True) == ""
    assert thin(apart, 3, by_meaning=True) == "apart"
    assert thin(apart, 3, by_meaning=False) == ""


def test_the_first_passages_teach_the_words_that_others_lack() -> None:
    found = [
        candidate("a", "The gearbox of the turbine leaks oil near the flange flange."),
        candidate("b", "Oil leaks from the gearbox of the turbine."),
        *(candidate(f"c{number}", "The turbine leaks oil.") for number in range(5)),
    ]
    words = taught(found, ("leak",))
    assert words[:2] == ("flang", "gearbox")
    assert "leak" not in words
    assert taught([], ()) == ()


def test_the_first_five_stay_and_the_rest_takes_turns() -> None:
    first = [candidate(name) for name in "abcdefg"]
    second = [candidate(name) for name in "xbgy"]
    found = merged(first, second)
    assert "".join(one.passage.document for one in found) == "abcdefxgy"
    assert "".join(one.passage.document for one in found if one.second) == "xy"
    assert merged(first, []) == first
