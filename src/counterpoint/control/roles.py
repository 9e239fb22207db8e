"""What each role may do: the one table of permissions. The admin API's routes ask for the rights named here."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

Right = Literal[
    "accounts.read",
    "accounts.write",
    "audit.read",
    "budgets.read",
    "budgets.write",
    "catalog.read",
    "documents.read",
    "groups.read",
    "groups.write",
    "home.read",
    "keys.read",
    "keys.write",
    "knowledge.read",
    "knowledge.write",
    "me",
    "models.read",
    "models.write",
    "playground.use",
    "providers.read",
    "providers.write",
    "raises.ask",
    "raises.read",
    "receipts.own",
    "receipts.read",
    "rules.read",
    "rules.write",
    "search.use",
    "setup",
    "status.read",
    "tokens.read",
    "tokens.write",
    "usage.read",
]
RIGHTS: Final[frozenset[Right]] = frozenset(get_args(Right))

Role = Literal["owner", "admin", "maker", "user", "auditor"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

_EVERYBODY: Final[frozenset[Right]] = frozenset({"documents.read", "home.read", "me", "receipts.own"})
_ASKS: Final[frozenset[Right]] = frozenset(
    {"catalog.read", "models.read", "playground.use", "raises.ask", "raises.read", "search.use"}
)
_READS: Final[frozenset[Right]] = frozenset(
    {
        "accounts.read",
        "audit.read",
        "budgets.read",
        "catalog.read",
        "groups.read",
        "keys.read",
        "knowledge.read",
        "models.read",
        "providers.read",
        "raises.read",
        "rules.read",
        "status.read",
        "tokens.read",
        "usage.read",
    }
)
_MAKES: Final[frozenset[Right]] = frozenset(
    {
        "groups.read",
        "keys.read",
        "knowledge.read",
        "knowledge.write",
        "providers.read",
        "rules.read",
        "status.read",
    }
)
_AUDITS: Final[frozenset[Right]] = frozenset({"receipts.read"})
"""Everybody's receipts, and what was withheld from whom."""
_RUNS: Final[frozenset[Right]] = frozenset(
    {
        "accounts.write",
        "budgets.write",
        "groups.write",
        "keys.write",
        "knowledge.write",
        "models.write",
        "providers.write",
        "rules.write",
        "tokens.write",
    }
)

RIGHTS_OF: Final[Mapping[Role, frozenset[Right]]] = {
    "owner": _EVERYBODY | _ASKS | _READS | _RUNS | _AUDITS,
    "admin": _EVERYBODY | _ASKS | _READS | _RUNS,
    "maker": _EVERYBODY | _ASKS | _MAKES,
    "user": _EVERYBODY | _ASKS,
    "auditor": _EVERYBODY | _READS | _AUDITS,
}
"""An admin is an owner who cannot touch owners (`may_manage`), nor see what people asked. An auditor sees everything
and calls nothing. What documents say is for their readers, whatever a role is."""

OF_KEY: Final[frozenset[Right]] = frozenset({"raises.ask", "raises.read"})
"""Of whoever holds a key of the gateway: ask for more of what limits it."""

SETTING_UP: Final[frozenset[Right]] = frozenset({"me", "setup"})
"""Of whoever came by the first start's link: make the owner's account, and nothing else."""


def may_manage(actor: Role, subject: Role) -> bool:
    """Whether one of role `actor` may make, change or act for something of role `subject`. Never what could
    do more than the actor himself."""
    if actor == "owner":
        return True
    return subject != "owner" and RIGHTS_OF[subject] <= RIGHTS_OF[actor]
