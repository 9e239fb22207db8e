"""Service tokens: how programs use the admin API, each with a role and an end, revocable one by one."""

import secrets
from datetime import datetime
from typing import cast

import msgspec

from counterpoint.control.names import check_name
from counterpoint.control.paging import MOST, Paged, paged, place_of
from counterpoint.control.roles import Role, may_manage
from counterpoint.directory.keytext import digest_of
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import servicetokens as store
from counterpoint.storage.clock import now_micros, to_micros
from counterpoint.storage.database import Database
from counterpoint.storage.servicetokens import TokenRow

PREFIX = "cpt-"
_SEEN_EVERY = 60_000_000


class CreatedToken(msgspec.Struct, frozen=True):
    """A token with its secret: the only time that `text` is seen."""

    token: TokenRow
    text: str

    def __repr__(self) -> str:
        return f"CreatedToken({self.token.name!r})"


TokenPage = Paged[TokenRow]
_LIST = "tokens"


class ServiceTokens:
    """Those of one organisation."""

    def __init__(self, database: Database, organisation_id: str) -> None:
        self._database = database
        self._organisation_id = organisation_id

    def create(
        self, name: str, role: Role, *, actor: Role, made_by: str, expires: datetime | None = None
    ) -> CreatedToken:
        """A new one, that can do no more than whoever makes it. Raises `Complaint`."""
        check_name(name)
        if not may_manage(actor, role):
            raise Complaint("control.accounts.above_you", kind="denied", role=role)
        ends = to_micros(expires) if expires is not None else None
        if expires is not None and ends is not None and ends <= now_micros():
            raise Complaint("control.keys.expires_in_the_past", when=expires.isoformat())
        text = PREFIX + secrets.token_urlsafe(32)
        with self._database.write() as connection:
            if store.by_name(connection, self._organisation_id, name) is not None:
                raise Complaint("control.tokens.name_taken", kind="conflict", name=name)
            row = store.add(
                connection,
                organisation_id=self._organisation_id,
                name=name,
                role=role,
                digest=digest_of(text),
                hint=f"{PREFIX}…{text[-4:]}",
                made_by=made_by,
                expires_at=ends,
            )
        return CreatedToken(row, text)

    def find_valid(self, text: str) -> TokenRow | None:
        """The token that this is, if it opens anything."""
        now = now_micros()
        with self._database.read() as connection:
            row = store.valid(connection, self._organisation_id, digest_of(text), now)
        if row is not None and now - (row.used_at or 0) > _SEEN_EVERY:
            with self._database.write() as connection:
                store.change(connection, row.id, used_at=now)
        return row

    def find(self, token_id: str) -> TokenRow:
        """By id. Raises `Complaint`."""
        with self._database.read() as connection:
            row = store.by_id(connection, self._organisation_id, token_id)
        if row is None:
            raise Complaint("control.tokens.not_found", kind="not_found", id=token_id[:60])
        return row

    def list(self, *, include_revoked: bool = False, cursor: str | None = None, limit: int = 50) -> TokenPage:
        """Newest first."""
        limit = max(1, min(limit, MOST))
        before = place_of(_LIST, cursor)
        with self._database.read() as connection:
            rows = store.page(
                connection,
                organisation_id=self._organisation_id,
                include_revoked=include_revoked,
                before=before,
                limit=limit + 1,
            )
        return paged(_LIST, rows, limit, lambda row: row.id)

    def revoke(self, token_id: str, *, actor: Role) -> TokenRow:
        """It opens nothing any more. Doing it twice is no error. Nobody revokes what may do more than he himself.

        Raises `Complaint`.
        """
        row = self.find(token_id)
        if not may_manage(actor, cast("Role", row.role)):
            raise Complaint("control.accounts.above_you", kind="denied", role=row.role)
        if row.revoked_at is None:
            with self._database.write() as connection:
                store.change(connection, row.id, revoked_at=now_micros())
        return self.find(token_id)
