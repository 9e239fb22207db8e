"""Local models: each in a process of its own, offline, behind a Unix socket.

Why processes: the runtimes are native code that reads files from strangers. A crash, a leak or a flaw there
must take one model down for a moment, never the gateway. `store` keeps the files, `supervisor` the processes,
`client` is what a gateway worker calls them with, `process` is what runs inside.
"""
