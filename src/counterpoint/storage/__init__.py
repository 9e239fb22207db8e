"""Rows, on SQLite and PostgreSQL alike: tables, migrations, and a store per kind of row.

A store is a module of functions over a connection, so that a service decides what belongs to one
transaction. This file imports nothing: take what you need from its module.
"""
