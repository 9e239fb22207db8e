"""What came in another dialect, made into what this one can say, every loss declared.

Why in canonical form, before encoding: the encoder then has one job, exactness, and what is given up for a
target is decided and declared here alone.
"""

from counterpoint.canonical import ChatRequest
from counterpoint.dialects.base import Target
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.openai_responses.adapting.messages import adapt_messages
from counterpoint.dialects.openai_responses.adapting.settings import adapt_settings

__all__ = ["adapt_request"]


def adapt_request(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request`, from another dialect, as this one can say it to `target`."""
    return adapt_messages(adapt_settings(request, target, losing), target, losing)
