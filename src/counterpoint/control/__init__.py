"""What people configure and read: organisations, projects, keys, providers, secrets, rules, usage.

Services here are the use cases over the stores; decisions are pure functions (`..._rules`). Only the control
process runs them; a gateway worker gets what `publish` makes of them. This file imports nothing: take each
service from its module.
"""
