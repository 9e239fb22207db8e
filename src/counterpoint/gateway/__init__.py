"""One call from admission to settlement.

`Exchange` is a pure state machine: events in (request, upstream head, upstream bytes, engine event, time,
client gone), commands out (open an attempt, respond, settle). `Gateway` is the driver that alone runs commands on
sockets. What the gateway needs from elsewhere stands in `ports`. Control, which explains routes, imports `routing`
alone: nothing is imported here.
"""
