"""What a model's name comes to: the gateway's own resolution, asked without a call and put into words."""

from counterpoint.api.shapes.rules import CandidateShape, ExplanationShape
from counterpoint.dialects.registry import CHAT, REALTIME, RELAYED, WHOLE
from counterpoint.directory import Directory, Key
from counterpoint.directory.losspolicy import rule_for, written
from counterpoint.gateway.names import Considered, Names, Resolution, allowed
from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint

OPERATIONS: dict[str, tuple[str, ...]] = {
    "chat": tuple(CHAT),
    **{name: tuple(dialects) for name, dialects in WHOLE.items()},
    **{dialect.doors[0].operation: (name,) for name, dialect in RELAYED.items()},
    "realtime": tuple(REALTIME),
}
"""With the dialects that can serve each."""


def explain(
    directory: Directory,
    requested: str,
    *,
    operation: str | None = None,
    key: str | None = None,
    lang: str | None = None,
) -> ExplanationShape:
    """`operation`: chat, unless only another fits. `key`: by name or id, for what that key may use.

    Raises `Complaint` for an unknown key.
    """
    names = Names(directory)
    holder = _key(directory, key) if key is not None else None
    chosen, resolution = _resolve(names, requested, operation)
    unknown = not resolution.considered
    considered = [_judged(item, resolution, holder) for item in resolution.considered]
    considered.sort(key=lambda item: not item.kept)
    return ExplanationShape(
        requested=requested,
        operation=chosen,
        steps=list(resolution.steps),
        candidates=[
            CandidateShape(
                offering=item.offering,
                chosen=item.kept,
                reason=say(item.reason, lang=lang, **item.values),
                code=item.reason.rpartition(".")[2],
                losses=_policy(directory, item, resolution),
            )
            for item in considered
        ],
        nearest=names.nearest(requested, holder) if unknown else [],
    )


def _resolve(names: Names, requested: str, operation: str | None) -> tuple[str, Resolution]:
    first = operation or "chat"
    resolution = names.resolve(requested, first, OPERATIONS[first])
    if operation is None and not resolution.candidates:
        for other_operation, dialects in OPERATIONS.items():
            other = names.resolve(requested, other_operation, dialects)
            if other.candidates:
                return other_operation, other
    return first, resolution


def _policy(directory: Directory, item: Considered, resolution: Resolution) -> str | None:
    """The rule on losses that counts for it, as its text."""
    offerings = (each.offering for each in resolution.candidates if each.name == item.offering)
    names = [name for offering in offerings for name in (offering.id, offering.model)]
    rule = rule_for(directory.rules.losses, (*resolution.steps, item.offering, *names))
    return written(rule.policy) if rule is not None else None


def _judged(item: Considered, resolution: Resolution, key: Key | None) -> Considered:
    if key is None or not item.kept:
        return item
    offering = next(each.offering for each in resolution.candidates if each.offering.name == item.offering)
    if allowed(key, resolution.steps, offering):
        return item
    return Considered(item.offering, False, "api.explain.not_allowed", {"key": key.name})


def _key(directory: Directory, reference: str) -> Key:
    for key in directory.keys.values():
        if reference in (key.id, key.name):
            return key
    raise Complaint("control.keys.not_found", kind="not_found", name=reference)
