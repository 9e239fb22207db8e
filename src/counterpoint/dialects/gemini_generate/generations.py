"""What differs between the maker's generations of models, read off their names.

https://ai.google.dev/gemini-api/docs/thinking: from 3 on, levels of thinking; before, a budget of tokens.
https://ai.google.dev/gemini-api/docs/thought-signatures: from 3 on, a call goes back with its signature.
"""

import re

import msgspec

_NAME = re.compile(r"gemini-(\d+)(?:\.(\d+))?-?(pro|flash)?")
UNSIGNED = "skip_thought_signature_validator"
"""Stands, as the maker documents it, for the signature of a call that another model made."""


class Generation(msgspec.Struct, frozen=True):
    """`thinks`: not at all, by a budget, or by levels. `always`: thinking cannot be turned off. `signed`: calls
    without a signature are refused."""

    thinks: str
    always: bool = False
    signed: bool = False


def generation_of(model: str) -> Generation:
    """Of a model by its id at the host; one that is not known is taken for the newest."""
    found = _NAME.search(model)
    if found is None:
        return Generation("no") if "gemma" in model else Generation("levels", always=True)
    major, minor = int(found[1]), int(found[2] or 0)
    if major >= 3:
        return Generation("levels", always=True, signed=True)
    if (major, minor) >= (2, 5):
        return Generation("budget", always=found[3] == "pro")
    return Generation("no")
