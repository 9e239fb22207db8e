import msgspec
import pytest

from counterpoint.canonical import (
    Audio,
    ChatRequest,
    Document,
    FailureKind,
    Image,
    Media,
    Message,
    OutputFormat,
    Reasoning,
    Refusal,
    Text,
    Tool,
    ToolCall,
    ToolResult,
)
from counterpoint.canonical.errors import Refused
from counterpoint.engines.manifest import Manifest
from counterpoint.engines.process.prompts import TemplateFacts, template_messages

MANIFEST = Manifest("m", "chat", "gguf", "f", "", 0, system="Be brief.")
FACTS = TemplateFacts()


def said(*messages: Message, facts: TemplateFacts = FACTS, **fields: object) -> list[tuple[str, object]]:
    request = ChatRequest("m", messages=messages)
    request = msgspec.structs.replace(request, **fields)
    return [(turn["role"], turn["content"]) for turn in template_messages(request, MANIFEST, facts)]


def test_the_models_own_system_prompt_holds_when_none_is_given() -> None:
    assert said(Message("user", (Text("Hi"),))) == [("system", "Be brief."), ("user", "Hi")]
    own = said(Message("system", (Text("Be long."),)), Message("user", (Text("Hi"),)))
    assert own == [("system", "Be long."), ("user", "Hi")]


def test_system_prompts_are_gathered_and_neighbours_joined() -> None:
    turns = said(
        Message("system", (Text("One."),)),
        Message("user", (Text("a"), Text("b"))),
        Message("user", (Text("c"),)),
        Message("assistant", (Reasoning("hm"), Text("d"))),
        Message("developer", (Text("Two."),)),
        Message("assistant", (Refusal("no"),)),
    )
    assert turns == [("system", "One.\n\nTwo."), ("user", "ab\n\nc"), ("assistant", "d\n\nno")]


def test_a_template_without_a_system_role_gets_it_from_the_user() -> None:
    facts = TemplateFacts(system=False)
    assert said(Message("user", (Text("Hi"),)), facts=facts) == [("user", "Be brief.\n\nHi")]
    assert said(Message("assistant", (Text("Hi"),)), facts=facts)[0] == ("user", "Be brief.")


def test_calls_and_results_are_written_out_and_named() -> None:
    turns = said(
        Message("user", (Text("Weather?"),)),
        Message("assistant", (ToolCall("1", "weather", '{"a": 1}'), ToolCall("2", "time"))),
        Message("tool", (ToolResult("1", (Text("sunny"),)),)),
        Message("tool", (ToolResult("2", (Text("no clock"),), is_error=True),)),
    )
    assert [role for role, _ in turns] == ["system", "user", "assistant", "user"]
    assert '"weather"' in str(turns[2][1])
    assert "weather:\nsunny" in str(turns[3][1])
    assert "time failed:\nno clock" in str(turns[3][1])


def test_tools_and_formats_are_described_in_the_system_prompt() -> None:
    ((_, text), _) = said(
        Message("user", (Text("x"),)),
        tools=(Tool("weather"),),
        output=OutputFormat("json_schema", {"type": "null"}),
    )
    assert str(text).startswith("Be brief.")
    assert "weather" in str(text)
    assert '{"type":"null"}' in str(text)


def test_documents_that_are_text_are_read() -> None:
    document = Document(Media("text", "content"), title="A title")
    assert said(Message("user", (document, Text("?"))))[1] == ("user", "A title\n\ncontent?")


def test_a_model_that_sees_gets_pictures() -> None:
    facts = TemplateFacts(sees=True)
    picture = Image(Media("data", "AAAA", "image/jpeg"))
    ((_, _), (_, content)) = said(Message("user", (picture, Text("what?"))), facts=facts)
    assert content == [
        {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,AAAA"}},
        {"type": "text", "text": "what?"},
    ]
    ((_, _), (_, inner)) = said(Message("tool", (ToolResult("1", (picture,)),)), facts=facts)
    assert inner[1]["type"] == "image_url"  # type: ignore[index]
    with pytest.raises(Refused, match="without network"):
        said(Message("user", (Image(Media("url", "https://x.invalid/a.png")),)), facts=facts)


@pytest.mark.parametrize(
    "part", [Image(Media("data", "AAAA")), Audio(), Document(Media("data", "AAAA", "application/pdf"))]
)
def test_what_it_cannot_read_is_refused_with_its_place(part: Image | Audio | Document) -> None:
    with pytest.raises(Refused) as refused:
        said(Message("user", (Text("a"),)), Message("user", (Text("b"), part)))
    failure = refused.value.failure
    assert (failure.kind, failure.param) == (FailureKind.unsupported, "messages[1].content[1]")
