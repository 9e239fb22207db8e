"""Make a request that came in another dialect one that this dialect can say, and declare what that costs."""

from counterpoint.canonical import ChatRequest, Loss
from counterpoint.dialects.base import Target
from counterpoint.dialects.bedrock_converse.adapting.messages import adapt_messages
from counterpoint.dialects.bedrock_converse.adapting.settings import adapt_settings
from counterpoint.dialects.bedrock_converse.names import NAME
from counterpoint.dialects.extensions import spoken_in
from counterpoint.dialects.losing import Losing

__all__ = ["adapted"]


def adapted(request: ChatRequest, target: Target, source: str) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """`request` such that this dialect's encoder can write it for `target`."""
    source = spoken_in(request.extensions, source)
    if source == NAME:
        return request, ()
    losing = Losing(request, source, NAME)
    request = adapt_settings(adapt_messages(request, target, losing), target, losing)
    return request, tuple(losing.losses)
