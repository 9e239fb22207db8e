"""Whether a realtime session may go on under a directory that came after its beginning. A call is judged once, as it
begins; a session may last for hours, in which its key is revoked or its host taken away. Pure.
"""

import msgspec

from counterpoint.canonical import Failure
from counterpoint.directory import Key
from counterpoint.gateway import refusals
from counterpoint.gateway.claims import claim_of, refusal_of
from counterpoint.gateway.names import Candidate, Names
from counterpoint.gateway.routing.grounds import ground
from counterpoint.i18n import say
from counterpoint.serving import Request


class Session(msgspec.Struct, frozen=True):
    """One that stands. `request`: that it began with; `requested`: the model's name in it. `candidate`: who answers,
    `None` while nobody does."""

    request: Request
    key: Key
    requested: str
    operation: str
    dialect: str
    candidate: Candidate | None
    lang: str = "en"


def listed(request: Request, names: Names) -> Key | None:
    """The key that a request shows, if the directory has it."""
    claim = claim_of(request.headers)
    return None if claim is None else names.directory.keys.get(claim.digest)


def objection(session: Session, names: Names, at: float) -> Failure | None:
    """Why it may not; `None`: it may. `at`: seconds since the epoch. A key that the directory had not had yet is no
    objection: whoever asks knows whether it had."""
    key, lang = listed(session.request, names), session.lang
    claim = claim_of(session.request.headers)
    if claim is None:
        return refusals.no_key(lang)
    refusal = refusal_of(claim, key, session.request, at, lang)
    if refusal is not None or key is None:
        return refusal
    candidate = session.candidate
    if candidate is None:
        return None
    if candidate.host.name not in names.directory.hosts:
        reason = say("gateway.explain.no_host", lang=lang, host=candidate.host.name)
        return refusals.unusable_model(lang, session.requested, reason, [])
    if names.project_of(key) is None:
        return refusals.unknown_project(lang, key.name)
    found = ground(names, session.requested, session.operation, (session.dialect,), key)
    dropped = [item for item in found.considered if item.offering == candidate.name and not item.kept]
    if not dropped:  # where its name leads by now is no matter
        return None
    reason = say(dropped[0].reason, lang=lang, **dropped[0].values)
    return refusals.unusable_model(lang, session.requested, reason, [])
