import pytest

from counterpoint.knowledge.parsing.draft import Draft
from counterpoint.knowledge.parsing.ooxml import (
    Package,
    child,
    children,
    descendants,
    get,
    microseconds,
    name_of,
    parse_xml,
)
from counterpoint.knowledge.parsing.outcome import DAMAGED, PARTS_DAMAGED, UnreadableError
from tests.office.making import archive, relations, word

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a ['
    + "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "ha"}">' for i in range(12))
    + "]><a>&e11;</a>"
)


def test_elements_are_found_without_their_namespaces() -> None:
    root = parse_xml(b'<a xmlns="urn:x"><b y:k="1" xmlns:y="urn:y"><c/><c/></b><!-- no --></a>')
    assert name_of(root) == "a"
    assert get(child(root, "b"), "k") == "1"
    assert len(list(children(child(root, "b"), "c"))) == 2
    assert [name_of(each) for each in descendants(root, "b", "c")] == ["b", "c", "c"]
    assert child(root, "b", "nothing", "further") is None
    assert get(None, "k") == ""


def test_of_alternatives_one_is_read() -> None:
    root = parse_xml(
        b"<a><AlternateContent><Choice><t>1</t></Choice><Fallback><t>2</t></Fallback></AlternateContent></a>"
    )
    assert [each.text for each in descendants(root, "t")] == ["1"]
    only = parse_xml(b"<a><AlternateContent><Fallback><t>2</t></Fallback></AlternateContent></a>")
    assert [each.text for each in descendants(only, "t")] == ["2"]


def test_entities_are_not_expanded_and_nothing_is_fetched() -> None:
    root = parse_xml(BOMB.encode())
    assert root is None or len("".join(root.itertext())) < 1000
    outside = parse_xml(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')
    assert outside is None or "root" not in "".join(outside.itertext())


def test_relations_lead_from_part_to_part_and_never_outside() -> None:
    package = Package(word("", footnotes=""))
    name, root = package.main("word/document.xml")
    assert (name, name_of(root)) == ("word/document.xml", "document")
    assert package.of_kind(name, "footnotes") == "word/footnotes.xml"
    outside = relations(("x", "hyperlink", "http://e.org")).replace(
        "<Relationship ", '<Relationship TargetMode="External" '
    )
    assert Package(archive({"_rels/.rels": outside})).related("") == {}


def test_a_package_without_its_main_part_is_damaged() -> None:
    with pytest.raises(UnreadableError) as caught:
        Package(archive({"[Content_Types].xml": "<Types/>"})).main("word/document.xml")
    assert caught.value.outcome.reason == DAMAGED


def test_a_broken_part_is_said_to_be() -> None:
    draft, package = Draft(), Package(archive({"a.xml": b"\x00\x01"}))
    package.remarks_to(draft)
    assert package.xml("a.xml") is None
    assert package.xml("b.xml") is None
    assert draft.finish().remarks == (PARTS_DAMAGED,)


def test_a_package_says_who_wrote_it_and_what_is_in_it() -> None:
    core = "<c><title>Plan</title><creator>Ada</creator><modified>2024-05-01T10:00:00Z</modified></c>"
    draft = Draft()
    Package(archive({"docProps/core.xml": core, "word/embeddings/book.xlsx": "x"})).describe(draft)
    parsed = draft.finish()
    assert (parsed.title, parsed.author, parsed.modified) == ("Plan", "Ada", 1714557600000000)
    assert parsed.attachments == ("book.xlsx",)


def test_a_time_without_a_zone_is_utc() -> None:
    assert microseconds("1970-01-01T00:00:01") == 1_000_000
    assert microseconds("yesterday") is None
