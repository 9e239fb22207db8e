"""Make a request that came in another dialect one that this dialect can say, and declare what that costs."""

from counterpoint.canonical import ChatRequest, Loss
from counterpoint.dialects.base import Target
from counterpoint.dialects.gemini_generate.adapting.messages import adapt_messages
from counterpoint.dialects.gemini_generate.adapting.settings import adapt_settings
from counterpoint.dialects.gemini_generate.names import NAME
from counterpoint.dialects.losing import Losing

__all__ = ["adapted"]


def adapted(request: ChatRequest, target: Target, source: str) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """`request` such that this dialect's encoder can write it for `target`."""
    losing = Losing(request, source, NAME)
    if source != NAME:
        request = adapt_settings(adapt_messages(request, target, losing), target, losing)
    return request, tuple(losing.losses)
