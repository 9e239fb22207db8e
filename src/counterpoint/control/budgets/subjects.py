"""Whom a limit can be for: the organisation, its projects, their keys, its people; by name and by id."""

from sqlalchemy import Connection, select

from counterpoint.control.budgets.values import Names, Subject
from counterpoint.i18n.complaint import Complaint
from counterpoint.limits import Scope
from counterpoint.storage.tables import accounts, keys, organisations, projects


def every(connection: Connection, organisation_id: str) -> Names:
    """All of them, revoked keys included: limits outlive them."""
    p, k, a = projects.c, keys.c, accounts.c
    own = connection.execute(
        select(organisations.c.name).where(organisations.c.id == organisation_id)
    ).scalar()
    of_projects = select(p.id, p.name).where(p.organisation_id == organisation_id)
    of_keys = select(k.id, k.name, k.project_id).join(projects, p.id == k.project_id)
    of_keys = of_keys.where(p.organisation_id == organisation_id)
    of_people = select(a.id, a.login).where(a.organisation_id == organisation_id)
    found = [
        Subject("organisation", organisation_id, own or ""),
        *(Subject("project", row.id, row.name) for row in connection.execute(of_projects)),
        *(Subject("key", row.id, row.name, row.project_id) for row in connection.execute(of_keys)),
        *(Subject("user", row.id, row.login) for row in connection.execute(of_people)),
    ]
    return {(each.scope, each.id): each for each in found}


def find(connection: Connection, organisation_id: str, scope: Scope, reference: str) -> Subject:
    """By id, or by name. Raises `Complaint`."""
    known = every(connection, organisation_id)
    if scope == "organisation":
        own = known["organisation", organisation_id]
        if reference not in ("", own.id, own.name):
            raise Complaint(f"control.budgets.no_subject.{scope}", kind="not_found", name=reference[:100])
        return own
    if (scope, reference) in known:
        return known[scope, reference]
    named = _named(connection, known, scope, reference)
    if len(named) > 1:
        raise Complaint("control.budgets.ambiguous", kind="conflict", name=reference[:100])
    if not named:
        raise Complaint(f"control.budgets.no_subject.{scope}", kind="not_found", name=reference[:100])
    return named[0]


def _named(connection: Connection, known: Names, scope: Scope, reference: str) -> list[Subject]:
    of_scope = [each for each in known.values() if each.scope == scope]
    if scope != "key":
        return [each for each in of_scope if each.name == reference]
    # A revoked key keeps its name, which may have been given again.
    valid = set(connection.execute(select(keys.c.id).where(keys.c.revoked_at.is_(None))).scalars())
    full = {each.id: f"{known['project', each.parent].name}/{each.name}" for each in of_scope}
    return [each for each in of_scope if each.id in valid and reference in (each.name, full[each.id])]
