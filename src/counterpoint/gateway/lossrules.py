"""Whether a call may go on though its translation loses something: as the rules say, and as the caller says.

The caller may only be stricter: what a rule refuses, no header allows. What a request loses is judged before anything
is sent, and another offering may still do. What an answer loses is known when the answer is there: a whole one is
withheld, of a stream it is declared.
"""

from collections.abc import Sequence

from counterpoint.canonical import Failure, FailureKind, Loss, Refused
from counterpoint.directory import Directory
from counterpoint.directory.losspolicy import LossPolicy, parse, rule_for
from counterpoint.gateway.call import Call
from counterpoint.gateway.commands import Headers
from counterpoint.gateway.losses import shown
from counterpoint.gateway.routing.plan import Step
from counterpoint.i18n import say

HEADER = b"x-counterpoint-losses"
"""In a request: the caller's policy. In an answer: what was lost."""
WARNING = b"x-counterpoint-loss-warning"
"""In an answer: those of the losses that a policy warns of."""
REFUSED = "losses_refused"
_LISTED = 10


class LossRules:
    """The policies for one call. The step that is taken may add to them: those of its routes, and of the project."""

    __slots__ = ("_call", "_caller", "_rules")

    def __init__(self, directory: Directory, call: Call) -> None:
        self._rules = directory.rules.losses
        self._call = call
        self._caller: LossPolicy | None = None

    def check(self, step: Step, losses: tuple[Loss, ...]) -> None:
        """Raises `Refused` where a policy forbids one of `losses` at a step, or the caller's cannot be read."""
        if not losses and HEADER not in self._call.headers:
            return
        self._caller = _callers(self._call)
        forbidding = [policy for policy in self._policies(step) if policy.policy == "refuse"]
        forbidden = [loss for loss in losses if any(policy.counts(loss) for policy in forbidding)]
        if forbidden:
            raise Refused(_failure(self._call.lang, step.candidate.name, forbidden))

    def told(self, step: Step, losses: tuple[Loss, ...]) -> Headers:
        """Headers that tell of `losses`, and again of those that a policy warns of."""
        warning = [policy for policy in self._policies(step) if policy.policy == "warn"]
        meant = tuple(loss for loss in losses if any(policy.counts(loss) for policy in warning))
        listed = ((HEADER, shown(losses)),)
        return (*listed, (WARNING, shown(meant))) if meant else listed

    def _policies(self, step: Step) -> list[LossPolicy]:
        offering = step.candidate.offering
        rule = rule_for(self._rules, (*step.names, step.candidate.name, offering.id, offering.model))
        policies = (rule.policy if rule else None, *step.losses, self._caller)
        return [policy for policy in policies if policy is not None]


def _callers(call: Call) -> LossPolicy | None:
    value = call.headers.get(HEADER)
    if value is None:
        return None
    try:
        return parse(value.decode("latin-1"))
    except ValueError as error:
        message = say("gateway.refusal.loss_policy", lang=call.lang, value=str(error)[:40])
        name = HEADER.decode()
        raise Refused(
            Failure(kind=FailureKind.bad_request, message=message, code="invalid_loss_policy", param=name)
        ) from error


def _failure(lang: str, offering: str, losses: Sequence[Loss]) -> Failure:
    told = [f"{loss.code} ({loss.path})" if loss.path else loss.code for loss in losses[:_LISTED]]
    if len(losses) > _LISTED:
        told.append(f"+{len(losses) - _LISTED}")
    message = say(f"gateway.refusal.{REFUSED}", lang=lang, offering=offering, losses=", ".join(told))
    return Failure(
        kind=FailureKind.bad_request, message=message, code=REFUSED, param=losses[0].path[:200] or None
    )
