"""What a check found, and what to do about it."""

from typing import Any, Literal

import msgspec

from counterpoint.i18n import say

State = Literal["ok", "warn", "fail"]


class Finding(msgspec.Struct, frozen=True):
    """`check`: what was looked at, stable. `advice`: what to do, when there is something to do."""

    check: str
    state: State
    message: str
    advice: str | None = None


def fine(check: str, message: str, **values: Any) -> Finding:
    """As it should be. `message`: a sentence's id."""
    return Finding(check, "ok", say(message, **values))


def doubtful(check: str, problem: str, **values: Any) -> Finding:
    """It works, but not for everything or not for ever. `problem`: `memory.little`, ..."""
    return _bad(check, "warn", problem, values)


def wrong(check: str, problem: str, **values: Any) -> Finding:
    """It does not work like this."""
    return _bad(check, "fail", problem, values)


def told(check: str, state: State, message: str) -> Finding:
    """In words that somebody else chose, advice included."""
    return Finding(check, state, message)


def _bad(check: str, state: State, problem: str, values: dict[str, Any]) -> Finding:
    return Finding(
        check, state, say(f"cli.doctor.what.{problem}", **values), say(f"cli.doctor.do.{problem}", **values)
    )
