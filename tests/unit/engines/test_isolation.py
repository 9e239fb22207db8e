import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

PROGRAM = """
import json, os, resource, socket, sys
from counterpoint.engines import isolation
{prepare}
said = {{}}
for family in ("AF_INET", "AF_INET6", "AF_NETLINK", "AF_UNIX"):
    try:
        socket.socket(getattr(socket, family), socket.SOCK_DGRAM if family != "AF_NETLINK" else socket.SOCK_RAW)
        said[family] = "opened"
    except OSError as error:
        said[family] = error.strerror
try:
    socket.create_connection(("127.0.0.1", {port}), timeout=5)
    said["host"] = "reached"
except OSError as error:
    said["host"] = error.strerror or str(error)
said["core"] = resource.getrlimit(resource.RLIMIT_CORE)
said["data"] = resource.getrlimit(resource.RLIMIT_DATA)[0]
said["uid"] = os.getuid()
said["new_privileges"] = [line for line in open("/proc/self/status") if line.startswith("NoNewPrivs")][0].split()[1]
said["oom"] = open("/proc/self/oom_score_adj").read().strip()
print(json.dumps(said))
"""


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody on this machine who listens on TCP."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def shut_in(prepare: str, listener: socket.socket) -> dict[str, object]:
    """What a process that was prepared so finds it can do."""
    program = PROGRAM.format(prepare=prepare, port=listener.getsockname()[1])
    output = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    ).stdout
    return json.loads(output)  # type: ignore[no-any-return]


def test_without_isolation_the_host_is_reached(listener: socket.socket) -> None:
    """The control: the test below proves something only if this holds."""
    assert shut_in("", listener)["host"] == "reached"


def test_nothing_of_the_network_can_be_reached(listener: socket.socket) -> None:
    found = shut_in(
        "isolation.limit_resources(1 << 30); print(isolation.leave_network(), file=sys.stderr)", listener
    )
    assert found["host"] != "reached"
    assert found["AF_UNIX"] == "opened"
    assert found["core"] == [0, 0]
    assert found["data"] == (1 << 30) + (512 << 20)
    assert found["new_privileges"] == "1"
    assert found["oom"] == "500"
    assert found["uid"] == os.getuid(), "files it creates belong to us"


def test_where_namespaces_are_forbidden_a_filter_does_it(listener: socket.socket) -> None:
    prepare = "isolation._unshare = lambda flags: False; assert isolation.leave_network() == 'filter'"
    found = shut_in(prepare, listener)
    assert found["AF_UNIX"] == "opened"
    assert {found[name] for name in ("AF_INET", "AF_INET6", "AF_NETLINK", "host")} == {"Permission denied"}


def test_an_ordinary_user_gets_a_namespace_too(listener: socket.socket) -> None:
    """Root may make a network namespace outright; everybody else needs a user namespace around it."""
    prepare = "only = isolation._unshare; new = isolation.CLONE_NEWNET\n"
    prepare += "isolation._unshare = lambda flags: flags != new and only(flags)\n"
    found = shut_in(prepare + "print(isolation.leave_network(), file=sys.stderr)", listener)
    assert found["host"] != "reached"
    assert found["uid"] == os.getuid()


def test_it_dies_with_its_parent() -> None:
    child = "import os, time; from counterpoint.engines.isolation import die_with_parent; "
    child += "die_with_parent(os.getppid()); print(os.getpid(), flush=True); time.sleep(60)"
    parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {child!r}]).wait()"
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        grandchild = int(process.stdout.readline())
        process.kill()
    deadline = time.monotonic() + 20
    while os.path.exists(f"/proc/{grandchild}/exe") and _state(grandchild) != "Z":
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _state(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"


def test_a_parent_that_is_gone_already_is_noticed() -> None:
    program = "from counterpoint.engines.isolation import die_with_parent; die_with_parent(1 << 22)"
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert "gone" in done.stderr
