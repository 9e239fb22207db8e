from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from counterpoint.catalog.loading import load
from counterpoint.control.beginning import Beginning, begin
from counterpoint.control.config import (
    Configuration,
    ConstraintsSection,
    KeySection,
    OrganisationSection,
    ProviderSection,
    RouteSection,
    RulesSection,
    SecretSource,
)
from counterpoint.control.declare import declare
from counterpoint.control.keys import Keys
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.providers import Providers
from counterpoint.control.publish import build_directory, current_revision
from counterpoint.control.vault import Vault
from counterpoint.directory import Directory, Rules
from counterpoint.directory.keytext import digest_of
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.database import Database

CATALOG = load()
KEY, OTHER = "a-key-from-the-environment", "another-key-from-the-environment"
ENVIRON = {"GROQ": "gsk-a-secret-of-some-length", "CI": KEY}


class Installation:
    """What a start with a configuration file leads to."""

    def __init__(self, database: Database, begun: Beginning, vault: Vault) -> None:
        self.database = database
        self.organisation = begun.organisation_id
        self.providers = Providers(database, vault, begun.organisation_id, CATALOG)
        self.keys = Keys(database, begun.organisation_id, vault)

    def start(self, configuration: Configuration) -> Directory:
        declare(
            configuration, self.database, self.providers, self.organisation, folder=Path(), environ=ENVIRON
        )
        hosted = self.providers.hosted()
        return build_directory(
            self.database, self.organisation, hosts=hosted.hosts, offerings=hosted.offerings
        )


@pytest.fixture
def installation(database: Database) -> Installation:
    vault = Vault([new_master_key()])
    return Installation(database, begin(database, vault), vault)


def declared_keys(*keys: KeySection) -> Configuration:
    return Configuration(keys=keys)


def test_what_the_file_declares_is_published(installation: Installation) -> None:
    directory = installation.start(
        Configuration(
            providers=(ProviderSection(name="groq", secret=SecretSource(env="GROQ")),),
            rules=RulesSection(aliases={"fast": "groq/x"}, prefer=("groq",)),
            keys=(
                KeySection(name="ci", key="env:CI", models=("groq/*",)),
                KeySection(name="app", project="web", sha256=digest_of(OTHER).hex()),
            ),
        )
    )
    assert directory.hosts["groq"].base_url
    assert directory.rules == Rules(aliases=(("fast", "groq/x"),), prefer=("groq",))
    assert directory.keys[digest_of(KEY)].models == ("groq/*",)
    assert directory.keys[digest_of(OTHER)].name == "app"
    (app,) = installation.keys.list(project="web").items
    assert app.owner == "file"


def test_ceilings_are_in_the_currency_that_the_same_file_declares(installation: Installation) -> None:
    constraints = ConstraintsSection(max_input_price=2)
    cheap = (RouteSection(name="cheap", targets=("large",), constraints=constraints),)
    configuration = Configuration(organisation=OrganisationSection(currency="EUR"), routes=cheap)
    for _ in range(2):
        directory = installation.start(configuration)
        assert (directory.currency, len(directory.routes)) == ("EUR", 1)
    with pytest.raises(Complaint, match="from EUR to GBP"):
        installation.start(
            msgspec.structs.replace(configuration, organisation=OrganisationSection(currency="GBP"))
        )


def test_starting_again_changes_nothing(installation: Installation) -> None:
    configuration = Configuration(
        providers=(ProviderSection(name="groq", secret="env:GROQ"),),
        keys=(KeySection(name="ci", key="env:CI", expires=datetime(2100, 1, 1, tzinfo=UTC)),),
    )
    installation.start(configuration)
    before = current_revision(installation.database)
    installation.start(configuration)
    assert current_revision(installation.database) == before


def test_a_key_that_is_no_longer_declared_opens_nothing(installation: Installation) -> None:
    installation.start(declared_keys(KeySection(name="ci", key="env:CI")))
    assert digest_of(KEY) not in installation.start(Configuration()).keys


def test_a_declared_key_may_change_its_value_name_and_limits(installation: Installation) -> None:
    installation.start(declared_keys(KeySection(name="ci", sha256=digest_of(OTHER).hex())))
    changed = installation.start(declared_keys(KeySection(name="ci", key="env:CI", models=("a/*",)))).keys
    assert digest_of(OTHER) not in changed
    assert changed[digest_of(KEY)].models == ("a/*",)
    renamed = installation.start(declared_keys(KeySection(name="build", key="env:CI"))).keys
    assert renamed[digest_of(KEY)].name == "build"


def test_a_key_made_elsewhere_is_not_taken_over(installation: Installation) -> None:
    installation.keys.create("ci")
    with pytest.raises(Complaint, match="each object has one owner"):
        installation.start(declared_keys(KeySection(name="ci", key="env:CI")))
    installation.keys.create("other", text=KEY)
    with pytest.raises(Complaint, match="secret of the key 'other'"):
        installation.start(declared_keys(KeySection(name="new", key="env:CI")))


def test_a_missing_secret_stops_the_start(installation: Installation) -> None:
    with pytest.raises(Complaint, match="NOPE is not set"):
        installation.start(Configuration(providers=(ProviderSection(name="groq", secret="env:NOPE"),)))
    directory = installation.start(
        Configuration(providers=(ProviderSection(name="groq", secret="env:NOPE", enabled=False),))
    )
    assert directory.hosts == {}
