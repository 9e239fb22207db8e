"""One call from admission to settlement.

`Exchange` is a pure state machine: events in (request, upstream head, upstream bytes, engine event, time,
client gone), commands out (open an attempt, respond, settle). `Gateway` is the driver that alone runs commands on
sockets. What the gateway needs from elsewhere stands in `ports`.
"""

from counterpoint.gateway.exchange import Exchange
from counterpoint.gateway.names import Names
from counterpoint.gateway.service import Gateway

__all__ = ["Exchange", "Gateway", "Names"]
