"""Counterpoint: one endpoint for every AI model, dependent on none."""

from importlib.metadata import version

__version__ = version("counterpoint")
