"""Losses: what the target of a translation cannot express, said out loud instead of dropped."""

from typing import Literal

import msgspec

Severity = Literal["cosmetic", "degraded", "meaning"]
"""`cosmetic`: no effect on the answer (an identifier, a tag). `degraded`: the answer may be slower, dearer
or less exact (a cache mark, a seed). `meaning`: the answer may differ in substance (a tool, an image)."""


class Loss(msgspec.Struct, frozen=True):
    """One thing that a translation could not carry over.

    `code`: stable, dotted, lower case (`image.detail`, `tool.strict`). `path`: where it stood in the
    *source* JSON, as `messages[2].content[0].cache_control`. `severity`: see `Severity`. `detail`: one short
    clause in English for a log or a header, without any of the caller's content.
    """

    code: str
    path: str
    severity: Severity
    detail: str = ""
