"""The composition root: the only place that names both sides of a port.

One control process (supervision, admin API, ledger shipping; it alone opens the database), gateway workers that
know only what the control process tells them over a private socket (`link`), one process per local model.
"""
