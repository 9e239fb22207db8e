"""What we give to operators is what Kubernetes and systemd understand: the chart is rendered by Helm's own code and
checked against Kubernetes' schemas, units by systemd itself."""

import functools
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import helm_python
import kubernetes_validate  # type: ignore[import-untyped]  # it ships no types
import pytest
import yaml

from counterpoint.control.config_check import check

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "deploy" / "helm" / "counterpoint"
UNITS = ROOT / "deploy" / "systemd"
KUBERNETES = ("1.27", "1.33")
SECRET = {"secret": {"values": {"database-url": "postgresql://h/d", "master-key": "x", "admin-token": "y"}}}
EVERYTHING: dict[str, Any] = {
    "secret": {"name": "made-before"},
    "gateway": {
        "autoscaling": {"enabled": True},
        "spool": {"persistent": False},
        "from": [{"namespaceSelector": {"matchLabels": {"team": "a"}}}],
    },
    "studio": {"hosts": ["ai.example.com"], "proxies": ["10.0.0.0/8"]},
    "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
    "networkPolicy": {
        "database": [{"ipBlock": {"cidr": "10.1.2.3/32"}}],
        "egress": [{"ports": [{"protocol": "TCP", "port": 4318}]}],
    },
    "extraEnv": [{"name": "A_PROVIDERS_KEY", "value": "x"}],
    "tolerations": [{"key": "a", "operator": "Exists"}],
    "podAnnotations": {"a": "b"},
}


@functools.cache
def rendered(name: str) -> tuple[dict[str, Any], ...]:
    values = {"small": SECRET, "everything": EVERYTHING}[name]
    with helm_python.Chart.load(str(CHART)) as chart:
        texts = chart.render(values, name="mine", namespace="ai")
    found = [each for text in texts.values() for each in yaml.safe_load_all(text) if each]
    return tuple(found)


def of_kind(name: str, kind: str) -> list[dict[str, Any]]:
    return [each for each in rendered(name) if each["kind"] == kind]


def workloads(name: str) -> dict[str, dict[str, Any]]:
    found = of_kind(name, "Deployment") + of_kind(name, "StatefulSet")
    return {each["metadata"]["name"]: each for each in found}


def test_helm_finds_no_fault_with_the_chart() -> None:
    helm_python.lint(str(CHART))


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("name", ["small", "everything"])
def test_kubernetes_understands_it(name: str, version: str) -> None:
    for each in rendered(name):
        if each["kind"] != "ServiceMonitor":  # of the Prometheus operator, not of Kubernetes
            kubernetes_validate.validate(each, version, strict=True)


@pytest.mark.parametrize("name", ["small", "everything"])
def test_every_part_runs_without_rights_and_can_be_lost(name: str) -> None:
    parts = workloads(name)
    assert sorted(parts) == ["mine-gateway", "mine-studio", "mine-worker"]
    for each in parts.values():
        pod = each["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        security = container["securityContext"]
        assert (security["readOnlyRootFilesystem"], security["allowPrivilegeEscalation"]) == (True, False)
        assert security["capabilities"] == {"drop": ["ALL"]}
        mounts = {mount["name"] for mount in container["volumeMounts"]}
        claims = each["spec"].get("volumeClaimTemplates", [])
        volumes = {volume["name"] for volume in pod["volumes"]} | {
            claim["metadata"]["name"] for claim in claims
        }
        assert mounts <= volumes
        assert (
            each["spec"]["selector"]["matchLabels"].items()
            <= each["spec"]["template"]["metadata"]["labels"].items()
        )
    budgets = {each["metadata"]["name"] for each in of_kind(name, "PodDisruptionBudget")}
    assert budgets == {"mine-gateway", "mine-studio"}
    assert len(of_kind(name, "NetworkPolicy")) == 3


def test_a_pod_has_time_to_leave() -> None:
    pod = workloads("small")["mine-gateway"]["spec"]["template"]["spec"]
    (configuration,) = of_kind("small", "ConfigMap")
    server = tomllib.loads(configuration["data"]["counterpoint.toml"])["server"]
    assert pod["terminationGracePeriodSeconds"] > server["grace"] + server["leave"]
    probe = pod["containers"][0]["readinessProbe"]
    assert probe["periodSeconds"] * probe["failureThreshold"] + probe["timeoutSeconds"] < server["leave"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("[server]\ncors_origins = ['*']\n", {"cors_origins": ["*"], "grace": 60, "leave": 8}),
        ("[models]\npull = []\n\n[ server ] # ours\nleave = 20", {"grace": 60, "leave": 20}),
        ("[server]\ngrace = '2m'\nleave = 9\n", {"grace": "2m", "leave": 9}),
        ("# [server]\norganisation.zone = 'Europe/Paris'\n", {"grace": 60, "leave": 8}),
        ("[server.tls]\ncert = 'a'\nkey = 'b'", {"tls": {"cert": "a", "key": "b"}, "grace": 60, "leave": 8}),
        ("", {"grace": 60, "leave": 8}),
    ],
)
def test_a_pod_leaves_in_time_whatever_else_the_configuration_says(
    given: str, expected: dict[str, Any]
) -> None:
    with helm_python.Chart.load(str(CHART)) as chart:
        texts = chart.render(SECRET | {"configuration": given}, name="mine", namespace="ai")
    objects = [each for text in texts.values() for each in yaml.safe_load_all(text) if each]
    (configuration,) = [each for each in objects if each["kind"] == "ConfigMap"]
    found = tomllib.loads(configuration["data"]["counterpoint.toml"])
    assert found["server"] == expected
    assert found.get("organisation", {}) == tomllib.loads(given).get("organisation", {})


def test_what_else_may_be_reached_is_said() -> None:
    for each in of_kind("everything", "NetworkPolicy"):
        assert {"ports": [{"protocol": "TCP", "port": 4318}]} in each["spec"]["egress"]


def test_its_configuration_is_one_of_ours(tmp_path: Path) -> None:
    (configuration,) = of_kind("small", "ConfigMap")
    file = tmp_path / "counterpoint.toml"
    file.write_text(configuration["data"]["counterpoint.toml"])
    assert check(file) == []


def test_its_commands_are_ours() -> None:
    program = shutil.which("counterpoint", path=ROOT / ".venv" / "bin")
    assert program is not None
    for each in workloads("everything").values():
        (container,) = each["spec"]["template"]["spec"]["containers"]
        told = subprocess.run(
            [program, container["command"][1], "--help"], capture_output=True, text=True, check=True
        ).stdout
        for argument in container["args"]:
            assert argument.partition("=")[0] in told


def test_without_a_secret_it_says_what_is_missing() -> None:
    with (
        helm_python.Chart.load(str(CHART)) as chart,
        pytest.raises(helm_python.HelmError, match=r"secret\.values\.database-url"),
    ):
        chart.render({}, name="mine", namespace="ai")


def test_systemd_understands_the_units(tmp_path: Path, component: Callable[[str], Path]) -> None:
    program = component("systemd")
    binary = tmp_path / "counterpoint"
    binary.symlink_to(shutil.which("true") or "/bin/true")
    names = []
    for unit in UNITS.iterdir():
        text = unit.read_text().replace("/opt/counterpoint/bin/counterpoint", str(binary))
        (tmp_path / unit.name).write_text(text.replace("User=counterpoint", "User=root"))
        names.append(str(tmp_path / unit.name.replace("@.", "@a.")))
    (tmp_path / "counterpoint-gateway@a.service").write_text(
        (tmp_path / "counterpoint-gateway@.service").read_text()
    )
    found = subprocess.run(
        [program, "verify", "--man=no", *names],
        capture_output=True,
        text=True,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    ours = [line for line in found.stderr.splitlines() if "counterpoint" in line]
    assert (found.returncode, ours) == (0, []), found.stderr
