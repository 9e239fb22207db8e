"""Why an answer ended."""

from counterpoint.canonical import Finish, ToolCall
from counterpoint.dialects.bedrock_converse.finishing import decode_finish, encode_finish


def test_its_own_words_come_back() -> None:
    for word in ("end_turn", "tool_use", "guardrail_intervened", "malformed_tool_use", "new_word"):
        finish = decode_finish(word)
        assert finish is not None
        assert encode_finish(finish, (), own=True) == word
    assert decode_finish(None) is None
    assert decode_finish("model_context_window_exceeded") == Finish("length", "model_context_window_exceeded")


def test_reasons_of_others_become_its_words() -> None:
    assert encode_finish(None, (), own=False) == "end_turn"
    assert encode_finish(Finish("stop", "stop"), (), own=False) == "end_turn"
    assert encode_finish(Finish("stop", "stop"), [ToolCall("a", "f")], own=False) == "tool_use"
    assert encode_finish(Finish("stop", stop_sequence="x"), (), own=False) == "stop_sequence"
    assert encode_finish(Finish("refusal", "refusal"), (), own=False) == "content_filtered"
