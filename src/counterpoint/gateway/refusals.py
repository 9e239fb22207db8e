"""The gateway's own refusals: each says what is wrong, and what to do about it."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from counterpoint.canonical import Failure, FailureKind
from counterpoint.i18n import say


def _refusal(kind: FailureKind, code: str, lang: str, *, param: str | None = None, **values: Any) -> Failure:
    return Failure(
        kind=kind, message=say(f"gateway.refusal.{code}", lang=lang, **values), code=code, param=param
    )


def no_key(lang: str) -> Failure:
    """No key was sent at all."""
    return _refusal(FailureKind.authentication, "missing_api_key", lang)


def unknown_key(lang: str, *, shown: str) -> Failure:
    """The key is not one of ours. `shown`: its first few characters."""
    return _refusal(FailureKind.authentication, "invalid_api_key", lang, shown=shown)


def mistyped_key(lang: str, *, shown: str) -> Failure:
    """It has our form, but not its checksum: no key ever was this one."""
    return _refusal(FailureKind.authentication, "mistyped_api_key", lang, shown=shown)


def expired_key(lang: str, *, name: str, expires: float) -> Failure:
    """The key was one of ours."""
    day = datetime.fromtimestamp(expires, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return _refusal(FailureKind.authentication, "expired_api_key", lang, name=name, day=day)


def unknown_project(lang: str, key: str) -> Failure:
    """What binds the calls of a key is not known here (yet)."""
    failure = _refusal(FailureKind.unavailable, "unknown_project", lang, key=key)
    return msgspec.structs.replace(failure, retry_after=1)


def administrative(lang: str, path: str) -> Failure:
    """What only the gateway's operator does, and not by this API."""
    return _refusal(FailureKind.permission, "administrative", lang, path=path)


def unknown_model(lang: str, model: str, nearest: list[str], able: list[str] | None = None) -> Failure:
    """No offering goes by that name. `able`: those that could serve the call."""
    code = "model_not_found"
    hint = say("gateway.refusal.nearest", lang=lang, names=", ".join(nearest)) if nearest else ""
    hint += _able(lang, able)
    message = say(f"gateway.refusal.{code}", lang=lang, model=model[:200], hint=hint)
    return Failure(kind=FailureKind.not_found, message=message, code=code, param="model")


def _able(lang: str, names: list[str] | None) -> str:
    return say("gateway.refusal.able", lang=lang, names=", ".join(names)) if names else ""


def unusable_model(lang: str, model: str, reason: str, able: list[str] | None = None) -> Failure:
    """The name is known, but nothing behind it can do what was asked. `able`: those that could."""
    reason += _able(lang, able)
    return _refusal(
        FailureKind.bad_request, "model_unusable", lang, param="model", model=model[:200], reason=reason
    )


def forbidden_model(lang: str, model: str, key: str) -> Failure:
    """The key's list of models does not have it."""
    return _refusal(
        FailureKind.permission, "model_not_allowed", lang, param="model", model=model[:200], key=key
    )


def nothing_left(lang: str, model: str, reasons: list[str]) -> Failure:
    """Routes and models are known, but of all that they lead to, nothing may answer this call."""
    return _refusal(
        FailureKind.bad_request,
        "nothing_left",
        lang,
        param="model",
        model=model[:200],
        reasons="; ".join(reasons),
    )


def no_websocket(lang: str) -> Failure:
    """A wish for a WebSocket without a key of its own."""
    return _refusal(FailureKind.bad_request, "no_websocket", lang)


def too_many_sessions(lang: str) -> Failure:
    """This worker relays as many realtime sessions as it may."""
    return _refusal(FailureKind.overloaded, "too_many_sessions", lang)


def no_files(lang: str) -> Failure:
    """This gateway stands alone: nobody keeps files for it."""
    return _refusal(FailureKind.unavailable, "no_files", lang)


def unreachable_host(lang: str, host: str, reason: str) -> Failure:
    """No connection, or one that broke."""
    return Failure(
        kind=FailureKind.upstream_error,
        message=say("gateway.refusal.host_unreachable", lang=lang, host=host, reason=reason),
        code="host_unreachable",
        from_upstream=True,
    )


def silent_host(lang: str, host: str, seconds: float) -> Failure:
    """The host accepted the request and then said nothing."""
    return Failure(
        kind=FailureKind.timeout,
        message=say("gateway.refusal.host_silent", lang=lang, host=host, seconds=round(seconds)),
        code="host_silent",
        from_upstream=True,
    )


def out_of_time(lang: str, seconds: float) -> Failure:
    """All attempts together have had the time that the call may take."""
    return Failure(
        kind=FailureKind.timeout,
        message=say("gateway.refusal.out_of_time", lang=lang, seconds=f"{seconds:g}"),
        code="out_of_time",
        from_upstream=True,
    )


def endless_beginning(lang: str, host: str) -> Failure:
    """The host sends and sends, but no event."""
    return Failure(
        kind=FailureKind.upstream_error,
        message=say("gateway.refusal.host_endless", lang=lang, host=host),
        code="host_endless",
        from_upstream=True,
    )


def redirecting_host(lang: str, host: str, status: int) -> Failure:
    """The host points elsewhere. We do not follow: the request, with our credentials, was meant for this host."""
    return Failure(
        kind=FailureKind.upstream_error,
        message=say("gateway.refusal.host_redirects", lang=lang, host=host, status=status),
        code="host_redirects",
        from_upstream=True,
    )


def refused_credentials(lang: str, host: str, status: int) -> Failure:
    """The host did not accept *our* credentials, which is no fault of the caller's key."""
    return Failure(
        kind=FailureKind.upstream_error,
        message=say("gateway.refusal.host_credentials", lang=lang, host=host, status=status),
        code="host_credentials",
        from_upstream=True,
    )


def unknown_resource(lang: str, method: str, path: str) -> Failure:
    """A path below a door, where there is nothing."""
    return _refusal(FailureKind.not_found, "unknown_resource", lang, method=method, path=path[:200])


def nothing_kept(lang: str) -> Failure:
    """Asked of a gateway that keeps no answers."""
    return _refusal(FailureKind.unavailable, "nothing_kept", lang)


def cannot_compact(lang: str, host: str) -> Failure:
    """Only a host that made a conversation's form can make a shorter one of it."""
    return _refusal(FailureKind.unsupported, "cannot_compact", lang, param="model", host=host)
