"""Messages of other dialects as this API takes them."""

from typing import Any

from tests.unit.dialects.ollama.bodies import PNG, elsewhere


def told(*messages: dict[str, Any]) -> tuple[list[dict[str, Any]], set[str]]:
    body, encoded = elsewhere("openai-chat", messages=list(messages))
    return body["messages"], {loss.code for loss in encoded.losses}


def test_words_and_pictures_stand_side_by_side() -> None:
    content = [
        {"type": "text", "text": "What"},
        {"type": "text", "text": "is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
    ]
    messages, lost = told({"role": "user", "content": content})
    assert messages == [{"role": "user", "content": "What\nis this?", "images": [PNG]}]
    assert lost == {"text.joined"}


def test_a_picture_elsewhere_is_not_fetched() -> None:
    content = [{"type": "image_url", "image_url": {"url": "https://example.com/x.png"}}]
    _, lost = told({"role": "user", "content": content})
    assert lost == {"image.url"}


def test_calls_and_results_keep_their_ids_and_names() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Paris"}'}}
    messages, lost = told(
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "21"},
    )
    assert lost == set()
    made = {"id": "c1", "function": {"name": "weather", "arguments": {"city": "Paris"}}}
    assert messages == [
        {"role": "assistant", "content": "", "tool_calls": [made]},
        {"role": "tool", "content": "21", "tool_name": "weather", "tool_call_id": "c1"},
    ]


def test_a_developer_speaks_as_the_system_and_nobody_has_a_name() -> None:
    messages, lost = told({"role": "developer", "content": "Brief.", "name": "Ada"})
    assert messages == [{"role": "system", "content": "Brief."}]
    assert lost == {"message.role", "message.name"}


def test_thinking_goes_back_without_its_signature() -> None:
    thought = {"type": "thinking", "thinking": "Hm.", "signature": "s"}
    picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}
    body, encoded = elsewhere(
        "anthropic-messages",
        max_tokens=9,
        messages=[
            {"role": "user", "content": [picture, {"type": "text", "text": "Hi"}]},
            {"role": "assistant", "content": [thought, {"type": "text", "text": "Hello"}]},
        ],
    )
    assert body["messages"][1] == {"role": "assistant", "thinking": "Hm.", "content": "Hello"}
    assert {loss.code for loss in encoded.losses} == {"reasoning.signature", "message.order"}


def test_thoughts_become_one_and_say_so() -> None:
    thoughts = [{"text": text, "thought": True} for text in ("first", "second")]
    answer = {"role": "model", "parts": [*thoughts, {"text": "3"}]}
    body, encoded = elsewhere("gemini-generate", contents=[answer, {"parts": [{"text": "why?"}]}])
    assert body["messages"][0]["thinking"] == "firstsecond"
    joined = [loss.path for loss in encoded.losses if loss.code == "reasoning.joined"]
    assert joined == ["contents[0].parts[0]", "contents[0].parts[1]"]
