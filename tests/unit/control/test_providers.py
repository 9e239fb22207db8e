import time
from collections.abc import Iterator

import pytest

from counterpoint.catalog.loading import load
from counterpoint.control.beginning import Beginning, begin
from counterpoint.control.credentials.keeper import Keeper
from counterpoint.control.credentials.values import GoogleMachine, Grant, Source
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.providers import NewProvider, Providers
from counterpoint.control.publish import current_revision
from counterpoint.control.vault import Vault
from counterpoint.directory import Signing
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import secrets as secret_store
from counterpoint.storage.database import Database
from tests.hosts import FakeHost, fake_host

CATALOG = load()
SECRET = "gsk-a-secret-of-some-length"


@pytest.fixture
def vault() -> Vault:
    return Vault([new_master_key()])


@pytest.fixture
def begun(database: Database, vault: Vault) -> Beginning:
    return begin(database, vault)


@pytest.fixture
def providers(database: Database, vault: Vault, begun: Beginning) -> Providers:
    return Providers(database, vault, begun.organisation_id, CATALOG)


@pytest.fixture
def host() -> Iterator[FakeHost]:
    with fake_host(SECRET) as running:
        yield running


def own(host: FakeHost, name: str = "inhouse") -> NewProvider:
    return NewProvider(name=name, base_url=f"{host.url}/v1")


def test_a_row_and_a_secret_are_all_that_is_needed(providers: Providers) -> None:
    view = providers.add(NewProvider(name="groq"), secret=SECRET)
    assert (view.host, view.owner, view.enabled, view.problem) == ("groq", "studio", True, None)
    assert view.secret == "…ngth"
    hosted = providers.hosted()
    (connected,) = hosted.hosts
    assert connected.name == "groq"
    assert any(SECRET in value for _, value in connected.headers)
    assert {offering.host for offering in hosted.offerings} == {"groq"}
    assert any(offering.price is not None for offering in hosted.offerings)


def test_the_secret_is_shown_nowhere(providers: Providers, database: Database) -> None:
    view = providers.add(NewProvider(name="groq"), secret=SECRET)
    assert SECRET not in repr(view) + repr(providers.list()) + repr(providers.hosted())
    with database.read() as connection:
        assert SECRET.encode() not in bytes(secret_store.listed(connection, "provider")[0].ciphertext)


def test_the_same_host_may_be_used_twice_under_two_names(providers: Providers) -> None:
    providers.add(NewProvider(name="groq"), secret=SECRET)
    providers.add(NewProvider(name="groq-paris", host="groq"), secret="other-secret-of-another-team")
    hosted = providers.hosted()
    assert [connected.name for connected in hosted.hosts] == ["groq", "groq-paris"]
    assert {offering.host for offering in hosted.offerings} == {"groq", "groq-paris"}
    with pytest.raises(Complaint, match="already exists"):
        providers.add(NewProvider(name="groq"), secret=SECRET)


@pytest.mark.parametrize(
    ("new", "secret", "words"),
    [
        (NewProvider(name="grok"), SECRET, "Did you mean 'groq'"),
        (NewProvider(name="x", host="grok"), SECRET, "Did you mean 'groq'"),
        (NewProvider(name="zzzzzz"), SECRET, "base_url"),
        (NewProvider(name="groq"), None, "secret"),
        (NewProvider(name="azure"), SECRET, "resource"),
        (NewProvider(name="local", host="groq"), SECRET, "models on this machine"),
        (NewProvider(name="Groq!", host="groq"), SECRET, "lower-case"),
        (NewProvider(name="groq"), "line\nbreak", "secret"),
        (NewProvider(name="groq", settings={"region": "eu"}), SECRET, "no settings.*'region'"),
        (NewProvider(name="azure", settings={"resurce": "x"}), SECRET, "'resurce'. It has: resource"),
        (NewProvider(name="x", base_url="example.com/v1"), None, "not an address"),
        (NewProvider(name="x", base_url="http://example.com:99999"), None, "not an address"),
    ],
)
def test_what_could_not_work_is_refused(
    providers: Providers, new: NewProvider, secret: str | None, words: str
) -> None:
    with pytest.raises(Complaint, match=words):
        providers.add(new, secret=secret)
    assert providers.list() == []


def test_a_host_of_ones_own_serves_what_it_lists(
    providers: Providers, database: Database, host: FakeHost
) -> None:
    providers.add(own(host), secret=SECRET)
    assert providers.hosted().offerings == ()
    host.lists("llama-3.3-70b", "our-own-model")
    outcome = providers.test("inhouse")
    assert (outcome.verdict, outcome.models) == ("ok", ("llama-3.3-70b", "our-own-model"))
    assert [offering.name for offering in providers.hosted().offerings] == [
        "inhouse/llama-3.3-70b",
        "inhouse/our-own-model",
    ]
    assert providers.find("inhouse").found_models == 2
    before = current_revision(database)
    assert providers.discover() == []
    assert current_revision(database) == before
    host.lists("our-own-model")
    assert providers.discover() == ["inhouse"]
    assert [offering.id for offering in providers.hosted().offerings] == ["our-own-model"]


def test_a_host_that_is_away_keeps_what_it_listed(providers: Providers, host: FakeHost) -> None:
    providers.add(own(host), secret=SECRET)
    host.lists("m")
    providers.discover()
    host.answers.clear()
    assert providers.discover() == []
    assert len(providers.hosted().offerings) == 1


def test_named_models_are_the_only_ones(providers: Providers) -> None:
    providers.add(NewProvider(name="groq", models=("a-deployment",)), secret=SECRET)
    assert [offering.id for offering in providers.hosted().offerings] == ["a-deployment"]


def test_a_newer_model_than_the_catalogue_knows_is_offered_after_a_test(
    providers: Providers, host: FakeHost
) -> None:
    providers.add(NewProvider(name="groq", base_url=f"{host.url}/v1"), secret=SECRET)
    known = {offering.id for offering in providers.hosted().offerings}
    assert known
    host.lists("brand-new-model")
    assert providers.test("groq").ok
    assert {offering.id for offering in providers.hosted().offerings} == known | {"brand-new-model"}


def test_trying_out_changes_nothing(providers: Providers, host: FakeHost) -> None:
    host.lists("m")
    assert providers.try_out(own(host), secret=SECRET).ok
    assert providers.try_out(own(host), secret="wrong-wrong-wrong-wrong").verdict == "refused_secret"
    assert providers.list() == []


def test_out_of_use_means_not_published(providers: Providers) -> None:
    providers.add(NewProvider(name="groq"), secret=SECRET)
    assert not providers.set_enabled("groq", False).enabled
    assert providers.hosted().hosts == ()
    providers.set_enabled("groq", True)
    assert len(providers.hosted().hosts) == 1


def test_a_removed_provider_leaves_no_secret(providers: Providers, database: Database) -> None:
    providers.add(NewProvider(name="groq"), secret=SECRET)
    providers.remove("groq")
    assert providers.list() == []
    with database.read() as connection:
        assert secret_store.listed(connection, "provider") == []
    with pytest.raises(Complaint, match="no provider named 'groq'"):
        providers.remove("groq")


def test_a_new_secret_takes_the_place_of_the_old(providers: Providers) -> None:
    providers.add(NewProvider(name="groq"), secret=SECRET)
    assert providers.set_secret("groq", "another-secret-in-its-place").secret == "…lace"
    (connected,) = providers.hosted().hosts
    assert all(SECRET not in value for _, value in connected.headers)


def test_every_change_is_published(providers: Providers, database: Database) -> None:
    seen = [current_revision(database)]
    providers.add(NewProvider(name="groq"), secret=SECRET)
    seen.append(current_revision(database))
    providers.set_secret("groq", "another-secret-in-its-place")
    seen.append(current_revision(database))
    providers.set_enabled("groq", False)
    seen.append(current_revision(database))
    providers.remove("groq")
    seen.append(current_revision(database))
    assert [number - seen[0] for number in seen] == [0, 1, 2, 3, 4]


def test_a_secret_of_a_lost_master_key_is_told_and_stops_nobody(
    providers: Providers, database: Database, begun: Beginning
) -> None:
    providers.add(NewProvider(name="groq"), secret=SECRET)
    other = Providers(database, Vault([new_master_key()]), begun.organisation_id, CATALOG)
    other.add(NewProvider(name="mistral"), secret=SECRET)
    hosted = other.hosted()
    assert [connected.name for connected in hosted.hosts] == ["mistral"]
    assert "master key" in hosted.problems["groq"]
    assert {view.name: view.problem is None for view in other.list()} == {"groq": False, "mistral": True}


def test_declared_providers_follow_the_file(providers: Providers, database: Database) -> None:
    providers.declare(
        [NewProvider(name="groq"), NewProvider(name="mistral")], {"groq": SECRET, "mistral": SECRET}
    )
    assert [(view.name, view.owner, view.secret) for view in providers.list()] == [
        ("groq", "file", "…ngth"),
        ("mistral", "file", "…ngth"),
    ]
    assert len(providers.hosted().hosts) == 2
    with database.read() as connection:
        assert secret_store.listed(connection, "provider") == []
    before = current_revision(database)
    providers.declare(
        [NewProvider(name="groq"), NewProvider(name="mistral")], {"groq": SECRET, "mistral": SECRET}
    )
    assert current_revision(database) == before
    providers.declare([NewProvider(name="groq", enabled=False)], {"groq": SECRET})
    assert [(view.name, view.enabled) for view in providers.list()] == [("groq", False)]
    assert current_revision(database) == before + 1


def test_declared_providers_are_read_only_and_take_nothing_over(providers: Providers) -> None:
    providers.add(NewProvider(name="mistral"), secret=SECRET)
    providers.declare([NewProvider(name="groq")], {"groq": SECRET})
    assert len(providers.list()) == 2
    for change in (
        lambda: providers.remove("groq"),
        lambda: providers.set_secret("groq", "x" * 20),
        lambda: providers.set_enabled("groq", False),
    ):
        with pytest.raises(Complaint, match="configuration file"):
            change()
    with pytest.raises(Complaint, match="each object has one owner"):
        providers.declare([NewProvider(name="mistral")], {"mistral": SECRET})


def test_a_provider_is_called_with_what_its_cloud_gave(
    database: Database, vault: Vault, begun: Beginning
) -> None:
    up = False

    def cloud(source: Source) -> Grant:
        if not up:
            raise Complaint("control.credentials.silent", cloud="Google", place="x")
        return Grant(time.time() + 3600, "of-google")

    keeper = Keeper(cloud)
    providers = Providers(database, vault, begun.organisation_id, load(), keeper)
    providers.add(NewProvider(name="vertex", settings={"project": "p"}), secret='{"type": "machine"}')
    assert providers.find("vertex").state == "ready"  # nobody has asked yet
    (host,) = providers.hosted(asking=False).hosts
    assert host.name == "vertex"
    assert providers.hosted().hosts == ()
    assert "did not answer in time" in (providers.find("vertex").problem or "")
    outcome = providers.test("vertex")
    assert (outcome.verdict, outcome.ok) == ("no_token", False)
    up = True
    keeper.ask_again(GoogleMachine("https://www.googleapis.com/auth/cloud-platform"))
    (host,) = providers.hosted().hosts
    assert ("Authorization", "Bearer of-google") in host.headers
    assert providers.find("vertex").problem is None


def test_a_pair_goes_to_the_workers_to_sign_with(providers: Providers) -> None:
    secret = '{"access_key_id": "AKIA1", "secret_access_key": "hush"}'
    view = providers.add(NewProvider(name="bedrock", settings={"region": "eu-west-3"}), secret=secret)
    assert view.secret == "AKIA1"
    (host,) = providers.hosted().hosts
    assert host.signing == Signing("AKIA1", "hush", "eu-west-3", "bedrock")
    assert "authorization" not in {name.lower() for name, _ in host.headers}
    with pytest.raises(Complaint, match="takes no credentials"):
        providers.add(NewProvider(name="openai"), secret=secret)
