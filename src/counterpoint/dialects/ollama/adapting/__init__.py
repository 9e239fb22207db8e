"""Make a request that came in another dialect one that this API can say, and declare what that costs."""

import msgspec

from counterpoint.canonical import ChatRequest, Loss, Message, Text
from counterpoint.dialects.base import Target
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.ollama.adapting.messages import adapt_messages
from counterpoint.dialects.ollama.adapting.settings import adapt_settings
from counterpoint.dialects.ollama.names import FAMILY, GENERATE, NAME
from counterpoint.dialects.transcript import transcript

__all__ = ["adapted", "adapted_prompt"]


def adapted(request: ChatRequest, target: Target, source: str) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """`request` such that `/api/chat` can say it."""
    if source == NAME:
        return request, ()
    losing = Losing(request, source, NAME)
    if source in FAMILY:
        losing.fields(request.extensions, "")
        return request, tuple(losing.losses)
    request = adapt_settings(adapt_messages(request, losing), target, losing)
    return request, tuple(losing.losses)


def adapted_prompt(request: ChatRequest, target: Target, source: str) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """`request` such that `/api/generate` can say it: one prompt, and what the system says before it."""
    if source == GENERATE:
        return request, ()
    losing = Losing(request, source, NAME)
    whole = transcript(request, losing, apart=True, images=True)
    if source not in FAMILY:
        request = adapt_settings(request, target, losing)
    for index in range(len(request.tools)):
        losing.lose("tools", f"tools[{index}]", "meaning", "the call takes no tools")
    messages = [Message("system", (Text(whole.system),))] if whole.system else []
    messages.append(Message("user", (Text(whole.prompt), *whole.images)))
    return msgspec.structs.replace(request, messages=tuple(messages), tools=()), tuple(losing.losses)
