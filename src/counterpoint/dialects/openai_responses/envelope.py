"""The object around an answer's output, which repeats most of the request.

What repeats the request, and the answer's state, are a spelling: they say nothing that the client does not know.
For an answer that came in another dialect they are made from the request itself.
"""

from typing import Any

from counterpoint.canonical import ChatRequest
from counterpoint.dialects.base import Target
from counterpoint.dialects.extensions import spelling
from counterpoint.dialects.openai_responses.names import ASKED, NAME
from counterpoint.dialects.openai_responses.request_encoding import request_body

Json = dict[str, Any]

REPEATED: Json = {
    "background": False,
    "conversation": None,
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "prompt_cache_key": None,
    "reasoning": {"effort": None, "summary": None},
    "safety_identifier": None,
    "store": False,
    "temperature": 1.0,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [],
    "top_logprobs": 0,
    "top_p": 1.0,
    "truncation": "disabled",
}
"""Fields that repeat the request, each with what stands there for a request that does not say."""

_STATE = {
    "user",
    "completed_at",
    "error",
    "frequency_penalty",
    "incomplete_details",
    "object",
    "presence_penalty",
    "prompt",
    "prompt_cache_options",
    "prompt_cache_retention",
    "status",
}
_ENVELOPE = REPEATED.keys() | _STATE


def split(fields: Json) -> tuple[Json, Json]:
    """The fields of the envelope, and all others."""
    around = {name: value for name, value in fields.items() if name in _ENVELOPE}
    return around, {name: value for name, value in fields.items() if name not in _ENVELOPE}


def repeated(asked: ChatRequest | None) -> Json:
    """The request, as its answer repeats it."""
    if asked is None or not (asked.extensions or asked.messages):
        return dict(REPEATED)
    said = request_body(asked, Target(asked.model)) if _is_own(asked) else {}
    found = {name: said[name] for name in (*REPEATED, "user") if said.get(name) is not None}
    if type(found.get("text")) is dict:
        found["text"] = {**REPEATED["text"], **found["text"]}
    told = spelling(asked.extensions, NAME, ASKED) or {}
    return {**REPEATED, **found, **{name: value for name, value in told.items() if name != "id"}}


def own_id(asked: ChatRequest | None) -> str | None:
    """The id that the answer is to have, where whoever keeps it has chosen one."""
    told = None if asked is None else spelling(asked.extensions, NAME, ASKED)
    return told.get("id") if told else None


def _is_own(asked: ChatRequest) -> bool:
    return not asked.extensions or NAME in asked.extensions
