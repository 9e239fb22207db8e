"""What is read from a request, and from which part of it."""

import pytest

from counterpoint.canonical import (
    Audio,
    ChatRequest,
    Document,
    EmbedRequest,
    Failure,
    FailureKind,
    Image,
    Media,
    Message,
    OutputFormat,
    Refused,
    RerankRequest,
    Text,
    Tool,
    ToolResult,
    Video,
)
from counterpoint.dialects.base import Target
from counterpoint.dialects.registry import CHAT
from counterpoint.gateway.routing.facts import SIGNS, CallFacts, Given, facts_of, modest
from counterpoint.gateway.routing.plan import Facts

PICTURE = Image(Media("url", "https://example.org/a.png"))


def chat(*messages: Message, **more: object) -> ChatRequest:
    return ChatRequest("m", messages, **more)  # type: ignore[arg-type]


def user(*parts: object) -> Message:
    return Message("user", parts)  # type: ignore[arg-type]


def test_a_conversation_tells_its_length_and_what_it_needs() -> None:
    request = chat(
        user(Text("Look at this"), PICTURE),
        tools=(Tool("search"),),
        output=OutputFormat("json_schema", {"type": "object"}),
        max_output=300,
    )
    facts = facts_of(request, 999)
    assert facts.tokens > 1000  # a picture has about so many
    assert facts.output == 300
    assert facts.needs == {"tools", "structured_output", "images"}


def test_pictures_in_results_are_seen_and_a_models_own_voice_is_not_heard() -> None:
    shown = Message("tool", (ToolResult("c", (PICTURE,)),))
    spoken = Message("assistant", (Audio(transcript="hello"),))
    assert facts_of(chat(user(Text("x")), spoken, shown), 1).needs == {"images"}
    assert facts_of(chat(user(Audio(transcript="hello"))), 1).needs == {"audio"}


def test_the_beginning_stays_the_same_while_a_conversation_goes_on() -> None:
    system, first = Message("system", (Text("Be brief."),)), user(Text("Hello"))
    begun = facts_of(chat(system, first), 1).prefix
    longer = chat(system, first, Message("assistant", (Text("Hi"),)), user(Text("And now?")))
    assert facts_of(longer, 1).prefix == begun
    assert facts_of(chat(system, user(Text("Other"))), 1).prefix != begun
    assert facts_of(chat(system, first, tools=(Tool("t"),)), 1).prefix != begun
    long = Message("system", (Text("x" * 9000),))
    assert facts_of(chat(long, first), 1).prefix == facts_of(chat(long, user(Text("Other"))), 1).prefix


def test_texts_to_embed_each_have_the_context_to_themselves() -> None:
    assert facts_of(EmbedRequest("m", ("a" * 400, "b")), 1) == Facts(tokens=100, output=0)
    assert facts_of(EmbedRequest("m", ((1, 2, 3),)), 1).tokens == 3


def test_documents_to_rank_count_together() -> None:
    assert facts_of(RerankRequest("m", "q", ("a" * 400, "b" * 400)), 1).tokens > 200


def test_what_is_only_passed_on_is_guessed_from_its_bytes() -> None:
    assert facts_of(None, 4000).tokens == 1000


def test_a_call_is_read_once_and_what_cannot_be_read_is_guessed() -> None:
    reads = []

    def read() -> ChatRequest:
        reads.append(1)
        raise Refused(Failure(kind=FailureKind.bad_request, message="x"))

    facts = CallFacts({b"x-session": b"s-1"}, 400, read)
    assert facts.facts() == facts.facts() == Facts(tokens=100)
    assert len(reads) == 1
    assert (facts.session("X-Session"), facts.session("other")) == ("s-1", "")


@pytest.mark.parametrize("facts", [Facts(), Facts(tokens=3, session="s")])
def test_what_was_told_is_what_is_known(facts: Facts) -> None:
    assert Given(facts).facts() == facts
    assert Given(facts).session("any") == facts.session


EVERYTHING = chat(
    Message("system", (Text("Be brief."),)),
    user(Text("Look"), PICTURE, Image(Media("data", "aGk=", "image/png"))),
    user(Document(Media("data", "aGk=", "application/pdf")), Audio(Media("data", "aGk=", "audio/wav"))),
    user(Video(Media("data", "aGk=", "video/mp4"))),
    tools=(Tool("search", parameters={"type": "object"}),),
    output=OutputFormat("json_schema", {"type": "object"}, "o"),
    max_output=300,
)


GAPS, PROMPTS = "mistral-fim", ("ollama-generate", "openai-completions-legacy")
CONVERSING = [dialect for dialect in CHAT if dialect != GAPS]


@pytest.mark.parametrize("dialect", [each for each in CONVERSING if each not in PROMPTS])
def test_whatever_a_call_needs_is_seen_at_a_glance_in_every_dialect(dialect: str) -> None:
    spoken = CHAT[dialect]
    body = spoken.encode_request(EVERYTHING, Target("m", 4096), dialect).body
    needs = facts_of(spoken.decode_request(body), len(body)).needs
    assert "tools" in needs
    for need in needs:
        assert not modest(dialect, body, 1_000_000, SIGNS[need]), need


@pytest.mark.parametrize("dialect", CONVERSING)
def test_a_plain_call_is_known_at_a_glance_to_fit_where_it_does(dialect: str) -> None:
    spoken = CHAT[dialect]
    request = chat(user(Text("Hello there")), max_output=300)
    body = spoken.encode_request(request, Target("m", 4096), dialect).body
    signs = tuple(sign for need in SIGNS for sign in SIGNS[need])
    facts = facts_of(spoken.decode_request(body), len(body))
    assert not facts.needs
    assert facts.tokens + (facts.output or 0) <= len(body) + 300
    assert modest(dialect, body, len(body) + 300, signs)
    assert not modest(dialect, body, len(body) + 299, signs)


@pytest.mark.parametrize(
    "body",
    [b'{"\\u0074ools": [1]}', b'{"max_tokens": "many"}', b"\xff", b'{"max_tokens": 99999}', b"x" * 2000],
)
def test_what_a_glance_does_not_tell_is_read(body: bytes) -> None:
    assert not modest("openai-chat", body, 1000, ())
