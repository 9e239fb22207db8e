import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import ChatRequest, Reasoning, StreamEvent, Text, Tool, ToolCall, Usage, fold
from counterpoint.engines.process.answers import CallReader, ChoiceAnswer, summed

TOOLS = (Tool("f"), Tool("note", kind="custom"))


def call(name: str, arguments: str) -> str:
    return f'<tool_call>\n{{"name": {json.dumps(name)}, "arguments": {arguments}}}\n</tool_call>'


def answered(chunks: list[dict[str, Any]], tools: bool = True, stop: tuple[str, ...] = ()) -> Any:
    """The choice that such chunks make."""
    answer = ChoiceAnswer(ChatRequest("m", tools=TOOLS if tools else (), stop=stop), 0, tools)
    events: list[StreamEvent] = []
    for chunk in chunks:
        events += answer.chunk(chunk)
    events += answer.close()
    return fold(events).choices[0], answer


def chunk(text: str | None = None, **more: Any) -> dict[str, Any]:
    thought = more.pop("thought", None)
    delta = {} if text is None else {"content": text}
    if thought is not None:
        delta["reasoning_content"] = thought
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": more.pop("finish", None), **more}]}


def pieces(text: str, cuts: list[int]) -> list[dict[str, Any]]:
    chunks = []
    for cut in cuts:
        chunks.append(chunk(text[:cut]))
        text = text[cut:]
    return [*chunks, chunk(text), chunk(finish="stop")]


WORDS = st.text(st.characters(codec="utf-8"), max_size=20).filter(lambda text: "<tool_call>" not in text)
ARGUMENTS = st.dictionaries(st.text(max_size=5), st.text(max_size=10) | st.integers(), max_size=3).map(
    json.dumps
)


@given(WORDS, st.lists(ARGUMENTS, max_size=3), st.lists(st.integers(1, 30), max_size=30))
def test_calls_are_taken_out_whatever_the_cuts(words: str, arguments: list[str], cuts: list[int]) -> None:
    text = words + "\n".join(call("f", one) for one in arguments)
    choice, _ = answered(pieces(text, cuts))
    said = "".join(part.text for part in choice.parts if isinstance(part, Text))
    assert said == (words.rstrip() if arguments else words)
    calls = [part for part in choice.parts if isinstance(part, ToolCall)]
    assert [part.arguments for part in calls] == arguments
    assert all(part.name == "f" for part in calls)
    assert len({part.id for part in calls}) == len(calls)
    assert choice.finish.reason == ("tool_calls" if arguments else "stop")


def test_a_call_cut_short_stays_as_far_as_it_came() -> None:
    text = call("f", '{"city": "Par')[:-14]
    choice, _ = answered([chunk(text), chunk(finish="length")])
    (part,) = choice.parts
    assert part.arguments == '{"city": "Par'
    assert choice.finish.reason == "length"
    nothing, _ = answered([chunk('<tool_call>\n{"name": "f'), chunk(finish="length")])
    assert nothing.parts == ()


def test_a_custom_tool_gets_its_text_only() -> None:
    choice, _ = answered(pieces(call("note", '{"input": "milk, \\"fresh\\""}'), [3] * 40))
    (part,) = choice.parts
    assert (part.kind, part.arguments) == ("custom", 'milk, "fresh"')


def test_stop_sequences_hold_for_words_not_for_calls() -> None:
    choice, answer = answered([chunk("one END two"), chunk("three")], stop=("END",))
    assert choice.parts == (Text("one "),)
    assert (choice.finish.reason, choice.finish.stop_sequence) == ("stop", "END")
    assert answer.stopped
    within, answer = answered(pieces(call("f", '{"a": "END"}'), [5] * 20), stop=("END",))
    assert within.parts[0].arguments == '{"a": "END"}'
    assert not answer.stopped
    held, _ = answered([chunk("the E"), chunk("N"), chunk(finish="stop")], stop=("END",))
    assert held.parts == (Text("the EN"),)


def test_thinking_is_a_part_of_its_own_and_counted_apart() -> None:
    def timed(count: int, part: dict[str, Any]) -> dict[str, Any]:
        return {**part, "timings": {"cache_n": 2, "prompt_n": 5, "predicted_n": count}}

    choice, answer = answered(
        [
            timed(1, chunk(thought="Hm")),
            timed(2, chunk(thought=".")),
            timed(3, chunk("Yes")),
            timed(4, chunk(finish="stop")),
        ],
        tools=False,
    )
    assert choice.parts == (Reasoning("Hm."), Text("Yes"))
    assert answer.usage == Usage(input=5, cache_read=2, output=2, reasoning=2)


@given(st.lists(st.text("ab.", min_size=1, max_size=3), min_size=1, max_size=12))
def test_logprobs_stay_with_the_text_that_is_said(tokens: list[str]) -> None:
    chunks = [
        chunk(token, logprobs={"content": [{"id": 1, "token": token, "logprob": -1.0, "top_logprobs": []}]})
        for token in tokens
    ]
    choice, _ = answered([*chunks, chunk(finish="stop")], tools=False, stop=("bb.",))
    said = "".join(part.text for part in choice.parts)
    entries = choice.logprobs["content"] if choice.logprobs else []
    covered = "".join(entry["token"] for entry in entries)
    assert said.startswith(covered) or covered.startswith(said)
    assert len(covered) >= len(said) - 3
    assert all("id" not in entry for entry in entries)
    if "bb." not in "".join(tokens):
        assert covered == said == "".join(tokens)


def test_several_choices_share_their_prompt() -> None:
    one, two = Usage(input=5, cache_read=2, output=3), Usage(input=1, cache_read=6, output=4, reasoning=1)
    assert summed([one, two]) == Usage(input=5, cache_read=2, output=7, reasoning=1)


def test_white_space_before_a_call_belongs_to_nobody() -> None:
    reader = CallReader()
    assert [piece.text for piece in reader.feed("Well \n\n")] == ["Well"]
    assert [piece.text for piece in reader.feed("then")] == [" \n\nthen"]
    assert reader.feed(" ") == []
    assert [piece.text for piece in reader.close()] == [" "]
