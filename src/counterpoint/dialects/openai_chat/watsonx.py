"""The envelope that IBM watsonx.ai wants around the same messages: it names the model otherwise, streams at another
address, and has a field of its own for a tool choice that is a word.

https://cloud.ibm.com/apidocs/watsonx-ai#text-chat
"""

from typing import Any

import msgspec

from counterpoint.dialects.jsonio import encode, malformed

PATH = "/ml/v1/text/chat"
_NOT_TAKEN = ("stream", "stream_options", "user", "metadata", "store", "service_tier", "parallel_tool_calls")
_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def enveloped(body: bytes) -> bytes:
    """`body` as watsonx takes it; values keep their bytes. Raises `Refused` if it is no JSON object."""
    try:
        fields: dict[str, Any] = dict(_members(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise malformed(error) from error
    model = fields.pop("model", None)
    whole = {} if model is None else {"model_id": model}
    for name in _NOT_TAKEN:
        fields.pop(name, None)
    choice = fields.get("tool_choice")
    if choice is not None and bytes(choice)[:1] == b'"':
        fields["tool_choice_option"] = fields.pop("tool_choice")
    return encode({**whole, **fields})


def address(path: str, *, stream: bool) -> str:
    """Where it streams, if it is to."""
    return path.replace(PATH, f"{PATH}_stream", 1) if stream and path.startswith(f"{PATH}?") else path
