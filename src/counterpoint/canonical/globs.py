"""Names and glob patterns over them, matched whatever their case: one meaning wherever models, hosts and makers are
named. A host may well answer to a name in another case, so that a rule which regarded it could be walked around."""

from fnmatch import fnmatchcase
from functools import lru_cache


@lru_cache(maxsize=8192)
def fits(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether any of `patterns` matches. Asked for every offering of every plan, with few distinct answers."""
    folded = name.casefold()
    return any(fnmatchcase(folded, pattern.casefold()) for pattern in patterns)
