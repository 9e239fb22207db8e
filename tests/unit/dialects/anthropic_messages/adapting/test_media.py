"""Pictures and documents: data or a web address, of few media types."""

import base64

import pytest

from counterpoint.canonical import Document, Image, Media
from counterpoint.dialects.anthropic_messages.adapting.media import adapt_document, adapt_image
from counterpoint.dialects.losing import Losing
from tests.unit.dialects.anthropic_messages.adapting.asking import asked

WORDS = base64.b64encode("été".encode()).decode()


def losing() -> Losing:
    return Losing(asked(), "local", "anthropic-messages")


@pytest.mark.parametrize(
    "source",
    [Media("data", "AA==", "image/png"), Media("data", "AA==", "image/webp"), Media("url", "HTTPS://a/b")],
)
def test_pictures_that_go_through(source: Media) -> None:
    declared = losing()
    assert adapt_image(Image(source), "p", declared) == Image(source)
    assert declared.losses == []


def test_a_widely_written_media_type_is_put_right() -> None:
    image = adapt_image(Image(Media("data", "AA==", "image/jpg")), "p", losing())
    assert image == Image(Media("data", "AA==", "image/jpeg"))


@pytest.mark.parametrize(
    "source",
    [
        Media("file", "file-1"),
        Media("data", "AA==", "image/tiff"),
        Media("data", "AA=="),
        Media("url", "gs://bucket/a.png"),
        Media("url", "file:///etc/passwd"),
    ],
)
def test_pictures_that_do_not(source: Media) -> None:
    declared = losing()
    assert adapt_image(Image(source), "p", declared) is None
    assert [(loss.code, loss.path, loss.severity) for loss in declared.losses] == [
        ("part.image", "p", "meaning")
    ]


def test_the_wished_resolution_is_lost() -> None:
    declared = losing()
    source = Media("url", "https://a")
    assert adapt_image(Image(source, "low"), "p", declared) == Image(source)
    assert [loss.code for loss in declared.losses] == ["image.detail"]


@pytest.mark.parametrize(
    ("source", "wanted", "codes"),
    [
        (Media("data", "JVBERi0=", "application/pdf"), Media("data", "JVBERi0=", "application/pdf"), []),
        (Media("url", "https://a/b.pdf"), Media("url", "https://a/b.pdf"), []),
        (Media("text", "x", "text/plain"), Media("text", "x", "text/plain"), []),
        (
            Media("data", WORDS, "text/markdown; charset=utf-8"),
            Media("text", "été", "text/plain"),
            ["document.media_type"],
        ),
    ],
)
def test_documents_that_go_through(source: Media, wanted: Media, codes: list[str]) -> None:
    declared = losing()
    assert adapt_document(Document(source), "p", declared) == Document(wanted)
    assert [loss.code for loss in declared.losses] == codes


@pytest.mark.parametrize(
    "source",
    [
        Media("file", "file-1"),
        Media("data", "AA==", "application/msword"),
        Media("data", "AA=="),
        Media("data", "!", "text/plain"),
        Media("data", "/w==", "text/plain"),
        Media("url", "ftp://a"),
    ],
)
def test_documents_that_do_not(source: Media) -> None:
    declared = losing()
    assert adapt_document(Document(source), "p", declared) is None
    assert [loss.code for loss in declared.losses] == ["part.document"]


def test_a_files_name_is_its_title() -> None:
    source = Media("data", "JVBERi0=", "application/pdf", "plan.pdf")
    named, titled = (adapt_document(Document(source, title), "p", losing()) for title in (None, "T"))
    assert named is not None
    assert titled is not None
    assert (named.title, titled.title) == ("plan.pdf", "T")
