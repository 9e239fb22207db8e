"""Work that blocks, in a thread that nobody has to wait for.

`asyncio.to_thread` joins its threads when the loop ends, so that a Ctrl-C in the middle of a download would have to
wait for the download. A daemon thread ends with the process; what it does must bear that (downloads do: they are
taken up again at the next start).
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


async def in_daemon_thread(work: Callable[[], T]) -> T:
    """What `work` returns or raises. Cancelling leaves it running and forgets it."""
    outcome: Future[T] = Future()
    outcome.set_running_or_notify_cancel()  # from here on the thread alone settles it

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where it is awaited
            outcome.set_exception(error)

    threading.Thread(target=run, name=getattr(work, "__name__", "work"), daemon=True).start()
    return await asyncio.wrap_future(outcome)
