"""Worker processes that cannot start are tried again, less and less often, until they are told to stop."""

import asyncio
from pathlib import Path

from counterpoint.app.workers import Workers
from tests.unit.serving.talk import until


def test_a_worker_without_a_control_process_is_started_again_and_stopped_in_order(tmp_path: Path) -> None:
    async def run() -> None:
        workers = Workers(tmp_path / "nobody.sock", 1)
        workers.start()
        seen: set[int] = set()

        def twice() -> bool:
            seen.update(workers.pids.values())
            return len(seen) >= 2

        async with asyncio.timeout(30):
            await until(twice)
            await workers.stop(1.0)
        assert workers.pids == {}

    asyncio.run(run())
