"""The only sockets out of the data plane: pooled, hand-framed HTTP/1.1 towards hosts.

General clients cost more per request than the whole gateway (httpx 4 ms, aiohttp 0.2 ms, measured on one
core; see `docs/benchmarks.md`), and none calls back without a task per request. The peer here is a host that an
administrator chose, not an attacker, so a small strict framer is enough.
"""

from counterpoint.transport.connection import Receiver
from counterpoint.transport.pool import Origin, Pool, Sending

__all__ = ["Origin", "Pool", "Receiver", "Sending"]
