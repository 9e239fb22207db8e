"""Probabilities: here four lists side by side, in the hub a list of tokens as in the newer APIs
(https://platform.openai.com/docs/api-reference/completions/object, `logprobs`)."""

from typing import Any


def decode_logprobs(value: Any) -> list[dict[str, Any]] | None:
    """The hub's entries; `None` if there are none that can be read."""
    if type(value) is not dict:
        return None
    tokens, chances = value.get("tokens"), value.get("token_logprobs")
    if type(tokens) is not list or type(chances) is not list:
        return None
    others = value.get("top_logprobs")
    others = others if type(others) is list else []
    return [
        {
            "token": token,
            "logprob": chances[place] if place < len(chances) else None,
            "bytes": list(str(token).encode()),
            "top_logprobs": [
                {"token": other, "logprob": chance, "bytes": list(other.encode())}
                for other, chance in (_at(others, place) or {}).items()
            ],
        }
        for place, token in enumerate(tokens)
    ]


def _at(others: list[Any], place: int) -> dict[str, Any] | None:
    value = others[place] if place < len(others) else None
    return value if type(value) is dict else None


def encode_logprobs(entries: Any, offset: int = 0) -> dict[str, Any] | None:
    """The four lists. `offset`: letters of the text that came before."""
    if type(entries) is not list:
        return None
    tokens = [str(entry.get("token", "")) for entry in entries]
    offsets = []
    for token in tokens:
        offsets.append(offset)
        offset += len(token)
    return {
        "tokens": tokens,
        "token_logprobs": [entry.get("logprob") for entry in entries],
        "top_logprobs": [
            {other.get("token", ""): other.get("logprob") for other in entry.get("top_logprobs") or ()}
            for entry in entries
        ],
        "text_offset": offsets,
    }
