"""Entries of the audit log, and what a check of it found."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from counterpoint.api.shapes.common import Page, Shape, instant

if TYPE_CHECKING:  # the command line shows help without loading a database library
    from counterpoint.control.paging import Paged
    from counterpoint.storage.audit.chain import Verdict
    from counterpoint.storage.audit.log import AuditEntry

ActorKind = Literal["account", "token", "service", "stranger", "command", "file", "system"]


@dataclass(frozen=True)
class ActorShape(Shape):
    """Who acted."""

    kind: ActorKind
    """`token`: whoever has the operator's; `service`: a program with a token of its own; `command`: a user of the
    machine; `file`: the configuration file; `system`: the platform itself."""
    id: str
    name: str


@dataclass(frozen=True)
class ChangeShape(Shape):
    """What became of one thing."""

    what: str
    """`key`, `provider`, `account`, ..."""
    id: str
    name: str
    before: dict[str, Any] | None
    """Null for a new one; of one that was changed, what differs. Secrets are never told."""
    after: dict[str, Any] | None
    """Null for one that is gone."""


@dataclass(frozen=True)
class AuditShape(Shape):
    """One act."""

    sequence: int
    """Goes up by one from act to act."""
    at: datetime
    actor: ActorShape
    origin: str
    """An address, a machine."""
    action: str
    """The request, the command."""
    outcome: Literal["done", "refused"]
    changes: list[ChangeShape]
    previous: str
    """The hash of the act before."""
    hash: str
    """SHA-256 over all of this, as exported."""


@dataclass(frozen=True)
class VerdictShape(Shape):
    """What a check of the chain found."""

    whole: bool
    entries: int
    """Checked, up to the first that is broken."""
    anchors: int
    """Places kept elsewhere that were found again."""
    fault: Literal["unreadable", "altered", "missing", "unlinked", "anchor", "cut"] | None
    """`altered`: an entry is not what it was; `missing`: one is not there; `unlinked`: one names another predecessor;
    `anchor`: another one was anchored; `cut`: the log's end is not there."""
    sequence: int | None
    """Of the first broken entry."""


def audit_page(page: "Paged[AuditEntry]") -> Page[AuditShape]:
    """A page of entries."""
    return Page([audit_shape(entry) for entry in page.items], page.next)


def audit_shape(entry: "AuditEntry") -> AuditShape:
    """One entry."""
    actor: Any = entry.actor
    return AuditShape(
        sequence=entry.sequence,
        at=instant(entry.at),
        actor=ActorShape(actor["kind"], actor["id"], actor["name"]),
        origin=entry.origin,
        action=entry.action,
        outcome=entry.outcome,
        changes=[
            ChangeShape(change.what, change.id, change.name, change.before, change.after)
            for change in entry.changes
        ],
        previous=entry.previous,
        hash=entry.hash,
    )


def verdict_shape(verdict: "Verdict") -> VerdictShape:
    """Of a check."""
    broken = verdict.broken
    return VerdictShape(
        whole=broken is None,
        entries=verdict.entries,
        anchors=verdict.anchors,
        fault=broken.fault if broken else None,
        sequence=broken.sequence if broken else None,
    )
