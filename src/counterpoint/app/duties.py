"""Work in the background that one process of several does at a time. Each duty is claimed by its name; when the
process that does it ends or dies, another one takes over."""

import asyncio
import logging
from collections.abc import Callable

import msgspec

from counterpoint.app.threads import in_daemon_thread
from counterpoint.control.claiming import CLAIM_SECONDS, Claims

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""How often is looked whether what another process did is left undone, and a claim renewed."""


class Duty(msgspec.Struct, frozen=True):
    """`work` is run in a thread about every `seconds`, by one process alone. It may raise: it is run again. Killed in
    the middle, it must be fit to be done again."""

    name: str
    seconds: float
    work: Callable[[], object]


async def attend(duty: Duty, claims: Claims) -> None:
    """For ever: do it, whenever it is ours."""
    while True:
        try:
            mine = await asyncio.to_thread(claims.take, duty.name)
            if mine:
                await _do(duty, claims)
        except Exception:
            log.exception("%s could not be done; tried again later", duty.name)
            mine = False
        await asyncio.sleep(duty.seconds if mine else max(LOOK_SECONDS, duty.seconds / 4))


async def _do(duty: Duty, claims: Claims) -> None:
    """Once, or as often as the claim lasts where that is very often; renewing it as long as the work takes."""
    loop = asyncio.get_running_loop()
    until = loop.time() + CLAIM_SECONDS / 2
    while True:
        doing = asyncio.ensure_future(in_daemon_thread(duty.work))
        while not (await asyncio.wait({doing}, timeout=LOOK_SECONDS))[0]:
            await asyncio.to_thread(claims.take, duty.name)
        doing.result()
        if loop.time() + duty.seconds > until:
            return
        await asyncio.sleep(duty.seconds)
