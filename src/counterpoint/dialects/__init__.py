"""Dialects: one folder per public API, each translating only to and from canonical. Pure, sans-IO.

Adding one: a folder with `requests`, `responses`, `streams`, `errors`, a class that satisfies
`base.ChatDialect` (or `base.EmbedDialect`), and a line in `registry`.
"""
