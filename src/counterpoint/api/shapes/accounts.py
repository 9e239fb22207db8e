"""People and programs that use the admin API, as they are shown."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from counterpoint.api.shapes.common import Page, Shape, instant, moment

if TYPE_CHECKING:  # shapes load no database library
    from counterpoint.control.accounts import AccountPage
    from counterpoint.control.servicetokens import CreatedToken, TokenPage
    from counterpoint.storage.accounts import AccountRow
    from counterpoint.storage.servicetokens import TokenRow

RoleName = Literal["owner", "admin", "maker", "user", "auditor"]


@dataclass(frozen=True)
class AccountShape(Shape):
    """A person who may sign in."""

    id: str
    login: str
    """An e-mail address or a short name, in lower case."""
    name: str
    role: RoleName
    state: Literal["active", "invited", "disabled"]
    """`invited`: has set no password yet."""
    created_at: datetime
    signed_in_at: datetime | None
    """Last."""
    revision: int
    """Counts changes; also the ETag."""


@dataclass(frozen=True)
class InvitationShape(Shape):
    """An account, and how its holder gets in."""

    account: AccountShape
    link_token: str | None
    """Of a sign-in link that works once, `/sign-in?token=...`; shown this once. Null where a password was set."""


@dataclass(frozen=True)
class TokenShape(Shape):
    """A program's credential for the admin API, without its secret."""

    id: str
    name: str
    role: RoleName
    state: Literal["active", "expired", "revoked"]
    hint: str
    """How the secret ends."""
    made_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
    """Last, to the minute."""


@dataclass(frozen=True)
class NewTokenShape(Shape):
    """A token with its secret, which is shown this once."""

    token: TokenShape
    secret: str


def account_shape(row: "AccountRow") -> AccountShape:
    """One account."""
    state: Literal["active", "invited", "disabled"] = "active"
    if row.disabled_at is not None:
        state = "disabled"
    elif row.password_hash is None:
        state = "invited"
    return AccountShape(
        id=row.id,
        login=row.login,
        name=row.name,
        role=row.role,  # type: ignore[arg-type]  # a column; `control.roles` has its values
        state=state,
        created_at=instant(row.created_at),
        signed_in_at=moment(row.signed_in_at),
        revision=row.revision,
    )


def account_page(page: "AccountPage") -> Page[AccountShape]:
    """A page of accounts."""
    return Page([account_shape(row) for row in page.items], page.next)


def token_shape(row: "TokenRow", now: datetime | None = None) -> TokenShape:
    """One token as it is at `now`."""
    expires = moment(row.expires_at)
    state: Literal["active", "expired", "revoked"] = "active"
    if row.revoked_at is not None:
        state = "revoked"
    elif expires is not None and expires <= (now or datetime.now(UTC)):
        state = "expired"
    return TokenShape(
        id=row.id,
        name=row.name,
        role=row.role,  # type: ignore[arg-type]  # a column; `control.roles` has its values
        state=state,
        hint=row.hint,
        made_by=row.made_by,
        created_at=instant(row.created_at),
        expires_at=expires,
        revoked_at=moment(row.revoked_at),
        used_at=moment(row.used_at),
    )


def token_page(page: "TokenPage") -> Page[TokenShape]:
    """A page of tokens."""
    return Page([token_shape(row) for row in page.items], page.next)


def new_token_shape(made: "CreatedToken") -> NewTokenShape:
    """A token just made."""
    return NewTokenShape(token_shape(made.token), made.text)
