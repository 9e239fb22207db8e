"""What each role may do: the one table of permissions. The admin API's routes ask for the rights named here."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

Right = Literal[
    "accounts.read",
    "accounts.write",
    "catalog.read",
    "home.read",
    "keys.read",
    "keys.write",
    "me",
    "models.read",
    "models.write",
    "playground.use",
    "providers.read",
    "providers.write",
    "rules.read",
    "rules.write",
    "setup",
    "status.read",
    "tokens.read",
    "tokens.write",
    "usage.read",
]
RIGHTS: Final[frozenset[Right]] = frozenset(get_args(Right))

Role = Literal["owner", "admin", "maker", "user", "auditor"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

_EVERYBODY: Final[frozenset[Right]] = frozenset({"home.read", "me"})
_ASKS: Final[frozenset[Right]] = frozenset({"catalog.read", "models.read", "playground.use"})
_READS: Final[frozenset[Right]] = frozenset(
    {
        "accounts.read",
        "catalog.read",
        "keys.read",
        "models.read",
        "providers.read",
        "rules.read",
        "status.read",
        "tokens.read",
        "usage.read",
    }
)
_MAKES: Final[frozenset[Right]] = frozenset({"keys.read", "providers.read", "rules.read", "status.read"})
_RUNS: Final[frozenset[Right]] = frozenset(
    {"accounts.write", "keys.write", "models.write", "providers.write", "rules.write", "tokens.write"}
)

RIGHTS_OF: Final[Mapping[Role, frozenset[Right]]] = {
    "owner": _EVERYBODY | _ASKS | _READS | _RUNS,
    "admin": _EVERYBODY | _ASKS | _READS | _RUNS,
    "maker": _EVERYBODY | _ASKS | _MAKES,
    "user": _EVERYBODY | _ASKS,
    "auditor": _EVERYBODY | _READS,
}
"""An admin is an owner who cannot touch owners (`may_manage`). An auditor sees everything and calls nothing."""

SETTING_UP: Final[frozenset[Right]] = frozenset({"me", "setup"})
"""Of whoever came by the first start's link: make the owner's account, and nothing else."""


def may_manage(actor: Role, subject: Role) -> bool:
    """Whether one of role `actor` may make, change or act for something of role `subject`. Never what could
    do more than the actor himself."""
    if actor == "owner":
        return True
    return subject != "owner" and RIGHTS_OF[subject] <= RIGHTS_OF[actor]
