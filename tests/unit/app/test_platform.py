"""`counterpoint up`, as whoever starts and stops it meets it; without models, which other tests have."""

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from counterpoint.app.runtime import runtime_folder
from tests.certificates import make_certificates
from tests.running import running

PROGRAM = Path(sys.executable).with_name("counterpoint")
ADMIN_TOKEN = "an-admin-token-for-tests"
NO_MODELS = "[models]\npull = []\n"


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    file = tmp_path / "counterpoint.toml"
    file.write_text(NO_MODELS)
    (tmp_path / "data" / "models").mkdir(parents=True)
    return file


def up(data: Path, *options: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PROGRAM, "up", "--data", data, *options],
        env={**os.environ, "COUNTERPOINT_LANG": "en", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def ready(address: str) -> bool:
    with urlopen(f"{address}/readyz", timeout=10) as answer:
        return bool(answer.status == 200)


def test_it_serves_until_it_is_told_to_stop_and_leaves_nothing_behind(
    tmp_path: Path, configuration: Path
) -> None:
    with running([PROGRAM], tmp_path / "data", "--config", str(configuration)) as platform:
        assert ready(platform.gateway)
        assert ready(platform.studio)
        assert platform.call("/v1/models") == {"object": "list", "data": []}
        assert platform.stop() == 0
        assert platform.members() == {}
        assert not list(runtime_folder(platform.data).iterdir())
        runtime_folder(platform.data).rmdir()
    log = (tmp_path / "data.up.log").read_text()
    assert "Traceback" not in log
    assert platform.key not in log


def test_a_second_start_keeps_the_key_and_a_second_platform_is_refused(
    tmp_path: Path, configuration: Path
) -> None:
    with running([PROGRAM], tmp_path / "data", "--config", str(configuration)) as first:
        refused = up(tmp_path / "data", "--port", "0", "--admin-port", "0", "--config", str(configuration))
        assert refused.returncode == 4
        assert f"process {first.process.pid}" in refused.stderr
    with running([PROGRAM], tmp_path / "data", "--config", str(configuration)) as second:
        assert second.key == first.key
        assert second.sign_in != first.sign_in


def test_the_environment_may_give_the_first_key(tmp_path: Path, configuration: Path) -> None:
    given = {**os.environ, "COUNTERPOINT_DEMO_KEY": "a-key-of-my-own-1234"}
    with running([PROGRAM], tmp_path / "data", "--config", str(configuration), environment=given) as platform:
        assert platform.key == "a-key-of-my-own-1234"
        assert platform.call("/v1/models")["data"] == []


def test_an_address_in_use_is_named_with_the_option_that_changes_it(
    tmp_path: Path, configuration: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = up(tmp_path / "data", "--port", "0", "--admin-port", port, "--config", str(configuration))
    assert refused.returncode == 4
    assert port in refused.stderr
    assert "--admin-port" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_one_port_is_not_enough_for_two(tmp_path: Path, configuration: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    refused = up(tmp_path / "data", "--port", port, "--admin-port", port, "--config", str(configuration))
    assert refused.returncode == 4
    assert f"cannot both listen on port {port}" in refused.stderr


def test_an_address_of_another_machine_is_refused_as_that(tmp_path: Path, configuration: Path) -> None:
    # TEST-NET-1 of RFC 5737: nobody's.
    arguments = ("--host", "192.0.2.1", "--port", "0", "--admin-port", "0", "--config", str(configuration))
    refused = up(tmp_path / "data", *arguments)
    assert refused.returncode == 2
    assert "192.0.2.1" in refused.stderr
    assert "in use" not in refused.stderr


def test_a_worker_that_dies_is_replaced_while_the_platform_goes_on(
    tmp_path: Path, configuration: Path
) -> None:
    with running([PROGRAM], tmp_path / "data", "--config", str(configuration)) as platform:
        children = (
            Path(f"/proc/{platform.process.pid}/task/{platform.process.pid}/children").read_text().split()
        )
        worker = next(
            int(pid) for pid in children if b"app.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
        )
        os.kill(worker, signal.SIGKILL)
        end = time.monotonic() + 30
        while True:
            try:
                assert platform.call("/v1/models")["data"] == []
            except OSError:
                assert time.monotonic() < end, "the gateway did not come back"
            else:
                break


def test_workers_do_not_outlive_a_platform_that_was_killed(tmp_path: Path, configuration: Path) -> None:
    with running([PROGRAM], tmp_path / "data", "--config", str(configuration)) as platform:
        children = (
            Path(f"/proc/{platform.process.pid}/task/{platform.process.pid}/children").read_text().split()
        )
        platform.process.kill()
        platform.process.wait(10)
        for pid in map(int, children):
            while _runs(pid):
                os.sched_yield()


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_gateway_speaks_tls_when_it_is_given_a_certificate(tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path)
    file = tmp_path / "counterpoint.toml"
    (tmp_path / "data" / "models").mkdir(parents=True)
    file.write_text(f'{NO_MODELS}[server.tls]\ncert = "{certificates.chain}"\nkey = "{certificates.key}"\n')
    given = {**os.environ, "COUNTERPOINT_ADMIN_TOKEN": ADMIN_TOKEN}
    with running([PROGRAM], tmp_path / "data", "--config", str(file), environment=given) as platform:
        assert platform.gateway.startswith("https://")
        context = ssl.create_default_context(cafile=certificates.authority)
        address = platform.gateway.removeprefix("https://")
        connection = http.client.HTTPSConnection(address, context=context, timeout=10)
        connection.request("GET", "/v1/models", headers={"x-api-key": platform.key})
        assert connection.getresponse().status == 200
        connection.close()
        assert asked_through_the_studio(platform.studio) == (404, "model_not_found")


def asked_through_the_studio(studio: str) -> tuple[int, str]:
    """Of a model that is not there: the status and the code, which are the gateway's."""
    connection = http.client.HTTPConnection(studio.removeprefix("http://"), timeout=10)
    connection.request(
        "POST",
        "/api/v1/gateway/v1/chat/completions",
        '{"model": "absent", "messages": [{"role": "user", "content": "Hello"}]}',
        {"Authorization": f"Bearer {ADMIN_TOKEN}", "Content-Type": "application/json"},
    )
    answer = connection.getresponse()
    code = json.load(answer)["error"]["code"]
    connection.close()
    return answer.status, code


def test_several_workers_share_the_port(tmp_path: Path, configuration: Path) -> None:
    options = ("--config", str(configuration), "--workers", "2")
    with running([PROGRAM], tmp_path / "data", *options) as platform:
        children = (
            Path(f"/proc/{platform.process.pid}/task/{platform.process.pid}/children").read_text().split()
        )
        workers = [pid for pid in children if b"app.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        assert len(workers) == 2
        for _ in range(20):
            assert platform.call("/v1/models")["data"] == []
