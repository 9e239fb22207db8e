"""Limits as control keeps them: how they stand, and what is leased of them to whom."""
