import io
import zipfile

import pytest

from counterpoint.knowledge.parsing.kinds import ending_of, kind_of
from counterpoint.knowledge.parsing.outcome import DAMAGED, EMPTY, ENCRYPTED, UNKNOWN, UnreadableError
from tests.office import making


def refusal(name: str, data: bytes) -> tuple[str, dict[str, str]]:
    with pytest.raises(UnreadableError) as caught:
        kind_of(name, "", data)
    return caught.value.outcome.reason, caught.value.outcome.values


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.xlsx", making.word(""), "docx"),
        ("a", making.workbook({"One": ()}), "xlsx"),
        ("a.txt", making.pdf([(10, 10, 10, "x")]), "pdf"),
        ("a.pdf", b"\n\n%PDF-1.7 ...", "pdf"),
        ("a.doc", b"{\\rtf1 hello}", "rtf"),
        ("a.gif", b"\x89PNG\r\n\x1a\n....", "image"),
        ("a.bin", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image"),
        ("a.txt", b"BM is what this begins with", "txt"),
        ("mail", b"From: a@b.c\r\nTo: d@e.f\r\nSubject: Hello\r\n\r\nBody", "eml"),
        ("letter.eml", b"X-Odd: 1\r\n\r\nBody", "eml"),
        ("a.php", b"<!DOCTYPE html><html><body>x</body></html>", "html"),
        ("a.csv", b"a;b\n1;2", "csv"),
        ("a.md", b"# x", "md"),
        ("a", b'{"a": 1}', "json"),
        ("a.py", b"print()", "txt"),
        ("a.txt", "été".encode("utf-16"), "txt"),
        ("a.txt", "plain".encode("utf-16-le"), "txt"),
        ("a.msg", making.compound({"__properties_version1.0": b"", "__substg1.0_0037001F": b"x"}), "msg"),
        ("a.doc", making.compound({"WordDocument": b"x"}), "doc"),
        ("a.doc", making.compound({"Workbook": b"x"}), "xlsx"),
        (
            "a.zip",
            making.archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}),
            "odt",
        ),
        ("a.zip", making.archive({"mimetype": "application/epub+zip"}), "epub"),
    ],
)
def test_bytes_say_what_a_file_is_whatever_it_is_called(name: str, data: bytes, kind: str) -> None:
    assert kind_of(name, "", data) == kind


def test_a_media_type_helps_where_bytes_and_name_do_not() -> None:
    assert kind_of("download", "text/csv; charset=utf-8", b"a,b\n1,2") == "csv"
    assert kind_of("data.csv", "text/plain", b"a,b\n1,2") == "csv"


def test_what_is_refused_says_why() -> None:
    assert refusal("a.docx", b"") == (EMPTY, {})
    assert refusal("a.txt", b" \n\x00") == (EMPTY, {})
    assert refusal("a.docx", making.compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"})) == (
        ENCRYPTED,
        {},
    )
    assert refusal("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more") == (DAMAGED, {})
    assert refusal("a.msi", making.compound({"Something": b"x"})) == (UNKNOWN, {"kind": "ole"})
    assert refusal("a.docx", b"PK\x03\x04 and no more") == (DAMAGED, {})
    assert refusal("a.zip", making.archive({"a.txt": "x"})) == (UNKNOWN, {"kind": "zip"})
    assert refusal("a.docx", making.archive({"a.txt": "x"})) == (DAMAGED, {})
    assert refusal("a.gz", b"\x1f\x8b\x08...") == (UNKNOWN, {"kind": "gzip"})
    assert refusal("a.pdf", bytes(range(256)) * 40) == (DAMAGED, {})
    assert refusal("a.xyz", bytes(range(256)) * 40) == (UNKNOWN, {"kind": "xyz"})
    manifest = "<manifest:encryption-data/>"
    sealed = {"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": manifest}
    assert refusal("a.odt", making.archive(dict(sealed))) == (ENCRYPTED, {})


def test_a_zip_with_a_password_is_encrypted() -> None:
    buffer = io.BytesIO(making.archive({"word/document.xml": "x"}))
    data = bytearray(buffer.getvalue())
    # The bit that says so, in the entry and in the directory (APPNOTE 4.4.4).
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert zipfile.is_zipfile(io.BytesIO(data))
    assert refusal("a.docx", bytes(data)) == (ENCRYPTED, {})


def test_an_ending_is_found_behind_the_last_dot_of_the_name() -> None:
    assert ending_of("C:\\x.y\\Report.PDF") == "pdf"
    assert ending_of("folder.d/none") == ""
