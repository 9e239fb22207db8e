import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from counterpoint.canonical import FailureKind
from counterpoint.engines.manifest import MANIFEST
from counterpoint.engines.openmp import openmp_environment
from counterpoint.engines.process.native import context_exceeded, failure_of
from tests.engines import CHAT

PROGRAM = """
import asyncio, json, os, socket, sys
from pathlib import Path
from counterpoint.canonical.errors import Refused
from counterpoint.engines.manifest import read_manifest
from counterpoint.engines.process.native import NativeServer
from counterpoint.engines.process.settings import Settings
manifest = read_manifest(Path(sys.argv[1]))
path = Path(sys.argv[2])
weights = Path(sys.argv[1]).parent / manifest.file
native = NativeServer(manifest, weights, None, Settings(context=1024, parallel=1), path)

def bare(key):
    with socket.socket(socket.AF_UNIX) as plain:
        plain.connect(str(path))
        head = f"authorization: Bearer {key}\\r\\n" if key else ""
        plain.sendall(f"GET /props HTTP/1.1\\r\\nhost: x\\r\\n{head}connection: close\\r\\n\\r\\n".encode())
        return plain.recv(100).decode().split(" ")[1]

async def main():
    said = {}
    said["cache_ram_mib"] = native.parameters.cache_ram_mib
    said["without key"] = bare("")
    said["with a wrong key"] = bare("guess")
    said["mode"] = oct(path.stat().st_mode & 0o777)
    said["context"] = (await native.ask("/props"))["default_generation_settings"]["n_ctx"]
    body = {"messages": [{"role": "user", "content": "Hi"}], "stream": True, "max_tokens": 4}
    said["chunks"] = len([chunk async for chunk in native.stream("/v1/chat/completions", body)])
    stream = native.stream("/v1/chat/completions", {**body, "max_tokens": 900})
    await anext(stream)
    await stream.aclose()
    while any(slot["is_processing"] for slot in await native.ask("/slots")):
        await asyncio.sleep(0.05)
    long = {**body, "messages": [{"role": "user", "content": "word " * 600}], "max_tokens": 1}
    reading = asyncio.create_task(anext(native.stream("/v1/chat/completions", long)))
    while not any(slot["is_processing"] for slot in await native.ask("/slots")):
        await asyncio.sleep(0)
    reading.cancel()
    again = [chunk async for chunk in native.stream("/v1/chat/completions", long)]
    said["read before it was cancelled"] = again[-1]["timings"]["cache_n"]
    for bad in ({"messages": 1}, {**body, "temperature": "hot"}):
        try:
            await native.ask("/v1/chat/completions", bad)
        except Refused as refused:
            said.setdefault("refused", []).append(refused.failure.kind.value)
    said["tcp"] = sum(len(open(f"/proc/self/net/{name}").readlines()) - 1 for name in ("tcp", "tcp6"))
    print(json.dumps(said), flush=True)
    os._exit(0)

from counterpoint.engines.isolation import leave_network
asyncio.run(main())
"""


@pytest.fixture(scope="module")
def said(models: Path) -> dict[str, object]:
    """What a native server says of itself; in a process of its own, as it takes over signals."""
    with tempfile.TemporaryDirectory(prefix="counterpoint-") as folder:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(models / CHAT / MANIFEST), f"{folder}/n.sock"],
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, **openmp_environment(Path(folder, "lib")), "OMP_WAIT_POLICY": "PASSIVE"},
        )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_no_prompt_is_kept_beside_the_slots(said: dict[str, object]) -> None:
    """The cache that hands prompts computed under one adapter to calls without it is off."""
    assert said["cache_ram_mib"] == 0


def test_its_private_channel_is_private(said: dict[str, object]) -> None:
    assert (said["without key"], said["with a wrong key"]) == ("401", "401")
    assert said["mode"] == "0o600"


def test_it_answers_streams_and_stops_when_the_stream_is_left(said: dict[str, object]) -> None:
    assert said["context"] == 1024
    assert isinstance(said["chunks"], int)
    assert said["chunks"] >= 4


def test_it_stops_reading_when_nobody_waits(said: dict[str, object]) -> None:
    """The same prompt, sent again, finds less than the whole of it read."""
    read = said["read before it was cancelled"]
    assert isinstance(read, int)
    assert read < 500


def test_what_it_objects_to_is_told(said: dict[str, object]) -> None:
    assert said["refused"] == ["bad_request", "bad_request"] or "refused" in said


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (
            {"error": {"type": "exceed_context_size_error", "n_prompt_tokens": 9, "n_ctx": 5}},
            "context_exceeded",
        ),
        ({"error": {"message": "input (2001 tokens) is too large to process: 512"}}, "context_exceeded"),
        ({"error": {"message": "Context size has been exceeded.", "code": 500}}, "overloaded"),
        ({"error": {"message": "no", "type": "invalid_request_error"}}, "bad_request"),
        ({"error": {"message": "boom", "type": "server_error"}}, "upstream_error"),
        ({"error": "odd"}, "upstream_error"),
        ("odder", "upstream_error"),
    ],
)
def test_every_error_has_its_kind(answer: object, kind: str) -> None:
    failure = failure_of(answer)
    assert failure.kind is FailureKind(kind)
    assert failure.from_upstream


def test_the_numbers_of_a_context_that_is_too_small() -> None:
    assert "9" in context_exceeded(9, 5).message
    assert "5" in context_exceeded(9, 5).message
