from hypothesis import given
from hypothesis import strategies as st

from counterpoint.engines.process.thoughts import ThoughtReader

WORDS = st.text("ab</think>\n ", max_size=20).filter(lambda text: "</think>" not in text)


@given(WORDS, WORDS, st.booleans(), st.lists(st.integers(1, 9), max_size=20))
def test_the_first_closing_mark_divides_whatever_the_cuts(
    thought: str, answer: str, closes: bool, cuts: list[int]
) -> None:
    text = thought + ("</think>" + answer if closes else "")
    reader = ThoughtReader()
    thoughts, said = "", ""
    for cut in [*cuts, len(text)]:
        piece, text = text[:cut], text[cut:]
        more_thought, more = reader.feed(piece)
        thoughts, said = thoughts + more_thought, said + more
    thoughts += reader.close()
    assert thoughts == thought
    assert said == (answer.lstrip() if closes else "")
