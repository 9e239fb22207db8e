"""Rows of the rules for bare model names: aliases in order, and the hosts to prefer."""

from collections.abc import Sequence
from typing import Literal

import msgspec
from sqlalchemy import Connection, delete, insert, select

from counterpoint.canonical.ids import new_id
from counterpoint.storage.tables import rules

RuleKind = Literal["alias", "losses", "prefer"]


REVISION = "rules_revision"
"""The name under which changes to the rules are counted."""


class RuleRow(msgspec.Struct, frozen=True):
    """One rule. `alias`: names that fit `pattern` mean `target`. `prefer`: the host `pattern`.
    `losses`: for models that fit `pattern`, the policy `target` (see `directory.losspolicy`)."""

    kind: RuleKind
    pattern: str
    target: str
    owner: str


def ordered(connection: Connection, organisation_id: str) -> list[RuleRow]:
    """All rules: aliases, then hosts; of each, what the file declares before what was made in the studio."""
    query = select(rules).where(rules.c.organisation_id == organisation_id)
    found = sorted(connection.execute(query), key=lambda row: (row.kind, row.owner != "file", row.position))
    return [RuleRow(row.kind, row.pattern, row.target, row.owner) for row in found]


def replace(
    connection: Connection,
    organisation_id: str,
    kind: RuleKind,
    owner: str,
    pairs: Sequence[tuple[str, str]],
) -> None:
    """The rules of that kind and owner are these (pattern, target) pairs, in this order."""
    connection.execute(
        delete(rules).where(
            rules.c.organisation_id == organisation_id, rules.c.kind == kind, rules.c.owner == owner
        )
    )
    rows = [
        {
            "id": new_id(),
            "organisation_id": organisation_id,
            "kind": kind,
            "position": position,
            "pattern": pattern,
            "target": target,
            "owner": owner,
        }
        for position, (pattern, target) in enumerate(pairs)
    ]
    if rows:
        connection.execute(insert(rules), rows)
