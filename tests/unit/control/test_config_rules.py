from pathlib import Path

from counterpoint.control.config import (
    Configuration,
    KeySection,
    LossSection,
    ModelsSection,
    ProviderSection,
    RulesSection,
    SecretSource,
    ServerSection,
)
from counterpoint.control.config_evidence import LedgerSection, TelemetrySection
from counterpoint.control.config_rules import faults


def test_without_the_catalogue_hosts_are_not_judged() -> None:
    configuration = Configuration(providers=(ProviderSection(name="whoever"),))
    assert faults(configuration, folder=Path(), environ={}) == []
    (fault,) = faults(configuration, folder=Path(), environ={}, hosts={})
    assert fault.sentence == "control.config.host_or_url"


def test_every_section_is_judged() -> None:
    configuration = Configuration(
        server=ServerSection(port=80, admin_port=80),
        providers=(ProviderSection(name="a", secret=SecretSource(env="NOPE")),),
        rules=RulesSection(prefer=("a", "a")),
        keys=(KeySection(name="k"),),
    )
    paths = [fault.path for fault in faults(configuration, folder=Path(), environ={})]
    assert paths == [
        ("server", "admin_port"),
        ("providers", 0, "secret"),
        ("keys", 0),
        ("rules", "prefer", 1),
    ]


def test_the_same_key_name_may_stand_in_two_projects() -> None:
    keys = tuple(KeySection(name="k", project=project, sha256="0" * 64) for project in ("a", "b"))
    assert faults(Configuration(keys=keys), folder=Path(), environ={}) == []


def test_a_default_model_may_be_pulled_by_its_name(tmp_path: Path) -> None:
    models = ModelsSection(pull=("smollm2-135m-instruct", "pypi:package", "nothing-known"))
    found = faults(Configuration(models=models), folder=tmp_path, environ={})
    assert [fault.path for fault in found] == [("models", "pull", 2)]


def test_policies_on_losses_are_judged() -> None:
    losses = (
        LossSection(policy="refuse", codes=("tool.*",)),
        LossSection(policy="warn"),
        LossSection(models="two words", policy="allow", codes=("a;b",)),
    )
    found = faults(Configuration(rules=RulesSection(losses=losses)), folder=Path(), environ={})
    assert [fault.path for fault in found] == [
        ("rules", "losses", 1, "models"),
        ("rules", "losses", 2, "models"),
        ("rules", "losses", 2, "codes"),
    ]


def test_times_networks_and_addresses_that_are_none_are_told() -> None:
    configuration = Configuration(
        server=ServerSection(
            grace="soon", leave="later", admin_proxies=("10.0.0.1", "nope"), gateway_url="gateway:8600"
        ),
        ledger=LedgerSection(keep="9 moons", commit_wait=0),
        telemetry=TelemetrySection(endpoint="collector", metrics_from=("everybody",)),
    )
    assert [fault.path for fault in faults(configuration, folder=Path(), environ={})] == [
        ("server", "admin_proxies", 1),
        ("server", "gateway_url"),
        ("server", "grace"),
        ("server", "leave"),
        ("ledger", "keep"),
        ("ledger", "commit_wait"),
        ("telemetry", "endpoint"),
        ("telemetry", "metrics_from", 0),
    ]
