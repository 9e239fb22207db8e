"""Requests of which another dialect could say nothing."""

import pytest

from counterpoint.canonical import ChatRequest, Message, Opaque, Refused, Text
from counterpoint.gateway.untranslatable import refuse_untranslatable

TOKENS = Opaque("openai-completions-legacy", "tokens", [1, 2])


def test_only_what_leaves_nothing_to_answer_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        refuse_untranslatable(ChatRequest("m", (Message("user", (TOKENS,)),)), TOKENS.dialect)
    failure = refused.value.failure
    assert (failure.code, failure.param, failure.http_status) == ("untranslatable", "prompt", 400)
    for parts in ((), (Text("Hi"),), (Text("Hi"), TOKENS)):
        refuse_untranslatable(ChatRequest("m", (Message("user", parts),)), TOKENS.dialect)
    refuse_untranslatable(ChatRequest("m"), TOKENS.dialect)
