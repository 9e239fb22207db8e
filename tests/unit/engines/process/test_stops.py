from hypothesis import given
from hypothesis import strategies as st

from counterpoint.engines.process.stops import StopFinder, held_back

LETTERS = st.text("ab\n", max_size=12)


@given(
    st.lists(LETTERS, max_size=8), st.lists(st.text("ab\n", min_size=1, max_size=4), max_size=3).map(tuple)
)
def test_the_cuts_make_no_difference(pieces: list[str], sequences: tuple[str, ...]) -> None:
    text = "".join(pieces)
    finder = StopFinder(sequences)
    said = "".join(finder.feed(piece) for piece in pieces)
    if finder.met is None:
        said += finder.close()
        assert not any(sequence in text for sequence in sequences)
        assert said == text
    else:
        assert text.startswith(said + finder.met)
        ends = [text.find(sequence) + len(sequence) for sequence in sequences if sequence in text]
        assert len(said) + len(finder.met) == min(ends)


def test_after_a_stop_nothing_more_is_said() -> None:
    finder = StopFinder(("stop",))
    assert finder.feed("go st") == "go "
    assert finder.feed("op now") == ""
    assert finder.met == "stop"
    assert finder.feed("more") == ""
    assert finder.close() == ""


def test_empty_sequences_stop_nothing() -> None:
    finder = StopFinder(("",))
    assert finder.feed("text") == "text"


def test_only_what_may_begin_a_sequence_is_held_back() -> None:
    assert held_back("abc<", ("<tool_call>",)) == 1
    assert held_back("abc<tool_call", ("<tool_call>",)) == 10
    assert held_back("abc<x", ("<tool_call>",)) == 0
    assert held_back("aab", ("aabb", "b1")) == 3
