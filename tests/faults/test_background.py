"""A worker that dies while it makes an answer in the background: nobody waits for the answer for ever."""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.running import Running, running

SLOW = {"model": "smollm2-135m-instruct", "input": "Tell a very long story.", "max_output_tokens": 1500}
PATIENCE = 240.0
"""As long as a slow machine with other work may take to start a worker, load its model and make an answer."""


def ask(platform: Running, path: str, body: Any = None) -> Any:
    """One call, again while the worker is being started anew."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return platform.call(path, body)
        except OSError:
            assert time.monotonic() < end, "the gateway did not come back"
            time.sleep(0.1)


def worker_of(platform: Running) -> int:
    """Its only gateway worker: a session of its own, so it is found by its parent."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # After the command's name in brackets: state, parent (proc(5)).
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if (
                parent == platform.process.pid
                and "counterpoint.app.worker" in (folder / "cmdline").read_text()
            ):
                return int(folder.name)
    raise AssertionError("there is no worker")


def ended(platform: Running, id_: str) -> Any:
    end = time.monotonic() + PATIENCE
    while (answer := ask(platform, f"/v1/responses/{id_}"))["status"] in ("queued", "in_progress"):
        assert time.monotonic() < end, "it stays as it is"
        time.sleep(0.1)
    return answer


@pytest.mark.timeout(900)
@pytest.mark.xdist_group("faults")
def test_its_answer_has_failed_and_others_go_on(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("counterpoint")
    with running([program], tmp_path / "data") as platform:
        kept = platform.call("/v1/responses", {**SLOW, "max_output_tokens": 8})
        queued = platform.call("/v1/responses", {**SLOW, "background": True})
        assert queued["status"] == "queued"
        os.kill(worker_of(platform), signal.SIGKILL)
        answer = ended(platform, queued["id"])
        assert answer["status"] == "failed"
        assert answer["error"]["code"] == "server_error"
        assert ask(platform, f"/v1/responses/{kept['id']}") == kept
        again = ask(
            platform, "/v1/responses", {**SLOW, "max_output_tokens": 8, "previous_response_id": kept["id"]}
        )
        assert again["previous_response_id"] == kept["id"]
        queued = ask(platform, "/v1/responses", {**SLOW, "background": True})
        data = platform.data
    with running([program], data) as platform:
        assert ended(platform, queued["id"])["status"] in ("failed", "completed", "incomplete")
        assert platform.call(f"/v1/responses/{kept['id']}") == kept
