"""Keeps the load generator on time and, where only CPU time is measured, awake.

Alarms ring through a timerfd: the event loop's own timers are good to one millisecond, which is more than what is
measured.

Were the load generator to sleep while a gateway is saturated, the gateway would pay for waking it: on one machine
it is the sender whose CPU time the wake-up costs (an interrupt to another core, dear in a virtual machine), while
clients and upstreams that stand elsewhere wake themselves. A slow gateway lets its peers sleep more often than a
fast one, so it would pay more. Where latency is measured nothing is saturated, all wake each other alike, and a
load generator that never slept would lose its place to whatever else the machine runs.
"""

import asyncio
import contextlib
import ctypes
import itertools
import os
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from time import monotonic_ns


class _Setting(ctypes.Structure):
    """`struct itimerspec`."""

    _fields_ = (
        ("every_s", ctypes.c_long),
        ("every_ns", ctypes.c_long),
        ("at_s", ctypes.c_long),
        ("at_ns", ctypes.c_long),
    )


class Clock:
    """Rings alarms."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = self._libc.timerfd_create(1, os.O_NONBLOCK | os.O_CLOEXEC)  # 1: CLOCK_MONOTONIC
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "timerfd_create failed")
        self._loop = loop
        self._alarms: list[tuple[int, int, Callable[[], None]]] = []
        self._number = itertools.count()
        self._awake = False
        loop.add_reader(self._fd, self._rung)

    def at(self, due: int, ring: Callable[[], None]) -> None:
        """Call `ring` when `monotonic_ns` has reached `due`."""
        heappush(self._alarms, (due, next(self._number), ring))
        if self._alarms[0][0] == due:
            self._set(due)

    def _set(self, due: int) -> None:
        setting = _Setting(0, 0, due // 1_000_000_000, due % 1_000_000_000)
        if self._libc.timerfd_settime(self._fd, 1, ctypes.byref(setting), None) < 0:  # 1: absolute
            raise OSError(ctypes.get_errno(), "timerfd_settime failed")

    def _rung(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._fd, 8)
        alarms = self._alarms
        while alarms and alarms[0][0] <= monotonic_ns():
            heappop(alarms)[2]()
        if alarms:
            self._set(alarms[0][0])

    @contextlib.contextmanager
    def awake(self) -> Iterator[None]:
        """While this lasts the loop turns without pause."""
        self._awake = True
        self._turn()
        try:
            yield
        finally:
            self._awake = False

    def _turn(self) -> None:
        if self._awake:
            self._loop.call_soon(self._turn)

    def close(self) -> None:
        """Ring no more."""
        self._loop.remove_reader(self._fd)
        os.close(self._fd)
