"""Counterpoint: one endpoint for every AI model, dependent on none."""

__version__ = "0.1.0"
