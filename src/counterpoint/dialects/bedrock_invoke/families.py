"""Which maker's bodies are meant: told by the model's id where there is one, else by the fields of the body.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html has a page for each maker.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

NAME = "bedrock-invoke"

Family = Literal[
    "anthropic",
    "nova",
    "chat",
    "llama",
    "mistral",
    "titan",
    "command",
    "command-r",
    "claude-text",
    "jurassic",
]
"""`anthropic`, `nova`, `chat`: conversations, as in the Messages API, Converse and Chat Completions. The others take
one prompt (Command R also what was said before)."""

_PATTERNS: tuple[tuple[str, Family], ...] = (
    (r"claude", "anthropic"),
    (r"nova", "nova"),
    (r"llama", "llama"),
    (r"mistral-7b|mixtral|mistral-(?:small|large)-2402", "mistral"),
    (r"titan", "titan"),
    (r"command-r", "command-r"),
    (r"command", "command"),
    (r"ai21\.j2", "jurassic"),
    (r"jamba|mistral|pixtral|qwen|deepseek|gpt-oss|kimi|glm|minimax|gemma|nemotron", "chat"),
)
_MODELS = [(re.compile(pattern), family) for pattern, family in _PATTERNS]


def family_of_model(model: str) -> Family | None:
    """By the model's id; `None` where that says nothing (an application's own profile)."""
    name = model.lower()
    return next((family for pattern, family in _MODELS if pattern.search(name)), None)


def family_of_request(body: Mapping[str, Any]) -> Family | None:
    """By the fields of a request; `None`: there is nothing that any of them would ask."""
    if "anthropic_version" in body:
        return "anthropic"
    if type(body.get("messages")) is list:
        said = {"schemaVersion", "inferenceConfig", "toolConfig"} & body.keys()
        return "nova" if said or _untyped(body["messages"]) else "chat"
    if "inputText" in body:
        return "titan"
    if type(body.get("message")) is str:
        return "command-r"
    if "prompt" not in body:
        return None
    for fields, family in _PROMPTS:
        if fields & body.keys():
            return family
    return "mistral"


_PROMPTS: tuple[tuple[set[str], Family], ...] = (
    ({"max_gen_len"}, "llama"),
    ({"max_tokens_to_sample"}, "claude-text"),
    ({"maxTokens", "topP", "numResults"}, "jurassic"),
    ({"p", "k", "num_generations", "return_likelihoods"}, "command"),
)


def _untyped(messages: list[Any]) -> bool:
    """Whether contents are made of blocks that do not say their type."""
    first = messages[0] if messages else None
    content = first.get("content") if type(first) is dict else None
    block = content[0] if type(content) is list and content else None
    return type(block) is dict and "type" not in block


_ANSWERS: tuple[tuple[str, Family], ...] = (
    ("generation", "llama"),
    ("outputs", "mistral"),
    ("outputText", "titan"),
    ("generations", "command"),
    ("event_type", "command-r"),
    ("generation_id", "command-r"),
    ("completion", "claude-text"),
    ("completions", "jurassic"),
    ("choices", "chat"),
    ("is_finished", "command"),
)


def family_of_answer(body: Mapping[str, Any]) -> Family | None:
    """By the fields of an answer, or of a piece of one that is streamed."""
    if type(body.get("type")) is str:
        return "anthropic"
    if "output" in body or any(name in body for name in _EVENTS):
        return "nova"
    results = body.get("results")
    if type(results) is list and results and type(results[0]) is dict and "outputText" in results[0]:
        return "titan"
    return next((family for field, family in _ANSWERS if field in body), None)


_EVENTS = (
    "messageStart",
    "contentBlockStart",
    "contentBlockDelta",
    "contentBlockStop",
    "messageStop",
    "metadata",
)
