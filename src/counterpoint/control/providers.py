"""Providers: configured hosts, each a row of the catalogue, a secret, and whatever that row asks for."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import Connection

from counterpoint.catalog.catalog import Catalog
from counterpoint.catalog.hosts import NOTHING, ConnectError, Granted, connect, models_url
from counterpoint.catalog.offerings import offerings_for
from counterpoint.catalog.values import HostRow
from counterpoint.control.credentials.granting import Asked, asked_of, granted_for
from counterpoint.control.credentials.keeper import Keeper
from counterpoint.control.credentials.reading import hint_of
from counterpoint.control.known import Known, known_names
from counterpoint.control.located import located_host, located_offering
from counterpoint.control.names import check_patterns, check_places, check_slug
from counterpoint.control.ownership import FILE, STUDIO, refuse_if_declared, refuse_if_undeclared
from counterpoint.control.paging import MOST, Paged, cut
from counterpoint.control.probe import Outcome, probe
from counterpoint.control.providervalues import Hosted, NewProvider, ProviderChange, ProviderView, State
from counterpoint.control.reaching import check_reach
from counterpoint.control.schema import nearest
from counterpoint.control.vault import Vault
from counterpoint.directory.values import LOCAL_HOST, Host, Offering
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import providers as store
from counterpoint.storage import secrets as secret_store
from counterpoint.storage import settings
from counterpoint.storage.database import Database
from counterpoint.storage.providers import ProviderRow

__all__ = ["Hosted", "NewProvider", "ProviderChange", "ProviderView", "Providers", "State"]

CUSTOM = "custom"
"""The catalogue's row for a host that it does not know: an address is all that it needs."""
_SECRET = "secret"  # noqa: S105 - the name under which it is kept
_LIST = "providers"
_OWN_MACHINE = ("local", "custom")
"""Kinds of hosts that serve whatever their operator put there: they are asked what that is."""


class Providers:
    """The providers of one organisation. Secrets of declared ones are never stored: `declare` gives them."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        organisation_id: str,
        catalog: Catalog,
        keeper: Keeper | None = None,
    ) -> None:
        self.keeper = keeper or Keeper()
        self._database = database
        self._vault = vault
        self._organisation_id = organisation_id
        self._catalog = catalog
        self._declared: dict[str, str] = {}

    def add(self, new: NewProvider, *, secret: str | None = None) -> ProviderView:
        """A new one. Raises `Complaint` when it could not be used as given."""
        values = self._values(new)
        row = self._host_row(values["host"])
        _check_settings(new, row)
        self._connect(new, row, secret)
        with self._database.write() as connection:
            if store.by_name(connection, self._organisation_id, new.name) is not None:
                raise Complaint("control.providers.name_taken", kind="conflict", name=new.name)
            provider_id = store.add(connection, self._organisation_id, owner=STUDIO, **values)
            if secret is not None:
                self._vault.put(connection, "provider", provider_id, _SECRET, secret, hint=hint_of(secret))
            settings.bump(connection)
            return self._view(connection, self._find(connection, new.name))

    def list(self) -> Sequence[ProviderView]:
        """All, by name."""
        with self._database.read() as connection:
            return [self._view(connection, row) for row in store.listed(connection, self._organisation_id)]

    def page(
        self, *, state: State | None = None, words: str = "", cursor: str | None = None, limit: int = 50
    ) -> Paged[ProviderView]:
        """By name. `words`: part of a name, its own or its host's. Raises `Complaint`."""
        found = [
            view
            for view in self.list()
            if state in {None, view.state} and words.lower() in f"{view.name}\0{view.display}".lower()
        ]
        found.sort(key=lambda view: view.name)
        return cut(_LIST, found, lambda view: view.name, cursor=cursor, limit=max(1, min(limit, MOST)))

    def find(self, name: str) -> ProviderView:
        """One. Raises `Complaint` when there is none."""
        with self._database.read() as connection:
            return self._view(connection, self._find(connection, name))

    def set_secret(self, name: str, secret: str) -> ProviderView:
        """In place of the one before. Raises `Complaint`."""
        with self._database.write() as connection:
            row = self._find(connection, name)
            refuse_if_declared(row.owner, "provider", name)
            self._connect(_as_new(row), self._host_row(row.host), secret)
            self._vault.put(connection, "provider", row.id, _SECRET, secret, hint=hint_of(secret))
            store.change(connection, row.id)
            settings.bump(connection)
            return self._view(connection, self._find(connection, name))

    def set_enabled(self, name: str, enabled: bool) -> ProviderView:
        """Takes it out of use, or back into it. Raises `Complaint`."""
        return self.change(name, ProviderChange(enabled=enabled))

    def change(self, name: str, wanted: ProviderChange, *, revision: int | None = None) -> ProviderView:
        """`revision`: the one that the change was made for. Raises `Complaint` when it could not be used so."""
        with self._database.write() as connection:
            row = self._find(connection, name, lock=True)
            refuse_if_declared(row.owner, "provider", name)
            if revision is not None and revision != row.revision:
                raise Complaint("control.changed_meanwhile", kind="stale")
            before = _as_new(row)
            after = msgspec.structs.replace(before, **wanted.values())
            _said_of_it(after)
            values = {
                field: _plain(getattr(after, field))
                for field in wanted.values()
                if getattr(after, field) != getattr(before, field)
            }
            if values.keys() & {"base_url", "settings"}:
                self._check_move(connection, row, after, wanted.secret)
                values |= {"found_models": None, "found_at": None}  # they were the other place's
            if wanted.secret is not UNSET:
                self._connect(after, self._host_row(row.host), wanted.secret)
                self._vault.put(
                    connection, "provider", row.id, _SECRET, wanted.secret, hint=hint_of(wanted.secret)
                )
            if values or wanted.secret is not UNSET:
                store.change(connection, row.id, **values)
                settings.bump(connection)
            return self._view(connection, self._find(connection, name))

    def _check_move(
        self, connection: Connection, row: ProviderRow, after: NewProvider, secret: str | UnsetType
    ) -> None:
        """That it can be used there; and that a secret goes to no other place than the one it was entered for,
        which would give it away to whoever changes the address."""
        host_row = self._host_row(row.host)
        _check_settings(after, host_row)
        kept = self._secret(connection, row)
        there = self._connect(after, host_row, kept if secret is UNSET else secret)
        if kept is None or secret is not UNSET:
            return
        try:
            here = self._connect(_as_new(row), host_row, kept)
        except Complaint:
            here = Host(row.name)
        if urlsplit(here.base_url)[:2] != urlsplit(there.base_url)[:2]:
            raise Complaint("control.providers.secret_again", name=row.name, url=there.base_url)

    def remove(self, name: str) -> None:
        """With its secret. Raises `Complaint`."""
        with self._database.write() as connection:
            row = self._find(connection, name)
            refuse_if_declared(row.owner, "provider", name)
            secret_store.drop(connection, "provider", row.id)
            store.remove(connection, row.id)
            settings.bump(connection)

    def test(self, name: str, *, timeout: float = 15.0) -> Outcome:
        """A real call. What the host says that it serves is remembered. Raises `Complaint`."""
        with self._database.read() as connection:
            row = self._find(connection, name)
            secret = self._secret(connection, row)
        host_row = self._host_row(row.host)
        outcome = self._probe(_as_new(row), host_row, secret, timeout)
        if outcome.models is not None:
            self._remember(row, outcome.models)
        return outcome

    def try_out(self, new: NewProvider, *, secret: str | None = None, timeout: float = 15.0) -> Outcome:
        """A real call to what `add` would add. Raises `Complaint`."""
        row = self._host_row(self._values(new)["host"])
        _check_settings(new, row)
        return self._probe(new, row, secret, timeout)

    def discover(self, *, timeout: float = 5.0) -> Sequence[str]:
        """Asks hosts on one's own machines what they serve, as it may have changed. The names of those whose
        answer was new."""
        with self._database.read() as connection:
            rows = [
                (row, self._secret(connection, row))
                for row in store.listed(connection, self._organisation_id)
                if row.enabled and row.models is None and self._serves_its_own(row.host)
            ]
        changed = []
        for row, secret in rows:
            try:
                outcome = self._probe(_as_new(row), self._host_row(row.host), secret, timeout)
            except Complaint:
                continue  # `hosted` tells it
            if outcome.models is not None and self._remember(row, outcome.models):
                changed.append(row.name)
        return changed

    def lend(self, secrets: Mapping[str, str]) -> None:
        """Secrets of declared providers, by name, for a process that uses them and declares nothing."""
        self._declared = dict(secrets)

    def declare(self, wanted: Sequence[NewProvider], secrets: Mapping[str, str]) -> None:
        """Makes the providers of the configuration file those given, and no others. `secrets`: by name, kept
        in memory only. Raises `Complaint`."""
        self._declared = dict(secrets)
        with self._database.write() as connection:
            rows = {row.name: row for row in store.listed(connection, self._organisation_id)}
            changed = False
            for new in wanted:
                values, row = self._values(new), rows.pop(new.name, None)
                if row is None:
                    store.add(connection, self._organisation_id, owner=FILE, **values)
                    changed = True
                    continue
                refuse_if_undeclared(row.owner, "provider", new.name)
                if any(_plain(getattr(row, name)) != value for name, value in values.items()):
                    store.change(connection, row.id, found_models=None, found_at=None, **values)
                    changed = True
            for row in rows.values():
                if row.owner == FILE:
                    store.remove(connection, row.id)
                    changed = True
            if changed:
                settings.bump(connection)

    def known(self, connection: Connection) -> Known:
        """Whom conditions of routes and projects can mean."""
        return known_names(connection, self._organisation_id, self._catalog)

    def hosted(self, when: datetime | None = None, *, asking: bool = True) -> Hosted:
        """What the directory says of the providers in use. `asking`: clouds for the tokens to call them with; else
        each is taken to have one."""
        moment = when or datetime.now(UTC)
        hosts: list[Host] = []
        offerings: list[Offering] = []
        problems: dict[str, str] = {}
        with self._database.read() as connection:
            rows = [row for row in store.listed(connection, self._organisation_id) if row.enabled]
            found = [self._asking(connection, row) for row in rows]
        # No transaction stays open while token servers are asked.
        if asking:
            self.keeper.keep(
                [asked.credential for asked in found if isinstance(asked, Asked) and asked.fetched]
            )
        for row, asked in zip(rows, found, strict=True):
            try:
                if isinstance(asked, Complaint):
                    raise asked
                granted = granted_for(asked, self.keeper.at_hand) if asking else asked.supposed
                host = self._connect(_as_new(row), asked.row, asked.secret, granted)
            except Complaint as complaint:
                problems[row.name] = complaint.text()
                continue
            hosts.append(located_host(host, row, asked.row))
            offered = self._offerings(row, asked.row, moment)
            offerings += [located_offering(item, row, asked.row) for item in offered]
        return Hosted(tuple(hosts), tuple(offerings), problems)

    def _asking(self, connection: Connection, row: ProviderRow) -> Asked | Complaint:
        """With what the provider is to be called; the complaint, where that cannot be."""
        try:
            return asked_of(self._host_row(row.host), self._secret(connection, row), row.settings)
        except Complaint as complaint:
            return complaint

    def _offerings(self, row: ProviderRow, host_row: HostRow, when: datetime) -> Sequence[Offering]:
        found = None if row.found_models is None else set(row.found_models)
        if row.models is not None:
            ids: set[str] | None = set(row.models)
        elif host_row.kind in _OWN_MACHINE:
            ids = found or set()
        else:
            ids = None

        def offered(ids: set[str] | None) -> tuple[Offering, ...]:
            return offerings_for(
                row.name, self._catalog, when, row=host_row.name, ids=ids, settings=row.settings
            )

        offerings = offered(ids)
        if ids is None and found:
            # What the host listed and the catalogue does not know yet.
            offerings += offered(found - {offering.id for offering in offerings})
        return offerings

    def _remember(self, row: ProviderRow, models: tuple[str, ...]) -> bool:
        new = row.found_models is None or set(row.found_models) != set(models)
        with self._database.write() as connection:
            store.put_found_models(connection, row.id, models)
            if new:
                settings.bump(connection)
        return new

    def _probe(self, new: NewProvider, row: HostRow, secret: str | None, timeout: float) -> Outcome:
        try:
            granted = granted_for(asked_of(row, secret, new.settings), self.keeper.ask_again)
        except Complaint as complaint:
            if not complaint.sentence.startswith("control.credentials."):
                raise
            return Outcome("no_token", new.base_url or row.base_url, detail=complaint.text())
        host = self._connect(new, row, secret, granted)
        try:
            url = models_url(row, settings=new.settings, base_url=new.base_url or "")
        except ConnectError as error:
            raise Complaint("control.providers.cannot_connect", reason=str(error)) from None
        secret_header = "" if secret is None else row.auth_header if granted is NOTHING else "Authorization"
        return probe(
            host,
            models_url=url,
            secret_header=secret_header,
            model=lambda: self._cheap_model(row),
            timeout=timeout,
        )

    def _cheap_model(self, row: HostRow) -> str | None:
        """Some chat model of that host; the cheapest, as far as prices are known."""
        offered = offerings_for(row.name, self._catalog, datetime.now(UTC))
        chat = sorted((item for item in offered if "chat" in item.capabilities), key=_price_of_output)
        return chat[0].id if chat else None

    def _connect(
        self, new: NewProvider, row: HostRow, secret: str | None, granted: Granted | None = None
    ) -> Host:
        """`granted`: for its secret; `None`: it need not be usable yet, only sound. Raises `Complaint`."""
        asked = asked_of(row, secret, new.settings)
        try:
            host = connect(
                row,
                name=new.name,
                secret=asked.secret if asked.plain else None,
                settings=new.settings,
                base_url=new.base_url or "",
                dialects=new.dialects or None,
                granted=granted if granted is not None else asked.supposed,
            )
        except ConnectError as error:
            raise Complaint("control.providers.cannot_connect", reason=str(error)) from None
        check_reach(host.base_url)
        return host

    def _values(self, new: NewProvider) -> dict[str, object]:
        check_slug(new.name)
        if new.name == LOCAL_HOST:
            raise Complaint("control.config.reserved", name=new.name)
        return {
            "name": new.name,
            "host": self._host_of(new),
            "base_url": new.base_url,
            "dialects": dict(new.dialects),
            "settings": dict(new.settings),
            "models": list(new.models) if new.models is not None else None,
            "enabled": new.enabled,
            **_said_of_it(new),
        }

    def _host_of(self, new: NewProvider) -> str:
        if new.host is not None:
            return self._host_row(new.host).name
        if new.name in self._catalog.hosts:
            return new.name
        if new.base_url:
            return CUSTOM
        hint = nearest(new.name, list(self._catalog.hosts))
        if hint is not None:
            raise Complaint("control.providers.unknown_host_but", kind="not_found", name=new.name, hint=hint)
        raise Complaint("control.config.host_or_url", kind="not_found", name=new.name)

    def _host_row(self, name: object) -> HostRow:
        row = self._catalog.hosts.get(str(name))
        if row is None:
            hint = nearest(str(name), list(self._catalog.hosts))
            if hint is not None:
                raise Complaint("control.providers.unknown_host_but", kind="not_found", name=name, hint=hint)
            raise Complaint("control.config.unknown_host", kind="not_found", name=name)
        return row

    def _serves_its_own(self, host: str) -> bool:
        row = self._catalog.hosts.get(host)
        return row is not None and row.kind in _OWN_MACHINE

    def _find(self, connection: Connection, name: str, *, lock: bool = False) -> ProviderRow:
        row = store.by_name(connection, self._organisation_id, name, lock=lock)
        if row is None:
            raise Complaint("control.providers.not_found", kind="not_found", name=name)
        return row

    def _secret(self, connection: Connection, row: ProviderRow) -> str | None:
        if row.owner == FILE:
            return self._declared.get(row.name)
        return self._vault.get(connection, "provider", row.id, _SECRET)

    def _trouble(self, asked: Asked) -> str | None:
        """Why its token could not be had, as far as this process has asked for it and has no other."""
        if not asked.fetched or self.keeper.usable(asked.credential):
            return None
        trouble = self.keeper.problem(asked.credential)
        return trouble.text() if trouble is not None else None

    def _view(self, connection: Connection, row: ProviderRow) -> ProviderView:
        host_row = self._catalog.hosts.get(row.host)
        base_url, hint, problem = row.base_url or "", None, None
        try:
            secret = self._secret(connection, row)
            host = self._connect(_as_new(row), self._host_row(row.host), secret)
            base_url = host.base_url
            problem = self._trouble(asked_of(self._host_row(row.host), secret, row.settings))
        except Complaint as complaint:
            problem = complaint.text()
        if row.owner == FILE:
            declared = self._declared.get(row.name)
            hint = hint_of(declared) if declared is not None else None
        else:
            kept = secret_store.find(connection, "provider", row.id, _SECRET)
            hint = kept.hint if kept is not None else None
        return ProviderView(
            id=row.id,
            name=row.name,
            host=row.host,
            display=host_row.display if host_row is not None else row.host,
            base_url=base_url,
            settings=row.settings,
            models=row.models,
            found_models=len(row.found_models) if row.found_models is not None else None,
            found_at=row.found_at,
            owner=row.owner,
            enabled=row.enabled,
            secret=hint,
            problem=problem,
            created_at=row.created_at,
            updated_at=row.updated_at,
            revision=row.revision,
            data_classes=row.data_classes,
            residency=row.residency,
            jurisdiction=row.jurisdiction,
        )


def _said_of_it(new: NewProvider) -> dict[str, object]:
    """What the operator says of where it is and what may be sent there. Raises `Complaint`."""
    if new.data_classes is not None:
        check_patterns(new.data_classes)
    check_places(new.residency or ())
    check_places(() if new.jurisdiction is None else (new.jurisdiction,), groups=False)
    return {
        "data_classes": _plain(new.data_classes),
        "residency": _plain(new.residency),
        "jurisdiction": new.jurisdiction,
    }


def _check_settings(new: NewProvider, row: HostRow) -> None:
    """That none is misspelled: it would be kept and never used."""
    for name in new.settings:
        if name not in row.settings:
            known = ", ".join(sorted(row.settings))
            sentence = "setting_unknown_but" if known else "setting_unknown"
            raise Complaint(f"control.providers.{sentence}", name=name, host=row.name, known=known)


def _as_new(row: ProviderRow) -> NewProvider:
    return NewProvider(
        name=row.name,
        host=row.host,
        base_url=row.base_url,
        dialects=row.dialects,
        settings=row.settings,
        models=row.models,
        enabled=row.enabled,
        data_classes=row.data_classes,
        residency=row.residency,
        jurisdiction=row.jurisdiction,
    )


def _plain(value: object) -> object:
    """As its column takes it."""
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def _price_of_output(offering: Offering) -> tuple[bool, int]:
    tiers = offering.price.tiers if offering.price is not None else ()
    price = tiers[0].output if tiers else None
    return price is None, price or 0
