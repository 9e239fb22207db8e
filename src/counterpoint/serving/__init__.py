"""The only sockets in: HTTP/1.1 for the data plane, hardened parsing (llhttp), nothing else.

A web framework costs more here than all of the gateway's own work (see `docs/benchmarks.md`), so there is
none: a `Connection` per client parses requests, a `Service` answers them through the same connection.
"""

from counterpoint.serving.connection import Connection
from counterpoint.serving.server import Server
from counterpoint.serving.values import Limits, Request, Service

__all__ = ["Connection", "Limits", "Request", "Server", "Service"]
