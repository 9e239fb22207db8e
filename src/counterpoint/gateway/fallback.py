"""After which failures it is worth to ask again: the same offering after a while, or another one. Pure."""

from collections.abc import Iterable

from counterpoint.canonical import Failure, FailureKind
from counterpoint.directory import Offering
from counterpoint.directory.routes import Retrying
from counterpoint.gateway.health import Health
from counterpoint.gateway.lossrules import REFUSED
from counterpoint.gateway.routing.plan import Plan
from counterpoint.gateway.tries import Try

_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
"""Upstream statuses that pass: a lock that was held, too many calls, a host that stumbled."""
_ELSEWHERE = _AGAIN | {401, 403, 404} | frozenset(range(300, 400))
"""Upstream statuses after which another offering may well succeed; redirects are not followed."""
_PASSING = frozenset(
    {
        FailureKind.upstream_error,
        FailureKind.rate_limited,
        FailureKind.unavailable,
        FailureKind.overloaded,
        FailureKind.timeout,
        FailureKind.internal,
    }
)
_LASTING = frozenset({"host_credentials", "host_redirects", "host_endless", "answer_too_large"})
"""Codes of ours for what will be so again."""


def worth_another(failure: Failure, status: int | None) -> bool:
    """Whether another offering may well succeed. `status`: of the host's answer, if there was one."""
    if failure.kind is FailureKind.context_exceeded or failure.kind is FailureKind.budget_exhausted:
        return True  # the host's budget, that is
    if status is not None and not 200 <= status < 300:
        return status in _ELSEWHERE
    unable = failure.kind in (FailureKind.unavailable, FailureKind.overloaded)
    return unable or failure.from_upstream or failure.code == REFUSED


def worth_again(failure: Failure, status: int | None) -> bool:
    """Whether the same offering may well succeed, a moment later."""
    if failure.code in _LASTING or failure.kind is FailureKind.budget_exhausted:
        return False
    if status is not None and not 200 <= status < 300:
        return status in _AGAIN
    return failure.from_upstream and failure.kind in _PASSING


def delay(retrying: Retrying, made: int, failure: Failure, chance: float) -> float | None:
    """Seconds until the next attempt at the same offering, after `made` of them; `None`: it is not worth the wait.
    `chance`: in [0, 1).

    Full jitter: of clients that fail together, no two come back together (M. Brooker, "Exponential Backoff And
    Jitter", AWS Architecture Blog, 2015). A host that says itself when (RFC 9110, 10.2.3) is not asked sooner, and not
    by all at the same moment either."""
    if made >= retrying.attempts:
        return None
    backoff = min(retrying.most, retrying.base * 2.0 ** min(made - 1, 30)) * chance
    if failure.retry_after is None:
        return backoff
    asked = max(0.0, failure.retry_after)
    return asked + min(backoff, retrying.base * chance) if asked <= retrying.longest_wait else None


def pause(plan: Plan, tries: Iterable[Try], try_: Try, failure: Failure, chance: float) -> float | None:
    """Seconds until the offering of `try_` is asked once more; `None`: it is not. The same model at another host is
    asked at once instead."""
    if try_.candidate.local or not worth_again(failure, try_.status):
        return None
    steps, at = plan.steps, try_.index
    model = try_.candidate.offering.model
    if at + 1 < len(steps) and steps[at + 1].candidate.offering.model == model:
        return None
    made = sum(each.index == at and each.role == "answer" for each in tries)
    return delay(plan.retrying, made, failure, chance)


def elsewhere(plan: Plan, reached: int, try_: Try, failure: Failure) -> list[int]:
    """The steps after `reached` that may do better than `try_`, in their order."""
    if not worth_another(failure, try_.status):
        return []
    left = range(reached + 1, len(plan.steps))
    if failure.kind is not FailureKind.context_exceeded:
        return list(left)
    tried = try_.candidate.offering
    return [index for index in left if _roomier(tried, plan.steps[index].candidate.offering)]


def passable(plan: Plan, left: Iterable[int], health: Health, now: float) -> list[int]:
    """Those of the steps `left` whose breaker is closed; all of them, where none is."""
    left = list(left)
    return [at for at in left if not health.closed_off(plan.steps[at].candidate.name, now)] or left


def _roomier(tried: Offering, other: Offering) -> bool:
    """Whether `other` may have room for what was too long for `tried`."""
    if other.context is None or tried.context is None:
        return other.model != tried.model
    return other.context > tried.context
