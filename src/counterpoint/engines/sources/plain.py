"""`file:<path>` and `https://…[#sha256=…]`: a file that one knows the place of."""

import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urldefrag, urlsplit

from counterpoint.engines.sources.base import Found, Place
from counterpoint.engines.sources.web import Web, without_credentials
from counterpoint.i18n.complaint import Complaint

_SHA256: Final = re.compile(r"sha256=([0-9a-fA-F]{64})")


class FileSource:
    """A file on this machine, to be copied."""

    def __init__(self, text: str) -> None:
        path = unquote(urlsplit(f"file:{text}").path) if text.startswith("//") else text
        self._path = Path(path).expanduser().absolute()

    def find(self) -> Found:
        """The file."""
        if not self._path.is_file():
            raise Complaint("engines.pull.no_file", kind="not_found", path=self._path)
        place = Place(self._path.as_uri(), self._path.name, Web(), size=self._path.stat().st_size)
        return Found(place=place, name=self._path.name.removesuffix(".gguf"))


class AddressSource:
    """A file at an address."""

    def __init__(self, text: str) -> None:
        self._url, fragment = urldefrag(text)
        digest = _SHA256.fullmatch(fragment) if fragment else None
        if fragment and digest is None:
            raise Complaint("engines.pull.syntax", source=text, form="https://…#sha256=<64 hex>")
        self._sha256 = digest[1].lower() if digest else None

    def find(self) -> Found:
        """The file; what the server says of it is found out when it is fetched."""
        filename = unquote(urlsplit(self._url).path.rpartition("/")[2]) or "model.gguf"
        address, headers = without_credentials(self._url)
        place = Place(address, filename, Web(), headers, sha256=self._sha256)
        return Found(place=place, name=filename.removesuffix(".gguf"))
