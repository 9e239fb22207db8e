import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llguidance import LLMatcher, LLTokenizer

from counterpoint.canonical import ChatRequest, FailureKind, OutputFormat, Tool, ToolChoice
from counterpoint.canonical.errors import Refused
from counterpoint.engines.process.grammars import MOST_ITEMS, grammar_of
from counterpoint.engines.process.prompts import TemplateFacts

TOKENS = LLTokenizer("byte")
WEATHER = Tool(
    "weather",
    parameters={
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
)
TIME = Tool('the "time"', parameters={"type": "object", "properties": {}, "additionalProperties": False})
CALL = '<tool_call>\n{"name": "weather", "arguments": {"city": "Paris"}}\n</tool_call>'
OTHER = '<tool_call>\n{"name": "the \\"time\\"", "arguments": {}}\n</tool_call>'


def accepts(request: ChatRequest, text: str, facts: TemplateFacts | None = None) -> bool:
    """Whether a model that is held by the request's grammar can write exactly `text`."""
    grammar = grammar_of(request, facts or TemplateFacts())
    assert grammar is not None
    matcher = LLMatcher(TOKENS, grammar.text)
    assert not matcher.is_error(), matcher.get_error()
    tokens = TOKENS.tokenize_str(text)
    return matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting()


def request(**fields: Any) -> ChatRequest:
    return ChatRequest("m", tools=fields.pop("tools", (WEATHER, TIME)), **fields)


def test_without_tools_or_format_any_text_will_do() -> None:
    assert grammar_of(request(tools=()), TemplateFacts()) is None
    assert grammar_of(request(tool_choice=ToolChoice("none")), TemplateFacts()) is None
    assert grammar_of(request(tools=(), output=OutputFormat("text")), TemplateFacts()) is None


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("", True),
        ("Just words, even <b>html</b> and <tool_calls>.", True),
        (CALL, True),
        (OTHER, True),
        ("I will look.\n" + CALL, True),
        ("Both:\n" + CALL + "\n" + OTHER, True),
        (CALL + OTHER, True),
        ("<tool_call>", False),
        ("Words <tool_call> more", False),
        ("<tool_call>\n{}\n</tool_call>", False),
        (CALL.replace("city", "town"), False),
        (CALL.replace("weather", "wether"), False),
        (CALL + " and words", False),
        ("<tool_response>\n21\n</tool_response>", False),
        ("Words <tool_response>\n" + CALL, False),
    ],
)
def test_a_call_that_may_come_is_valid_if_it_comes(text: str, good: bool) -> None:
    assert accepts(request(), text) is good


@given(st.text(max_size=40))
def test_words_are_free(text: str) -> None:
    assert accepts(request(), text) is ("<tool_call>" not in text and "<tool_response>" not in text)


def test_a_forced_call_is_all_there_can_be() -> None:
    forced = request(tool_choice=ToolChoice("required"))
    assert accepts(forced, CALL)
    assert accepts(forced, OTHER)
    for text in ("", "Words", "Words " + CALL, CALL + "\n" + CALL):
        assert not accepts(forced, text)
    several = request(tool_choice=ToolChoice("required"), parallel_tool_calls=True)
    assert accepts(several, CALL + "\n" + OTHER)
    named = request(tool_choice=ToolChoice("tool", "weather"), parallel_tool_calls=True)
    assert accepts(named, CALL)
    assert not accepts(named, OTHER)
    assert not accepts(named, CALL + CALL)


def test_one_call_at_a_time_if_so_wished() -> None:
    single = request(parallel_tool_calls=False)
    assert accepts(single, "Well: " + CALL)
    assert not accepts(single, CALL + CALL)


def test_structured_answers_and_calls_exclude_each_other() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    both = request(output=OutputFormat("json_schema", schema))
    assert accepts(both, '{"a": 1}')
    assert accepts(both, CALL)
    assert not accepts(both, "words")
    assert not accepts(both, '{"a": 1}' + CALL)
    alone = request(tools=(), output=OutputFormat("json_schema", schema))
    assert accepts(alone, '{"a": 1}')
    assert not accepts(alone, '{\n\n"a": 1}'), "white space without end is no way to fill an answer"
    assert accepts(
        request(tools=(), output=OutputFormat("json")), json.dumps({"any": ["thing", {"x": None}]})
    )
    assert not accepts(request(tools=(), output=OutputFormat("json")), "[1]")


def test_a_model_that_thinks_first_may_do_so() -> None:
    forced = request(tool_choice=ToolChoice("required"))
    facts = TemplateFacts(thinks=True)
    assert accepts(forced, "Let me <i>see</i>.\n</think>\n\n" + CALL, facts)
    assert not accepts(forced, CALL, facts)


def test_the_turn_may_end_with_its_own_tokens() -> None:
    ends = grammar_of(request(), TemplateFacts(ends=(2, 7)))
    assert ends is not None
    assert "(<[2]> | <[7]>)?" in ends.text


def test_what_cannot_be_enforced_is_refused_or_said() -> None:
    bad = {"type": "object", "not": {"required": ["x"]}}
    loose = grammar_of(request(tools=(Tool("t", parameters=bad),)), TemplateFacts())
    assert loose is not None
    assert "not" in loose.unenforced[0]
    for hopeless in (
        request(tools=(Tool("t", parameters=bad, strict=True),)),
        request(tools=(), output=OutputFormat("json_schema", {"type": "nonsense"})),
        request(tools=(), output=OutputFormat("json_schema", {"$ref": "#/nowhere"})),
    ):
        with pytest.raises(Refused, match="cannot enforce") as refused:
            grammar_of(hopeless, TemplateFacts())
        assert refused.value.failure.kind is FailureKind.unsupported


def test_names_of_tools_cannot_break_out() -> None:
    odd = Tool('x" | free\nstart: "', parameters={"type": "object"})
    assert grammar_of(request(tools=(odd,)), TemplateFacts()) is not None


def test_a_schema_that_counts_too_far_is_refused_before_it_eats_the_memory() -> None:
    def asking(**schema: Any) -> ChatRequest:
        return request(tools=(), output=OutputFormat("json_schema", schema, strict=False))

    assert grammar_of(asking(type="array", items={}, maxItems=MOST_ITEMS), TemplateFacts()) is not None
    inner = {"type": "array", "items": {}, "minItems": MOST_ITEMS // 2 + 1}
    for greedy in (
        asking(type="array", items={}, minItems=10**9),
        asking(type="object", maxProperties=1e9),
        asking(anyOf=[inner, {"type": "object", "properties": {"x": inner}}]),
    ):
        with pytest.raises(Refused, match="the most"):
            grammar_of(greedy, TemplateFacts())
    assert grammar_of(asking(type="string", minLength=10**9), TemplateFacts()) is not None
