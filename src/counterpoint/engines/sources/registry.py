"""`ollama:[host/][namespace/]<model>[:tag]`: a model of the registry of that name, or of one's own.

An OCI registry with layers of its own kinds: the manifest names a layer with the weights (a GGUF file), perhaps
one with a vision projector, a system prompt, a licence; every layer is a blob that is named by its SHA-256.
"""

import re
from typing import Any, Final

import msgspec

from counterpoint.engines.sources.base import Found, Place
from counterpoint.engines.sources.download import refused
from counterpoint.engines.sources.web import Web
from counterpoint.i18n.complaint import Complaint

_SPEC: Final = re.compile(
    r"(?:(?P<host>[\w.-]+(?:\.[\w-]+|:\d+|(?<=localhost))(?::\d+)?)/)?"
    r"(?:(?P<namespace>[\w.-]+)/)?(?P<model>[\w.-]+)(?::(?P<tag>[\w.-]+))?",
    re.ASCII,
)
_ACCEPT: Final = "application/vnd.docker.distribution.manifest.v2+json"
_DIGEST: Final = re.compile(r"sha256:([0-9a-f]{64})")
_LONGEST_TEXT: Final = 1 << 20
_LOOPBACK: Final = re.compile(r"(localhost|127\.0\.0\.1)(:\d+)?")


class RegistrySource:
    """One tag of a model."""

    def __init__(self, text: str, host: str, layers: str) -> None:
        match = _SPEC.fullmatch(text)
        if match is None:
            raise Complaint("engines.pull.syntax", source=text, form="[host/][namespace/]<model>[:tag]")
        host = match["host"] or host
        self._layers = layers
        self._model = match["model"]
        self._tag = match["tag"] or "latest"
        scheme = "http" if _LOOPBACK.fullmatch(host) else "https"
        self._base = f"{scheme}://{host}/v2/{match['namespace'] or 'library'}/{self._model}"
        self._web = Web()

    def find(self) -> Found:
        """The layers that matter."""
        place = Place(f"{self._base}/manifests/{self._tag}", f"{self._model}:{self._tag}", self._web)
        layers: dict[str, Place] = {}
        for layer in self._manifest(place).get("layers", []):
            kind = str(layer.get("mediaType", ""))
            digest = _DIGEST.fullmatch(str(layer.get("digest", "")))
            if kind.startswith(self._layers) and digest is not None:
                layers[kind.removeprefix(self._layers)] = Place(
                    f"{self._base}/blobs/sha256:{digest[1]}",
                    f"{self._model}-{self._tag}.gguf",
                    self._web,
                    sha256=digest[1],
                    size=layer.get("size"),
                )
        if "model" not in layers:
            raise Complaint("engines.pull.no_weights", kind="not_found", source=place.filename)
        return Found(
            place=layers["model"],
            name=f"{self._model}-{self._tag}",
            licence=self._text(layers.get("license")).strip().partition("\n")[0][:120],
            system=self._text(layers.get("system")) or None,
            projector=layers.get("projector"),
        )

    def _manifest(self, place: Place) -> dict[str, Any]:
        with self._web.open(place.url, (("Accept", _ACCEPT),)) as answer:
            if answer.status != 200:
                raise refused(place, answer)
            try:
                return msgspec.json.decode(answer.read(_LONGEST_TEXT), type=dict[str, Any])
            except msgspec.DecodeError as error:
                raise Complaint(
                    "engines.pull.unreadable", kind="unavailable", place=place.url, reason=error
                ) from error

    def _text(self, place: Place | None) -> str:
        if place is None:
            return ""
        with self._web.open(place.url) as answer:
            if answer.status != 200:
                raise refused(place, answer)
            return answer.read(_LONGEST_TEXT).decode("utf-8", "replace")
