"""Gateways, studio and worker as processes of their own over one PostgreSQL: they are one platform, and replacing any
of them costs no call."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.faults.fleet import KEY, PROGRAM, Fleet, Load, free_port, wait_until

pytestmark = pytest.mark.xdist_group("fleet")


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    made = Fleet(tmp_path_factory.mktemp("fleet"))
    yield made
    made.close()


def ask(
    url: str, body: Any = None, *, token: str = KEY, method: str | None = None, match: str | None = None
) -> Any:
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "application/json"
    if isinstance(body, bytes):
        kind = "multipart/form-data; boundary=b"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
    if match is not None:
        headers["If-Match"] = match
    try:
        with urlopen(Request(url, data, headers, method=method), timeout=60) as answer:
            text = answer.read()
            said = answer.headers["content-type"] or ""
            return json.loads(text) if text and said.startswith("application/json") else text
    except HTTPError as error:
        error.add_note(error.read().decode("utf-8", "replace"))
        raise


def upload(url: str, content: bytes) -> str:
    form = (
        b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="f.jsonl"\r\n\r\n'
        + content
        + b"\r\n--b--\r\n"
    )
    return str(ask(f"{url}/v1/files", form)["id"])


def test_they_are_one_platform(fleet: Fleet) -> None:
    one, two = (fleet.start("gateway", name, "--port", "0") for name in ("one", "two"))
    studio = fleet.start("studio", "studio", "--admin-port", "0")
    worker = fleet.start("worker", "worker")
    first, second = one.told["gateway"], two.told["gateway"]
    api = f"{studio.told['studio']}/api/v1"
    admin = fleet.environment["COUNTERPOINT_ADMIN_TOKEN"]

    # A key that is made in the studio opens both gateways, and one that is revoked opens neither.
    made = ask(f"{api}/keys", {"name": "new"}, token=admin)
    for gateway in (first, second):
        assert ask(f"{gateway}/v1/models", token=made["secret"])["data"]
    ask(f"{api}/keys/{made['key']['id']}/revoke", {}, token=admin)
    for gateway in (first, second):
        wait_until(lambda url=f"{gateway}/v1/models": refused(url, made["secret"]))  # type: ignore[misc]

    # The playground asks a gateway that is known to live.
    call = {"model": "h/m", "messages": [{"role": "user", "content": "hi"}]}
    assert ask(f"{api}/gateway/v1/chat/completions", call, token=admin)["choices"]

    # A file that came in at one is read at the other, and a batch is worked off by the worker.
    lines = [
        {"custom_id": str(n), "method": "POST", "url": "/v1/chat/completions", "body": call} for n in range(9)
    ]
    file = upload(first, "\n".join(map(json.dumps, lines)).encode())
    assert ask(f"{second}/v1/files/{file}")["id"] == file
    order = {"input_file_id": file, "endpoint": "/v1/chat/completions", "completion_window": "24h"}
    batch = ask(f"{second}/v1/batches", order)["id"]
    wait_until(lambda: ask(f"{first}/v1/batches/{batch}")["status"] == "completed")
    done = ask(f"{first}/v1/batches/{batch}")
    assert done["request_counts"] == {"total": 9, "completed": 9, "failed": 0}
    assert len(ask(f"{second}/v1/files/{done['output_file_id']}/content").splitlines()) == 9

    # Everybody knows of everybody, within two signs of life.
    def parts() -> list[tuple[str, bool]]:
        found = ask(f"{api}/status", token=admin)["processes"]
        return sorted((*each["roles"], bool(each["duties"])) for each in found)

    everybody = [("gateway", False), ("gateway", False), ("studio", False), ("worker", True)]
    wait_until(lambda: parts() == everybody)

    # When the worker dies, another one goes on with its duties.
    successor = fleet.start("worker", "worker-2")
    worker.process.kill()
    worker.process.wait()

    def taken_over() -> bool:
        found = ask(f"{api}/status", token=admin)["processes"]
        return any(each["pid"] == successor.process.pid and "tidying" in each["duties"] for each in found)

    wait_until(taken_over)
    for part in (one, two, studio, successor):
        assert part.stop() == 0, part.log.read_text()[-2000:]


def refused(url: str, key: str) -> bool:
    try:
        ask(url, token=key)
    except HTTPError as error:
        return error.code == 401
    return False


def test_workers_are_replaced_without_a_failed_call(fleet: Fleet) -> None:
    gateway = fleet.start("gateway", "rolling", "--port", "0", "--workers", "2")
    load = Load(fleet.background, gateway.port)
    with load.going_on():
        load.reach(50)
        for turn in range(5):
            before = set(gateway.workers())
            if turn % 2:
                gateway.process.send_signal(signal.SIGHUP)
            else:
                environment = fleet.environment
                assert os.spawnve(os.P_WAIT, PROGRAM, _reload(gateway.data), environment) == 0
            wait_until(lambda old=before: not old & set(gateway.workers()))  # type: ignore[misc]
            load.reach(50)
    assert load.failures == []
    assert gateway.stop() == 0
    ledger = fleet.entries()
    assert [id_ for id_ in load.whole if ledger.get(id_) != 1] == []


def _reload(data: Path) -> list[str]:
    return [str(PROGRAM), "gateway", "--reload", "--data", str(data)]


def test_the_next_version_takes_the_port_over_without_a_failed_call(fleet: Fleet) -> None:
    port = free_port()
    gateway = fleet.start("gateway", "upgraded", "--port", str(port), "--workers", "2")
    load = Load(fleet.background, port)
    with load.going_on():
        load.reach(50)
        for _ in range(3):
            following = fleet.start(
                "gateway", "upgraded", "--port", str(port), "--workers", "2", "--take-over"
            )
            assert gateway.process.wait(60) == 0, gateway.log.read_text()[-2000:]
            gateway = following
            load.reach(50)
    assert load.failures == []
    assert gateway.stop() == 0
    ledger = fleet.entries()
    assert [id_ for id_ in load.whole if ledger.get(id_) != 1] == []


def test_a_gateway_that_leaves_says_so_before(fleet: Fleet) -> None:
    own = fleet.folder / "leaving.toml"
    own.write_text(fleet.config.read_text().replace("[server]\n", "[server]\nleave = 15\n"))
    gateway = fleet.start("gateway", "leaving", "--port", "0", "--config", str(own), config=False)
    url = gateway.told["gateway"]
    with urlopen(f"{url}/readyz", timeout=10) as answer:
        assert answer.status == 200
    # It leaves slowly enough that a machine with other work sees it leave.
    gateway.process.send_signal(signal.SIGTERM)

    def leaving() -> bool:
        try:
            with urlopen(f"{url}/readyz", timeout=10):
                return False
        except HTTPError as error:
            return error.code == 503

    wait_until(leaving)
    assert ask(f"{url}/v1/models")["data"], "whoever comes all the same is answered"
    assert gateway.process.wait(60) == 0


def test_sqlite_is_not_shared(fleet: Fleet) -> None:
    environment = {name: value for name, value in fleet.environment.items() if "DATABASE" not in name}
    for role in ("gateway", "studio", "worker"):
        arguments = [str(PROGRAM), role, "--data", str(fleet.folder / "alone")]
        assert os.spawnve(os.P_WAIT, PROGRAM, arguments, environment) == 2


def test_another_master_key_is_refused(fleet: Fleet) -> None:
    first = fleet.start("gateway", "keyed", "--port", "0")
    environment = {name: value for name, value in fleet.environment.items() if "MASTER" not in name}
    arguments = [str(PROGRAM), "gateway", "--port", "0", "--data", str(fleet.folder / "other-key")]
    assert os.spawnve(os.P_WAIT, PROGRAM, arguments, environment) == 5
    assert first.stop() == 0
