"""Every file of the shared office data ends read, or refused for the right reason; and what is read is all of it.

The files come from parsers' own tests and from bug reports: damaged, protected, made by a fuzzer, or simply odd.
They are read as in production, by children that may crash.
"""

import re
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import kreuzberg
import pytest

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.outcome import (
    DAMAGED,
    ENCRYPTED,
    NO_TEXT,
    PAGES_BY_OCR,
    UNKNOWN,
    Outcome,
    Unreadable,
)
from counterpoint.knowledge.parsing.pool import Parsers
from counterpoint.knowledge.parsing.soundness import faults

SCANS = {"MEDRPT-2024-PAT-3847_medical_report_scan.pdf", "single_table.pdf"}
"""Pictures of text: they take some ten seconds each, the others some milliseconds."""

REFUSED = {
    "51921-Word-Crash067.docx": NO_TEXT,
    "Headers.docx": NO_TEXT,
    "TestTableColumns.docx": NO_TEXT,
    "headerFooter.docx": NO_TEXT,
    "zero-length.docx": NO_TEXT,
    "stress012.docx": NO_TEXT,
    "OPCCompliance_CoreProperties_LimitedXSITypeAttribute_NotPresentFAIL.docx": NO_TEXT,
    "OPCCompliance_CoreProperties_LimitedXSITypeAttribute_PresentWithUnauthorizedValueFAIL.docx": NO_TEXT,
    "OPCCompliance_CoreProperties_SUCCESS.docx": NO_TEXT,
    "TestPackageCoreProperiesGetters.docx": NO_TEXT,
    "51187.pptx": NO_TEXT,
    "61515.pptx": NO_TEXT,
    "sample_pptx_grouping_issues.pptx": NO_TEXT,
    "picture.pptx": NO_TEXT,
    "test-image-jpg-mime.pptx": NO_TEXT,
    "45430.xlsx": NO_TEXT,
    "48779.xlsx": NO_TEXT,
    "62629_target.xlsm": NO_TEXT,
    "customIndexedColors.xlsx": NO_TEXT,
    "duplicate-filename.xlsx": NO_TEXT,
    "empty.xlsx": NO_TEXT,
    "bug53475-password-is-pass.docx": ENCRYPTED,
    "protected_agile.docx": ENCRYPTED,
    "protected_sha512.xlsx": ENCRYPTED,
    "password_protected.xlsx": ENCRYPTED,
    "password.pdf": ENCRYPTED,
    "fake-encrypted.eml": ENCRYPTED,
    "fake-encrypted.msg": ENCRYPTED,
    "clusterfuzz-testcase-minimized-POIFuzzer-6709287337197568.docx": DAMAGED,
    "clusterfuzz-testcase-minimized-POIXWPFFuzzer-6120975439364096.docx": DAMAGED,
    "clusterfuzz-testcase-minimized-POIXSSFFuzzer-5089447305609216.xlsx": DAMAGED,
    "clusterfuzz-testcase-minimized-POIXSSFFuzzer-6419366255919104.xlsx": DAMAGED,
    "clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5636439151607808.xlsx": DAMAGED,
    "clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-6594557414080512.xlsx": DAMAGED,
    "poc-xmlbomb-empty.xlsx": DAMAGED,
    "sample-beta.xlsx": DAMAGED,
    "xlsx-corrupted.xlsx": DAMAGED,
    "stress025.docx": UNKNOWN,
}
"""By name: without a text besides headers, footers and pictures; behind a password; broken; a package of no kind."""

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
FLOORS = {"docx": 0.95, "pptx": 0.95, "xlsx": 0.95, "pdf": 0.9}
"""Of the words that another parser finds, the median over all files of a kind."""


@pytest.fixture(scope="module")
def office(shared: Path) -> Path:
    return shared / "data" / "office"


@pytest.fixture(scope="module")
def read(office: Path) -> Iterator[dict[Path, tuple[Outcome, float]]]:
    """What became of each file, and how long it took."""
    parsers = Parsers()
    found = {}
    try:
        for path in files(office):
            began = time.monotonic()
            found[path] = (parsers.parse(path.name, "", path.read_bytes()), time.monotonic() - began)
        yield found
    finally:
        parsers.close()


def files(office: Path) -> Iterator[Path]:
    for path in sorted(office.rglob("*")):
        if path.is_file() and "groundtruth" not in path.parts and path.name not in {"README.md", "LICENSE"}:
            yield path


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def share(reference: Counter[str], own: Counter[str]) -> float:
    return sum((reference & own).values()) / sum(reference.values())


@pytest.mark.timeout(600)
def test_every_file_is_read_or_refused_for_the_right_reason(read: dict[Path, tuple[Outcome, float]]) -> None:
    assert len(read) > 250
    refused = {
        path.name: outcome.reason for path, (outcome, _) in read.items() if isinstance(outcome, Unreadable)
    }
    assert refused == REFUSED
    for path, (outcome, _) in read.items():
        if isinstance(outcome, Parsed):
            assert list(faults(outcome)) == [], path
            assert outcome.text.strip(), path


def test_scans_are_read_by_recognising_letters(read: dict[Path, tuple[Outcome, float]]) -> None:
    scans = {path.name: outcome for path, (outcome, _) in read.items() if path.name in SCANS}
    assert scans.keys() == SCANS
    for name, outcome in scans.items():
        assert isinstance(outcome, Parsed), name
        assert PAGES_BY_OCR in outcome.remarks
        assert outcome.lines
    medical = scans["MEDRPT-2024-PAT-3847_medical_report_scan.pdf"]
    assert isinstance(medical, Parsed)
    assert "patient" in medical.text.casefold()


def test_the_words_that_another_parser_finds_are_found(read: dict[Path, tuple[Outcome, float]]) -> None:
    config = kreuzberg.ExtractionConfig(use_cache=False, enable_quality_processing=False)
    shares = defaultdict(list)
    for path, (outcome, _) in read.items():
        kind = path.suffix.lstrip(".")
        if kind in FLOORS and isinstance(outcome, Parsed) and path.name not in SCANS:
            try:
                said = kreuzberg.extract_bytes_sync(path.read_bytes(), MEDIA_TYPES[kind], config).content
            except kreuzberg.KreuzbergError:
                continue
            if reference := words(said):
                shares[kind].append(share(reference, words(outcome.text)))
    report(read, shares, "kreuzberg")
    assert {kind for kind, found in shares.items() if median(found) >= FLOORS[kind]} == FLOORS.keys()


def test_the_words_of_the_expected_texts_are_found(read: dict[Path, tuple[Outcome, float]]) -> None:
    shares = defaultdict(list)
    for path, (outcome, _) in read.items():
        expected = path.parent.parent / "groundtruth" / f"{path.name}.md"
        if expected.exists() and isinstance(outcome, Parsed):
            # What stands for a picture, and escaped signs, are no words of the document.
            said = re.sub(r"<!--.*?-->|&\w+;|<[^>]+>|\]\([^)]*\)", " ", expected.read_text("utf-8"))
            shares[path.suffix.lstrip(".")].append(share(words(said), words(outcome.text)))
    report(read, shares, "docling")
    assert median(shares["docx"]) >= 0.95
    assert median(shares["pptx"]) >= 0.95
    assert median(shares["xlsx"]) >= 0.95


def report(read: dict[Path, tuple[Outcome, float]], shares: dict[str, list[float]], against: str) -> None:
    """With `-s`: the figures that docs/knowledge-files.md has."""
    for kind, found in sorted(shares.items()):
        taken = [
            seconds
            for path, (_, seconds) in read.items()
            if path.suffix == f".{kind}" and path.name not in SCANS
        ]
        print(
            f"{kind}: {len(found)} files, words found of {against}'s: median {median(found):.3f},"
            f" mean {sum(found) / len(found):.3f}, {len(taken) / sum(taken):.0f} files a second"
        )
