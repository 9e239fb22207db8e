"""Keys: made, shown once, listed, rotated, revoked. What is stored cannot be turned back into a key."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import Connection

from counterpoint.control.keypairs import PAIRS, Pair, has_pair, renew_pair
from counterpoint.control.names import check_name, check_patterns
from counterpoint.control.ownership import STUDIO, refuse_if_declared
from counterpoint.control.paging import MOST, Paged, paged, place_of
from counterpoint.control.vault import Vault
from counterpoint.directory.keytext import digest_of, hint_of, is_mistyped, make_key
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import accounts, organisations, secrets, settings
from counterpoint.storage import keys as store
from counterpoint.storage.clock import from_micros, now_micros, to_micros
from counterpoint.storage.database import Database
from counterpoint.storage.keys import KeyFilter, KeyRow, KeyState

DEFAULT_PROJECT = "default"
GRACE = timedelta(hours=24)
"""How long the old secret stays valid after a rotation, unless told otherwise."""
SHORTEST = 16
"""Letters of a key that an operator chose himself."""


class CreatedKey(msgspec.Struct, frozen=True):
    """A key with its secret: the only time that `text` and `pair` are seen."""

    key: KeyRow
    text: str
    pair: Pair | None = None

    def __repr__(self) -> str:
        return f"CreatedKey({self.key.name!r})"


class NewKey(msgspec.Struct, frozen=True):
    """What a key is to be, but for its secret. `models`: glob patterns it may use, none: all. `user`: the login of
    whom it is for, if for one person."""

    name: str
    owner: str = STUDIO
    models: tuple[str, ...] = ()
    expires: datetime | None = None
    user: str = ""


class CreatedPair(msgspec.Struct, frozen=True):
    """A key with a new pair to sign with: the only time that its secret is seen."""

    key: KeyRow
    pair: Pair


class KeyChange(msgspec.Struct, frozen=True):
    """What is to become of a key; what is `UNSET` stays. `expires`: `None` for never."""

    name: str | UnsetType = UNSET
    models: tuple[str, ...] | UnsetType = UNSET
    expires: datetime | UnsetType | None = UNSET


KeyPage = Paged[KeyRow]
_LIST = "keys"


class Keys:
    """The keys of one organisation."""

    def __init__(self, database: Database, organisation_id: str, vault: Vault) -> None:
        self._database = database
        self._organisation_id = organisation_id
        self._vault = vault

    def create(
        self,
        name: str,
        *,
        project: str = DEFAULT_PROJECT,
        expires: datetime | None = None,
        models: Sequence[str] = (),
        text: str | None = None,
        paired: bool = False,
        user: str | None = None,
    ) -> CreatedKey:
        """A new key. `models`: glob patterns it may use, none: all. `text`: a value to import, not to make.
        `paired`: with a pair to sign with. `user`: the login of whom it is for, whose limits bind it too.

        Raises `Complaint`.
        """
        chosen = make_key() if text is None else check_text(text)
        with self._database.write() as connection:
            key_id = add_key(
                connection,
                self._project(connection, project),
                NewKey(name, models=tuple(models), expires=expires, user=user or ""),
                digest=digest_of(chosen),
                hint=hint_of(chosen),
            )
            pair = renew_pair(connection, self._vault, key_id, timedelta()) if paired else None
            settings.bump(connection)
            return CreatedKey(_required(connection, key_id), chosen, pair)

    def list(
        self,
        *,
        project: str | None = None,
        include_revoked: bool = False,
        state: KeyState | None = None,
        words: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> KeyPage:
        """Newest first. `state`: only those in it. `words`: part of a name. Raises `Complaint`."""
        limit = max(1, min(limit, MOST))
        before = place_of(_LIST, cursor)
        states: set[KeyState] = {"active", "expired"}
        if include_revoked:
            states.add("revoked")
        with self._database.read() as connection:
            which = KeyFilter(
                organisation_id=self._organisation_id,
                project_id=self._project(connection, project) if project is not None else None,
                states=frozenset({state} if state is not None else states),
                words=words,
                now=now_micros(),
            )
            rows = store.page(connection, which, before=before, limit=limit + 1)
        return paged(_LIST, rows, limit, lambda row: row.id)

    def find(self, reference: str, *, project: str = DEFAULT_PROJECT) -> KeyRow:
        """By id, or by name in that project. Raises `Complaint` when there is none."""
        with self._database.read() as connection:
            return self._find(connection, reference, project)

    def change(
        self,
        reference: str,
        wanted: KeyChange,
        *,
        project: str = DEFAULT_PROJECT,
        revision: int | None = None,
    ) -> KeyRow:
        """`revision`: the one that the change was made for. Its secrets stay. Raises `Complaint`."""
        with self._database.write() as connection:
            row = self._editable(connection, reference, project)
            if revision is not None and revision != row.revision:
                raise Complaint("control.changed_meanwhile", kind="stale")
            if values := _differences(connection, row, wanted):
                store.change(connection, row.id, **values)
                settings.bump(connection)
            return _required(connection, row.id)

    def revoke(self, reference: str, *, project: str = DEFAULT_PROJECT) -> KeyRow:
        """The key opens nothing any more. Doing it twice is no error."""
        with self._database.write() as connection:
            row = self._find(connection, reference, project)
            refuse_if_declared(row.owner, "key", row.name)
            if row.revoked_at is None:
                store.change(connection, row.id, revoked_at=now_micros())
                secrets.drop(connection, "key", row.id)
                settings.bump(connection)
            return _required(connection, row.id)

    def rotate(
        self, reference: str, *, project: str = DEFAULT_PROJECT, grace: timedelta = GRACE
    ) -> CreatedKey:
        """A new secret for the same key, and a new pair if it has one; the old ones stay valid for `grace`."""
        made = make_key()
        with self._database.write() as connection:
            row = self._editable(connection, reference, project)
            digest = digest_of(made)
            store.change(connection, row.id)
            store.add_digest(connection, key_id=row.id, digest=digest, hint=hint_of(made))
            ends = now_micros() + max(0, grace // timedelta(microseconds=1))
            store.expire_digests(connection, row.id, ends, keep=digest)
            secrets.drop(connection, "key", row.id, keep=PAIRS)
            paired = has_pair(connection, self._vault, row.id)
            pair = renew_pair(connection, self._vault, row.id, grace) if paired else None
            settings.bump(connection)
            return CreatedKey(_required(connection, row.id), made, pair)

    def pair(
        self, reference: str, *, project: str = DEFAULT_PROJECT, grace: timedelta = GRACE
    ) -> CreatedPair:
        """A new pair to sign with, for a key that stays as it is; an earlier pair stays valid for `grace`. Raises
        `Complaint`."""
        with self._database.write() as connection:
            row = self._editable(connection, reference, project)
            pair = renew_pair(connection, self._vault, row.id, grace)
            store.change(connection, row.id)
            settings.bump(connection)
            return CreatedPair(_required(connection, row.id), pair)

    def explain(self, text: str, *, lang: str | None = None) -> str:
        """Why a key is refused, for whoever holds it: mistyped, unknown, revoked, expired; empty if valid."""
        with self._database.read() as connection:
            row = store.by_digest(connection, digest_of(text))
            valid = {found.digest for found, _ in store.valid_digests(connection, now_micros())}
        if digest_of(text) in valid:
            return ""
        if row is None:
            sentence = "control.keys.mistyped" if is_mistyped(text) else "control.keys.unknown"
            return Complaint(sentence).text(lang)
        if row.revoked_at is not None:
            day = from_micros(row.revoked_at).date().isoformat()
            return Complaint("control.keys.was_revoked", name=row.name, day=day).text(lang)
        return Complaint("control.keys.was_replaced_or_expired", name=row.name).text(lang)

    def _project(self, connection: Connection, name: str) -> str:
        found = organisations.find_project(connection, self._organisation_id, name)
        if found is None:
            raise Complaint("control.projects.unknown", kind="not_found", name=name)
        return found.id

    def _editable(self, connection: Connection, reference: str, project: str) -> KeyRow:
        """The key, held until the transaction ends."""
        found = self._find(connection, reference, project)
        refuse_if_declared(found.owner, "key", found.name)
        row = store.by_id(connection, found.id, lock=True)
        if row is None or row.revoked_at is not None:
            raise Complaint("control.keys.revoked", kind="conflict", name=found.name)
        return row

    def _find(self, connection: Connection, reference: str, project: str) -> KeyRow:
        row = store.by_id(connection, reference)
        if row is None:
            row = store.by_name(connection, self._project(connection, project), reference)
        if row is None or row.organisation_id != self._organisation_id:
            raise Complaint("control.keys.not_found", kind="not_found", name=reference)
        return row


def add_key(connection: Connection, project_id: str, new: NewKey, *, digest: bytes, hint: str) -> str:
    """A key whose secret is known only by its digest; its id. Raises `Complaint`."""
    check_name(new.name)
    expires_at = _end(new.expires)
    if store.by_name(connection, project_id, new.name) is not None:
        raise Complaint("control.keys.name_taken", kind="conflict", name=new.name)
    if (other := store.by_digest(connection, digest)) is not None:
        raise Complaint("control.keys.secret_taken", kind="conflict", name=other.name)
    key_id = store.add(
        connection,
        project_id=project_id,
        name=new.name,
        owner=new.owner,
        models=check_patterns(new.models),
        expires_at=expires_at,
        account_id=account_of(connection, project_id, new.user),
    )
    store.add_digest(connection, key_id=key_id, digest=digest, hint=hint)
    return key_id


def account_of(connection: Connection, project_id: str, login: str) -> str | None:
    """The id of the account with that login, `None` for no login. Raises `Complaint`."""
    if not login:
        return None
    organisation = organisations.organisation_of(connection, project_id)
    account = accounts.by_login(connection, organisation, login.lower())
    if account is None:
        raise Complaint("control.keys.no_user", kind="not_found", login=login[:100])
    return account.id


def _differences(connection: Connection, row: KeyRow, wanted: KeyChange) -> dict[str, object]:
    """The columns that the change sets. Raises `Complaint`."""
    values: dict[str, object] = {}
    if wanted.name is not UNSET and wanted.name != row.name:
        values["name"] = check_name(wanted.name)
        if store.by_name(connection, row.project_id, wanted.name) is not None:
            raise Complaint("control.keys.name_taken", kind="conflict", name=wanted.name)
    if wanted.models is not UNSET and wanted.models != row.models:
        values["models"] = list(check_patterns(wanted.models))
    if wanted.expires is not UNSET:
        moment = to_micros(wanted.expires) if wanted.expires is not None else None
        if moment != row.expires_at:
            values["expires_at"] = _end(wanted.expires)
    return values


def _end(expires: datetime | None) -> int | None:
    if expires is None:
        return None
    moment = to_micros(expires)
    if moment <= now_micros():
        raise Complaint("control.keys.expires_in_the_past", when=expires.isoformat())
    return moment


def check_text(text: str) -> str:
    """A key that an operator chose. Raises `Complaint` when it cannot travel in a header or is too short."""
    if len(text) < SHORTEST:
        raise Complaint("control.keys.too_short", least=SHORTEST)
    if not all("!" <= letter <= "~" for letter in text):
        raise Complaint("control.keys.unprintable")
    return text


def _required(connection: Connection, key_id: str) -> KeyRow:
    row = store.by_id(connection, key_id)
    if row is None:  # it was written in this very transaction
        raise LookupError(key_id)
    return row
