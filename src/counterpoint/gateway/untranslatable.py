"""Requests of which another dialect could say nothing at all."""

from counterpoint.canonical import ChatRequest, Failure, FailureKind, Opaque, Refused
from counterpoint.dialects.paths import locate
from counterpoint.i18n import say


def refuse_untranslatable(request: ChatRequest, source: str) -> None:
    """Raises `Refused` where everything said is in words that only `source` has: a prompt in tokens, several prompts
    at once. To leave them out, and declare it, would be to answer an empty question."""
    parts = [part for message in request.messages for part in message.parts]
    if parts and all(isinstance(part, Opaque) for part in parts):
        path = locate(source, request, "messages[0].parts[0]")
        message = say("gateway.untranslatable", lang="en", path=path, dialect=source)
        raise Refused(Failure(FailureKind.bad_request, message, code="untranslatable", param=path))
