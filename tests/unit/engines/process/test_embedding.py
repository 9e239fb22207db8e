import base64
import math
import struct
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from counterpoint.canonical import EmbedRequest, EmbedResponse, FailureKind
from counterpoint.engines.manifest import MANIFEST, encode_manifest, read_manifest
from tests.engines import CHAT, EMBED, LocalModels, asked


def vectors(local: LocalModels, *texts: str, **fields: object) -> list[tuple[float, ...]]:
    request = msgspec.structs.replace(EmbedRequest(EMBED, texts), **fields)
    answer = local.begin(request, "embed").end()
    assert isinstance(answer, EmbedResponse), answer
    assert [each.index for each in answer.data] == list(range(len(texts)))
    assert answer.usage.input > 0
    return [each.vector for each in answer.data if not isinstance(each.vector, str)]


def likeness(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_meaning_counts_across_languages(local: LocalModels) -> None:
    cat, chat, market, bourse = vectors(
        local,
        "The cat sleeps on the sofa.",
        "Le chat dort sur le canapé.",
        "Stock markets fell sharply on Monday.",
        "La bourse a fortement chuté lundi.",
    )
    assert all(math.isclose(likeness(each, each), 1, rel_tol=1e-4) for each in (cat, chat, market, bourse))
    assert len(cat) == 384
    assert likeness(cat, chat) > max(likeness(cat, market), likeness(cat, bourse)) + 0.03
    assert likeness(market, bourse) > max(likeness(market, cat), likeness(market, chat)) + 0.03


def test_questions_and_passages_are_told_apart_when_said(local: LocalModels) -> None:
    (passage,) = vectors(local, "where is the cat")
    (same,) = vectors(local, "where is the cat", extensions={"any": {"input_type": "search_document"}})
    (query,) = vectors(local, "where is the cat", extensions={"any": {"input_type": "query"}})
    (task,) = vectors(local, "where is the cat", extensions={"any": {"taskType": "RETRIEVAL_QUERY"}})
    assert task == query
    assert passage == same
    assert query != passage
    for odd in ("poem", {"a": 1}, 5):
        wrong = EmbedRequest(EMBED, ("a",), extensions={"any": {"input_type": odd}})
        assert local.failure(wrong, "embed").param == "input_type"


def test_many_texts_come_back_in_order(local: LocalModels) -> None:
    texts = [f"text number {index}" for index in range(40)]
    many = vectors(local, *texts)
    (alone,) = vectors(local, texts[33])
    assert likeness(many[33], alone) > 0.999


def test_base64_is_the_same_vector(local: LocalModels) -> None:
    (plain,) = vectors(local, "a")
    answer = local.begin(EmbedRequest(EMBED, ("a",), encoding="base64"), "embed").end()
    assert isinstance(answer, EmbedResponse)
    packed = answer.data[0].vector
    assert isinstance(packed, str)
    assert struct.unpack("<384f", base64.b64decode(packed)) == pytest.approx(plain, abs=1e-6)


def test_what_it_cannot_do_is_refused(local: LocalModels) -> None:
    for request, param in [
        (EmbedRequest(EMBED, ((1, 2),)), "input"),
        (EmbedRequest(EMBED, ()), "input"),
        (EmbedRequest(EMBED, ("a",), dimensions=100), "dimensions"),
    ]:
        failure = local.failure(request, "embed")
        assert (failure.kind, failure.param) == (FailureKind.unsupported, param)
    assert vectors(local, "a", dimensions=384)
    long = local.failure(EmbedRequest(EMBED, ("word " * 9000,)), "embed")
    assert long.kind is FailureKind.context_exceeded
    chat = local.failure(msgspec.structs.replace(asked("x"), model=EMBED))
    assert chat.code == "unsupported_operation"
    assert local.failure(EmbedRequest(CHAT, ("a",)), "embed").code == "unsupported_operation"


@pytest.fixture(scope="module")
def gguf(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalModels]:
    """Any GGUF model can make vectors: here the chat model, its tokens' mean, cut short on purpose."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "vectors").mkdir()
    manifest = read_manifest(models / CHAT / MANIFEST)
    manifest = msgspec.structs.replace(
        manifest,
        name="vectors",
        kind="embed",
        file=str(models / CHAT / manifest.file),
        capabilities=("embed", "dimensions"),
        query_prefix="query: ",
        context=512,
    )
    (folder / "vectors" / MANIFEST).write_bytes(encode_manifest(manifest))
    running = LocalModels(folder)
    yield running
    running.stop()


def test_a_gguf_model_makes_vectors(gguf: LocalModels) -> None:
    def one(text: str, **fields: object) -> tuple[float, ...]:
        request = msgspec.structs.replace(EmbedRequest("vectors", (text,)), **fields)
        answer = gguf.begin(request, "embed").end()
        assert isinstance(answer, EmbedResponse), answer
        vector = answer.data[0].vector
        assert not isinstance(vector, str)
        return vector

    whole = one("The cat sleeps.")
    assert len(whole) == 576
    assert math.isclose(likeness(whole, whole), 1, rel_tol=1e-3)
    short = one("The cat sleeps.", dimensions=64)
    assert len(short) == 64
    assert math.isclose(likeness(short, short), 1, rel_tol=1e-3)
    query = one("The cat sleeps.", extensions={"any": {"input_type": "query"}})
    assert query == pytest.approx(one("query: The cat sleeps."), abs=1e-3)
    failure = gguf.failure(EmbedRequest("vectors", ("word " * 3000,)), "embed")
    assert failure.kind is FailureKind.context_exceeded
    assert "512" in failure.message
