"""Opens an installation: settings to database, vault and services, each given what it needs.

`counterpoint up` and the commands that run once share this, so a command needs no running platform.
"""

import logging
import os
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection

from counterpoint.app.plan import Plan, plan_of
from counterpoint.app.publishing import local_offerings
from counterpoint.app.settings import Settings
from counterpoint.app.telling import Progress, Reporter
from counterpoint.catalog.catalog import Catalog
from counterpoint.catalog.contracts import contracted
from counterpoint.catalog.loading import load
from counterpoint.control.accounts import Accounts
from counterpoint.control.audit import AnchorFile, Audit
from counterpoint.control.beginning import Beginning, begin
from counterpoint.control.budgets.events import BudgetEvents
from counterpoint.control.budgets.raising import Raising
from counterpoint.control.budgets.service import Budgets
from counterpoint.control.declare import declare
from counterpoint.control.focusing import Focus
from counterpoint.control.keys import Keys
from counterpoint.control.known import Known
from counterpoint.control.masterkey import MasterKey, load_master_keys
from counterpoint.control.notifying.courier import Courier
from counterpoint.control.pricing import Pricing
from counterpoint.control.projects import Projects
from counterpoint.control.providers import Providers
from counterpoint.control.publish import build_directory
from counterpoint.control.reconciling.reading import squashed
from counterpoint.control.reconciling.service import Reconciling
from counterpoint.control.routes import Routes
from counterpoint.control.rules import NameRules
from counterpoint.control.secretsources import read_secret
from counterpoint.control.servicetokens import ServiceTokens
from counterpoint.control.shipper import Shipper
from counterpoint.control.signin import SignIn
from counterpoint.control.studiokey import StudioKey, studio_key
from counterpoint.control.usage import Usage
from counterpoint.control.vault import Vault
from counterpoint.directory import LOCAL_HOST, Directory, Host, Offering
from counterpoint.engines.sources.base import Progress as Pulled
from counterpoint.engines.store import ModelStore, default_models
from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.groups import Groups
from counterpoint.storage.audit.acting import Act, Actor, acting, current
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database, open_database, sqlite_url
from counterpoint.storage.migrate import migrate
from counterpoint.transport import reach

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Control:
    """The services of one installation, over one open database."""

    settings: Settings
    database: Database
    vault: Vault
    beginning: Beginning
    keys: Keys
    sign_in: SignIn
    accounts: Accounts
    tokens: ServiceTokens
    usage: Usage
    plan: Plan
    studio_key: StudioKey
    masters: tuple[MasterKey, ...]

    def __enter__(self) -> "Control":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def audit(self) -> Audit:
        """Who changed what."""
        return Audit(self.database, self.beginning.organisation_id, self._anchor)

    @property
    def _anchor(self) -> Path | None:
        named = self.settings.configuration.audit.anchor
        return self.folder / Path(named).expanduser() if named else None

    def note(self) -> None:
        """What is being done changes nothing in the database, and is in the audit log nevertheless."""
        self.audit.note(current())

    @cached_property
    def catalog(self) -> Catalog:
        """What the world offers; read when it is first needed."""
        return load(self.settings.data)

    @cached_property
    def providers(self) -> Providers:
        """The configured hosts."""
        services = Providers(self.database, self.vault, self.beginning.organisation_id, self.catalog)
        services.lend(self._declared_secrets())
        return services

    def _declared_secrets(self) -> dict[str, str]:
        """As far as they can be read here: a command may run where the platform's environment is not."""
        found = {}
        for section in self.settings.configuration.providers:
            if section.secret is not None and section.enabled:
                with suppress(Complaint):
                    found[section.name] = read_secret(section.secret, self.folder, os.environ)
        return found

    def hosted(self, *, asking: bool = True) -> tuple[Iterable[Host], Iterable[Offering]]:
        """The configured hosts, and what they offer."""
        found = self.providers.hosted(asking=asking)
        return found.hosts, found.offerings

    def directory(self, *, asking: bool = True) -> Directory:
        """All that a worker would be told now. `asking`: clouds for tokens, without which nothing can be called."""
        hosts, offerings = self.hosted(asking=asking)
        return build_directory(
            self.database,
            self.beginning.organisation_id,
            hosts=(*hosts, Host(LOCAL_HOST)),
            offerings=(*offerings, *local_offerings(self.plan.models)),
            keys=self.studio_key.published(self.beginning.organisation_id, self.beginning.project_id),
            vault=self.vault,
        )

    @cached_property
    def models(self) -> ModelStore:
        """The models on this machine."""
        return ModelStore(self.plan.models)

    @cached_property
    def rules(self) -> NameRules:
        """The rules for bare model names."""
        return NameRules(self.database, self.beginning.organisation_id)

    @cached_property
    def routes(self) -> Routes:
        """The routes."""
        return Routes(self.database, self.beginning.organisation_id, self._known)

    @cached_property
    def projects(self) -> Projects:
        """What projects may send where."""
        return Projects(self.database, self.beginning.organisation_id, self._known)

    def _known(self, connection: Connection) -> Known:
        return self.providers.known(connection)

    @cached_property
    def groups(self) -> Groups:
        """Groups of people, and whom somebody is who asks."""
        return Groups(self.database, self.beginning.organisation_id)

    @cached_property
    def pricing(self) -> Pricing:
        """Contracts, rates, and the organisation's own currency."""
        return Pricing(self.database, self.beginning.organisation_id)

    @cached_property
    def budgets(self) -> Budgets:
        """Budgets and other limits."""
        return Budgets(self.database, self.beginning.organisation_id)

    @cached_property
    def raising(self) -> Raising:
        """Requests for more than limits allow."""
        return Raising(self.database, self.beginning.organisation_id)

    def budget_events(self) -> BudgetEvents:
        """Tells when budgets run low."""
        return BudgetEvents(
            self.database, self.beginning.organisation_id, self.settings.configuration.notifications
        )

    def courier(self) -> Courier:
        """Carries out what is to be told."""

        def secret(source: str) -> str:
            return read_secret(source, self.folder, os.environ)

        return Courier(self.database, self.settings.configuration.notifications, secret)

    def focus(self) -> Focus:
        """Usage as FOCUS has it."""
        book, now = self.pricing.book(), now_micros()
        listed = [*self.hosted(asking=False)[1], *local_offerings(self.plan.models)]
        paid = [contracted(each, book.plain_contracts(), now) for each in listed]
        organisation_id = self.beginning.organisation_id
        return Focus(self.database, organisation_id, self.usage, book, self.catalog, paid, listed)

    def reconciling(self) -> Reconciling:
        """A vendor's file beside the ledger."""

        def same(name: str) -> str:
            model = self.catalog.identify(name)
            return model.name if model is not None else squashed(name)

        def every() -> Iterable[str]:
            return (model.name for model in self.catalog.models)

        return Reconciling(self.focus(), same, every)

    def pull_models(self, reporter: Reporter) -> None:
        """Fetch the local models that a start wants. One that cannot be had now is told and left out: whoever
        came for the other models is not to be kept waiting for the network."""

        def report(at: Pulled) -> None:
            reporter.progress(Progress(at.name, at.done, at.total, at.eta))

        wanted = self.settings.configuration.models.pull
        for source in wanted if wanted is not None else [model.name for model in default_models()]:
            try:
                self.models.pull(source, report=report)
            except Complaint as complaint:
                if complaint.kind != "unavailable":
                    raise
                log.warning("%s", complaint.text())

    def declare(self) -> None:
        """Bring the database in line with the configuration file: at a start, and at no other time. Raises
        `Complaint`."""
        with acting(Act(Actor("file", name=str(self.settings.config or "")), "start", socket.gethostname())):
            declare(
                self.settings.configuration,
                self.database,
                self.providers,
                self.beginning.organisation_id,
                folder=self.folder,
                environ=os.environ,
            )

    @property
    def folder(self) -> Path:
        """What paths in the configuration file are relative to."""
        return self.settings.config.parent if self.settings.config else self.settings.data

    def ship_rest(self) -> None:
        """Ship what the workers left in their spools; a running platform does so by itself."""
        Shipper(self.database, self.plan.spool).flush()

    def close(self) -> None:
        """Gives the database back."""
        self.database.close()


def open_control(settings: Settings, *, starting: bool = False) -> Control:
    """Makes the data folder and brings the database to this version where need be. `starting`: for the platform,
    not for a command that runs once. Raises `Complaint`."""
    reach.extend(settings.private_networks)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = open_database(settings.database or sqlite_url(settings.data))
    if settings.configuration.audit.anchor:
        folder = settings.config.parent if settings.config else settings.data
        database.anchor = AnchorFile(folder / Path(settings.configuration.audit.anchor).expanduser())
    try:
        return _opened(settings, database, starting=starting)
    except BaseException:
        database.close()
        raise


def _opened(settings: Settings, database: Database, *, starting: bool) -> Control:
    migrate(database)
    with database.alone():  # several processes may start on a database that is new
        masters = load_master_keys(settings.data, settings.master_key)
        vault = Vault(masters)
        with database.read() as connection:
            vault.check(connection)
        beginning = begin(database, vault, demo_key=settings.demo_key, starting=starting)
    return Control(
        settings=settings,
        database=database,
        vault=vault,
        beginning=beginning,
        keys=Keys(database, beginning.organisation_id, vault),
        sign_in=SignIn(database, beginning.organisation_id),
        accounts=Accounts(database, beginning.organisation_id),
        tokens=ServiceTokens(database, beginning.organisation_id),
        usage=Usage(database, beginning.organisation_id),
        plan=plan_of(settings, settings.configuration),
        studio_key=studio_key(masters),
        masters=masters,
    )
