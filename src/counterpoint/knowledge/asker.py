"""Who asks: the principals that he is at this moment, and what his role lets him see besides. Pure."""

import hashlib

import msgspec


class Asker(msgspec.Struct, frozen=True):
    """`account`: his id, `None` for a program. `program`: the id of the token or key that it came with; a name may be
    given again once its holder is no more. `principals`: one of these must be among a document's readers.
    `administers`: he sees which documents there are, though not what they say. `audits`: he sees everybody's
    receipts."""

    organisation: str
    principals: frozenset[str]
    account: str | None = None
    login: str = ""
    administers: bool = False
    audits: bool = False
    program: str = ""

    @property
    def known_as(self) -> str:
        """By which his own receipts are known: his account, or which program it is."""
        if self.account is not None:
            return self.account
        return f"program:{hashlib.sha256((self.program or self.login).encode()).hexdigest()[:27]}"
