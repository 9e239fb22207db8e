"""Make a request that came in another dialect one that this dialect can say, and declare what that costs."""

from counterpoint.canonical import ChatRequest, Loss
from counterpoint.dialects.anthropic_messages.adapting.messages import adapt_messages, without_unsigned
from counterpoint.dialects.anthropic_messages.adapting.settings import adapt_settings
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.base import Target
from counterpoint.dialects.extensions import spoken_in
from counterpoint.dialects.losing import Losing

__all__ = ["adapted"]


def adapted(request: ChatRequest, target: Target, source: str) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """`request` such that this dialect's encoder can write it for `target`.

    A request of this very dialect stays as its author wrote it, but for thinking that was never signed: it is
    another model's, shown to the client in this dialect, and its maker would refuse it.
    """
    source = spoken_in(request.extensions, source)
    losing = Losing(request, source, NAME)
    if source == NAME:
        request = without_unsigned(request, target, losing)
    else:
        request = adapt_settings(adapt_messages(request, target, losing), target, losing)
    return request, tuple(losing.losses)
