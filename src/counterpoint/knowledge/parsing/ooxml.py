"""Office's packages (docx, pptx): parts of XML and the relations between them.

Read as XML rather than through an object model: a document with a missing relation, an unknown element or a broken
part still has a text, and people want it. Names of elements are compared without their namespaces, so that strict and
transitional files (ISO/IEC 29500) read alike.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import unquote

from lxml import etree

from counterpoint.knowledge.parsing.draft import Draft
from counterpoint.knowledge.parsing.outcome import DAMAGED, PARTS_DAMAGED, UnreadableError
from counterpoint.knowledge.parsing.packages import MOST_XML, check_package

Element = Any
"""lxml has no types of its own."""

_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    NotImplementedError,
    EOFError,
    ValueError,
    RuntimeError,
)


def parse_xml(data: bytes) -> Element:
    """The root, or `None` if nothing can be made of it. Entities are left alone and nothing is fetched."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, recover=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def name_of(element: Element) -> str:
    """Without its namespace; nothing for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def get(element: Element, name: str) -> str:
    """An attribute, whatever its namespace."""
    if element is None:
        return ""
    for key, value in element.attrib.items():
        if key == name or key.endswith(f"}}{name}"):
            return str(value)
    return ""


def child(element: Element, *path: str) -> Element:
    """Along the names in `path`, the first of each; `None` if there is none."""
    for name in path:
        if element is None:
            return None
        element = next((each for each in element if name_of(each) == name), None)
    return element


def children(element: Element, name: str) -> Iterator[Element]:
    """Those of that name."""
    return (each for each in element if name_of(each) == name) if element is not None else iter(())


def descendants(element: Element, *names: str) -> Iterator[Element]:
    """Those of these names, in the document's order, each alternative content once."""
    waiting = [element] if element is not None else []
    while waiting:
        each = waiting.pop()
        name = name_of(each)
        if name in names and each is not element:
            yield each
        if name == "AlternateContent":
            # The first choice and the fallback say the same thing.
            choice = child(each, "Choice")
            choice = choice if choice is not None else child(each, "Fallback")
            waiting += [choice] if choice is not None else []
        else:
            waiting += reversed(each)


class Package:
    """A package's parts. What is damaged reads as absent, and `remarks_to` says so once."""

    def __init__(self, data: bytes) -> None:
        check_package(data)
        self._draft: Draft | None = None
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._names = {name.lstrip("/").lower(): name for name in self._archive.namelist()}

    def remarks_to(self, draft: Draft) -> None:
        """Who is told of damaged parts."""
        self._draft = draft

    @property
    def names(self) -> list[str]:
        """Of all parts."""
        return [name.lstrip("/") for name in self._archive.namelist()]

    def xml(self, name: str) -> Element:
        """A part's root; `None` if it is not there or cannot be read."""
        known = self._names.get(name.lstrip("/").lower())
        if known is None:
            return None
        try:
            with self._archive.open(known) as file:
                read = file.read(MOST_XML + 1)
        except _DAMAGED:
            read = b""
        root = parse_xml(read) if 0 < len(read) <= MOST_XML else None
        if root is None and self._draft is not None:
            self._draft.remark(PARTS_DAMAGED)
        return root

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Of a part (`""`: of the package): what it refers to by id, the type's last word and the target's name."""
        folder, file = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        found = {}
        for each in children(root, "Relationship"):
            target = unquote(get(each, "Target"))
            if get(each, "TargetMode") != "External" and target:
                whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found[get(each, "Id")] = (get(each, "Type").rpartition("/")[2], posixpath.normpath(whole))
        return found

    def main(self, usual: str) -> tuple[str, Element]:
        """The part that the package is about, and its root."""
        named = [target for kind, target in self.related("").values() if kind == "officeDocument"]
        for name in (*named, usual):
            root = self.xml(name)
            if root is not None:
                return name, root
        raise UnreadableError(DAMAGED)

    def of_kind(self, name: str, kind: str) -> str:
        """The first part that `name` refers to as a `kind`; empty if there is none."""
        return next((target for said, target in self.related(name).values() if said == kind), "")

    def describe(self, draft: Draft) -> None:
        """Title, author and date as the package says them."""
        root = self.xml(self.of_kind("", "core-properties") or "docProps/core.xml")
        if root is None:
            return
        values = {name_of(each): each.text or "" for each in root}
        draft.title = values.get("title", "")
        draft.author = values.get("creator", "") or values.get("lastModifiedBy", "")
        draft.modified = microseconds(values.get("modified", ""))
        # Files in it are named: what they say is not read.
        for name in self.names:
            if "/embeddings/" in f"/{name}":
                draft.attach(posixpath.basename(name))


def microseconds(written: str) -> int | None:
    """A time of ISO 8601 since the epoch."""
    try:
        time = datetime.fromisoformat(written.strip())
        return int((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1_000_000)
    except (ValueError, OverflowError):
        return None
