"""Code that nothing in the product uses. Tests do not count: what only they use is dead all the same.

vulture finds it; its findings about fields are left out, since fields of values are read by name at run
time, and those in `testing`, which is there for others to use.
"""

from collections.abc import Iterator
from pathlib import Path

from vulture.core import Item, Vulture

from scripts.checks.tree import PACKAGE, exceptions, stale

LOOKED_FOR = {"class", "function", "import", "method", "property", "unreachable_code"}
# These register what they decorate with a framework, which then calls it.
REGISTERING = [
    "@*.command*",
    "@*.group*",
    "@*.get*",
    "@*.post*",
    "@*.put*",
    "@*.patch*",
    "@*.delete*",
    "@compiles*",
]


def problems(root: Path) -> list[str]:
    """Everything unused."""
    return list(_problems(root))


def _problems(root: Path) -> Iterator[str]:
    granted, met = exceptions(root, "dead"), set()
    for item in unused(root):
        path = Path(item.filename).resolve().relative_to(root.resolve())
        if path.is_relative_to(PACKAGE / "testing"):
            continue
        where = f"{path}: {item.name}"
        # A bare name excepts it everywhere: a method that a library calls is one in every class.
        name = where if where in granted else str(item.name)
        met.add(name)
        if name not in granted:
            yield f"{path}:{item.first_lineno}: {item.message}"
    yield from stale(granted, met, "dead")


def unused(root: Path) -> list[Item]:
    """vulture's findings of the kinds looked for."""
    vulture = Vulture(ignore_decorators=REGISTERING)
    vulture.scavenge([root / PACKAGE])
    return [item for item in vulture.get_unused_code(min_confidence=60) if item.typ in LOOKED_FOR]
