"""Durations and sizes as people write them: `90s`, `5m`, `1.5h`, `512MiB`, `4 GB`."""

import re

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {
    "b": 1,
    "k": 1024,
    "kb": 1000,
    "kib": 1024,
    "m": 1024**2,
    "mb": 1000**2,
    "mib": 1024**2,
    "g": 1024**3,
    "gb": 1000**3,
    "gib": 1024**3,
    "t": 1024**4,
    "tb": 1000**4,
    "tib": 1024**4,
}


def parse_seconds(value: str | float) -> float | None:
    """Seconds; a bare number is seconds. `None` if it is no duration."""
    if isinstance(value, int | float):
        return float(value) if value >= 0 else None
    found = _NUMBER.fullmatch(value.strip())
    if found is None:
        return None
    unit = _SECONDS.get(found[2].lower() or "s")
    return float(found[1]) * unit if unit is not None else None


def parse_bytes(value: str | int) -> int | None:
    """Bytes; a bare number is bytes. `None` if it is no size."""
    if isinstance(value, int):
        return value if value >= 0 else None
    found = _NUMBER.fullmatch(value.strip())
    if found is None:
        return None
    unit = _BYTES.get(found[2].lower() or "b")
    return int(float(found[1]) * unit) if unit is not None else None
