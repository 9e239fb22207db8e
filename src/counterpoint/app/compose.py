"""Opens an installation: settings to database, vault and services, each given what it needs.

`counterpoint up` and the commands that run once share this, so a command needs no running platform.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType

from counterpoint.app.plan import Plan, plan_of
from counterpoint.app.publishing import local_offerings
from counterpoint.app.settings import Settings
from counterpoint.app.telling import Reporter
from counterpoint.catalog.catalog import Catalog
from counterpoint.catalog.loading import load
from counterpoint.control.beginning import Beginning, begin
from counterpoint.control.keys import Keys
from counterpoint.control.masterkey import load_master_keys
from counterpoint.control.providers import Providers
from counterpoint.control.publish import build_directory
from counterpoint.control.shipper import Shipper
from counterpoint.control.signin import SignIn
from counterpoint.control.usage import Usage
from counterpoint.control.vault import Vault
from counterpoint.directory import LOCAL_HOST, Directory, Host, Offering
from counterpoint.storage.database import Database, open_database, sqlite_url
from counterpoint.storage.migrate import migrate


@dataclass(frozen=True)
class Control:
    """The services of one installation, over one open database."""

    settings: Settings
    database: Database
    vault: Vault
    beginning: Beginning
    keys: Keys
    sign_in: SignIn
    usage: Usage
    plan: Plan

    def __enter__(self) -> "Control":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def catalog(self) -> Catalog:
        """What the world offers; read when it is first needed."""
        return load(self.settings.data)

    @cached_property
    def providers(self) -> Providers:
        """The configured hosts."""
        return Providers(self.database, self.vault, self.beginning.organisation_id, self.catalog)

    def hosted(self) -> tuple[Iterable[Host], Iterable[Offering]]:
        """The configured hosts, and what they offer."""
        found = self.providers.hosted()
        return found.hosts, found.offerings

    def directory(self) -> Directory:
        """All that a worker would be told now."""
        hosts, offerings = self.hosted()
        return build_directory(
            self.database,
            self.beginning.organisation_id,
            hosts=(*hosts, Host(LOCAL_HOST)),
            offerings=(*offerings, *local_offerings(self.plan.models)),
        )

    def pull_models(self, reporter: Reporter) -> None:
        """Fetch the local models that a start wants."""

    def ship_rest(self) -> None:
        """Ship what the workers left in their spools; a running platform does so by itself."""
        Shipper(self.database, self.plan.spool).flush()

    def close(self) -> None:
        """Gives the database back."""
        self.database.close()


def open_control(settings: Settings) -> Control:
    """Makes the data folder and brings the database to this version where need be. Raises `Complaint`."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = open_database(settings.database or sqlite_url(settings.data))
    try:
        migrate(database)
        vault = Vault(load_master_keys(settings.data, settings.master_key))
        with database.read() as connection:
            vault.check(connection)
        beginning = begin(database, vault, demo_key=settings.demo_key)
    except BaseException:
        database.close()
        raise
    return Control(
        settings=settings,
        database=database,
        vault=vault,
        beginning=beginning,
        keys=Keys(database, beginning.organisation_id),
        sign_in=SignIn(database),
        usage=Usage(database, beginning.organisation_id),
        plan=plan_of(settings, settings.configuration),
    )
