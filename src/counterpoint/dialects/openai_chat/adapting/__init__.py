"""What came in another dialect, made into what this one can say, every loss declared.

Why in canonical form, before encoding: the encoder then has one job, exactness, and what is given up for a
target is decided and declared here alone.
"""

import msgspec

from counterpoint.canonical import ChatRequest
from counterpoint.dialects.base import Target
from counterpoint.dialects.extensions import adopted
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.openai_chat.adapting.messages import adapt_messages
from counterpoint.dialects.openai_chat.adapting.settings import adapt_settings
from counterpoint.dialects.openai_chat.names import NAME
from counterpoint.dialects.openai_chat.quirks import SHARED_FIELDS

__all__ = ["adapt_request"]

_SHARED = {
    "moderation": "moderation",
    "prompt_cache_key": "prompt_cache_key",
    "prompt_cache_options": "prompt_cache_options",
    "prompt_cache_retention": "prompt_cache_retention",
    "safety_identifier": "safety_identifier",
    "store": "store",
    "text.verbosity": "verbosity",
}
"""Fields of the same maker's Responses API, by what they are called here."""


def adapt_request(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request`, from another dialect, as this one can say it to `target`."""
    if SHARED_FIELDS in target.quirks:
        extensions = adopted(request.extensions, NAME, _SHARED)
        request = msgspec.structs.replace(request, extensions=extensions)
    losing.fields(request.extensions, "")
    return adapt_messages(adapt_settings(request, target, losing), target, losing)
