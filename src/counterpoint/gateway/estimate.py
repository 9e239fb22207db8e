"""Estimate how many tokens a request has, for hosts that cannot count.

English prose runs at about four characters a token in the common byte-pair vocabularies, other scripts at one to
two; a message costs about four tokens of framing. The estimate counts UTF-8 bytes over four, so it leans high
where characters are wide, and says what it is: a declared loss goes with every estimate.
"""

import msgspec

from counterpoint.canonical import ChatRequest, Image

_BYTES_PER_TOKEN = 4
_MESSAGE_OVERHEAD = 4
_IMAGE_TOKENS = 1_000


def estimate_tokens(request: ChatRequest) -> int:
    """Tokens of the whole input, tools included; never less than 1."""
    total = 0
    for message in request.messages:
        total += _MESSAGE_OVERHEAD
        for part in message.parts:
            if isinstance(part, Image):
                total += _IMAGE_TOKENS
            else:
                total += _size(part)
    for tool in request.tools:
        total += _size(tool)
    return max(1, total)


def _size(value: object) -> int:
    return -(-len(msgspec.json.encode(value)) // _BYTES_PER_TOKEN)
