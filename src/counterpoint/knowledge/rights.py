"""Who may see what. Pure.

A principal is text: `user:<account>`, `group:<group>`, `all:<organisation>` (whoever is signed in there). An asker has
several, a document's readers are several, and one in common lets him see it. What a source calls its people and groups
is mapped to principals by e-mail and by name; what cannot be mapped is nobody, and no readers mean no access.
"""

from collections.abc import Collection


def user(account: str) -> str:
    """One person."""
    return f"user:{account}"


def group(id_: str) -> str:
    """Whoever belongs to it."""
    return f"group:{id_}"


def everybody(organisation: str) -> str:
    """Whoever is signed in."""
    return f"all:{organisation}"


def asker(organisation: str, account: str, groups: Collection[str]) -> frozenset[str]:
    """All principals that a person is."""
    return frozenset({user(account), everybody(organisation), *map(group, groups)})


def narrowed(before: Collection[str], wanted: frozenset[str], everyone: str) -> frozenset[str]:
    """Whom both let in. `everyone`: the principal that whoever is signed in is."""
    if everyone in wanted:
        return frozenset(before)
    return wanted if everyone in before else wanted & frozenset(before)


def may_see(principals: frozenset[str], readers: Collection[str]) -> bool:
    """Whether one of them is among the readers."""
    return not principals.isdisjoint(readers)
