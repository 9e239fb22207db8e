"""One whole call: its answer, or why there is none."""

import asyncio
import threading

import pytest

from counterpoint.control.calling import CallError, call
from counterpoint.transport import Pool
from tests.replaying import Told, replaying


def test_an_answer_comes_whole() -> None:
    with replaying() as host:
        host.told["POST", "/x?y=1"] = Told((b"a", b"b" * 100_000), "text/plain", status=201)

        async def run() -> None:
            pool = Pool()
            answer = await call(pool, "POST", f"{host.url}/x?y=1", {"x-one": "1"}, b"body", 10)
            assert (answer.status, answer.body) == (201, b"a" + b"b" * 100_000)
            pool.close()
            await asyncio.sleep(0)  # connections end on the loop's next turn

        asyncio.run(run())
        assert (host.asked[0].body, host.asked[0].headers["x-one"]) == (b"body", "1")


def test_no_answer() -> None:
    with replaying() as host:
        host.told["GET", "/x"] = Told((b"a",), breaks=True)
        host.told["GET", "/slow"] = Told((b"a",))

        async def run() -> None:
            pool = Pool()
            with pytest.raises(CallError):
                await call(pool, "GET", f"{host.url}/x", {}, b"", 10)
            host.gate = threading.Event()
            with pytest.raises(CallError, match="said nothing"):
                await call(pool, "GET", f"{host.url}/slow", {}, b"", 0.05)
            with pytest.raises(CallError, match="line break"):
                await call(pool, "GET", f"{host.url}/x", {"a": "b\r\nc: d"}, b"", 10)
            with pytest.raises(CallError):
                await call(pool, "GET", "http://127.0.0.1:1/", {}, b"", 10)
            pool.close()
            await asyncio.sleep(0)  # connections end on the loop's next turn

        asyncio.run(run())
        assert host.gate is not None
        host.gate.set()
