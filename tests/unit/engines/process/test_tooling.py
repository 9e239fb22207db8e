from counterpoint.canonical import ChatRequest, OutputFormat, Tool, ToolCall, ToolChoice
from counterpoint.canonical.requests import OpaqueTool
from counterpoint.engines.process.tooling import (
    call_text,
    callable_tools,
    describe_output,
    describe_tools,
    parameters_of,
    result_text,
)

ONE, TWO = Tool("one", "First", {"type": "object"}), Tool("two", kind="custom")


def request(mode: str | None = None, name: str | None = None) -> ChatRequest:
    choice = None if mode is None else ToolChoice(mode, name)  # type: ignore[arg-type]
    return ChatRequest("m", tools=(ONE, TWO, OpaqueTool("x", "web", {})), tool_choice=choice)


def test_the_choice_says_which_tools_can_be_called() -> None:
    assert callable_tools(request()) == (ONE, TWO)
    assert callable_tools(request("auto")) == (ONE, TWO)
    assert callable_tools(request("required")) == (ONE, TWO)
    assert callable_tools(request("tool", "two")) == (TWO,)
    assert callable_tools(request("tool", "three")) == ()
    assert callable_tools(request("none")) == ()


def test_the_model_is_told_what_it_can_call() -> None:
    text = describe_tools(request())
    assert '"name":"one"' in text
    assert '"description":"First"' in text
    assert "<tool_call>" in text
    assert "only when it helps" in text
    assert "Call one now" in describe_tools(request("required"))
    assert describe_tools(request("none")) == ""


def test_a_custom_tool_takes_one_string() -> None:
    assert parameters_of(TWO)["required"] == ["input"]  # type: ignore[index]
    assert parameters_of(ONE) == {"type": "object"}
    assert parameters_of(Tool("x")) == {"type": "object", "properties": {}}


def test_calls_and_results_read_as_the_model_writes_them() -> None:
    call = ToolCall("1", 'say "hi"', '{"a": 1}')
    assert call_text(call) == '<tool_call>\n{"name": "say \\"hi\\"", "arguments": {"a": 1}}\n</tool_call>'
    assert '"arguments": {}' in call_text(ToolCall("1", "one"))
    assert '{"input":"free \\"text\\""}' in call_text(ToolCall("1", "two", 'free "text"', kind="custom"))
    assert result_text("one", "42", False) == "<tool_response>\none:\n42\n</tool_response>"
    assert "one failed" in result_text("one", "no", True)


def test_the_form_of_the_answer_is_described() -> None:
    assert describe_output(None) == describe_output(OutputFormat("text")) == ""
    assert "JSON" in describe_output(OutputFormat("json"))
    described = describe_output(OutputFormat("json_schema", {"type": "integer"}, description="An age"))
    assert '{"type":"integer"}' in described
    assert "An age" in described
