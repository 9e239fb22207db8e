"""What an operator declares of documents, their index and the models that work with them: the schema, as values.
Sources themselves are made in the studio, by command or by the API."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(min_length=1)]


class KnowledgeSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`store`: where documents and their index lie: a folder, relative to the configuration file, or
    `s3://bucket/prefix`, which many machines share; by default a folder of the data directory. `index`: `lance`, or
    `postgresql` for one in the database. `embedding`: the model that makes vectors, as the gateway calls it.
    `answering`: the model or route that puts answers into words; left out, answers are quotations alone. `unsupported`:
    what becomes of a sentence that nothing supports: `drop`, or `mark`. `folders`: below which sources of kind `folder`
    and `git` may read files of the machine; by default the home directory of whoever runs Counterpoint. `parsers`: how
    many files are read at a time."""

    store: Text | None = None
    index: Literal["lance", "postgresql"] = "lance"
    embedding: Text = "multilingual-e5-small"
    answering: str = ""
    unsupported: Literal["drop", "mark"] = "drop"
    folders: tuple[Text, ...] | None = None
    parsers: Annotated[int, Meta(ge=1, le=64)] = 2
