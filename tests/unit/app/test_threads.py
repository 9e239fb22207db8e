"""Blocking work that nobody has to wait for."""

import asyncio
import threading

import pytest

from counterpoint.app.threads import in_daemon_thread


def test_what_the_work_returns_or_raises_is_had() -> None:
    assert asyncio.run(in_daemon_thread(lambda: 5)) == 5
    with pytest.raises(ZeroDivisionError):
        asyncio.run(in_daemon_thread(lambda: 1 // 0))


def test_a_loop_can_end_while_the_work_goes_on() -> None:
    release, ended = threading.Event(), threading.Event()

    def work() -> None:
        release.wait(20)
        ended.set()

    async def give_up() -> None:
        working = asyncio.create_task(in_daemon_thread(work))
        await asyncio.sleep(0)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working

    asyncio.run(give_up())
    assert not ended.is_set()
    release.set()
    assert ended.wait(20)
