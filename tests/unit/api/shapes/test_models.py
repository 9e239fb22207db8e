from datetime import UTC, datetime

from counterpoint.api.shapes.models import model_shape
from counterpoint.engines.manifest import Manifest

PLAIN = Manifest("tiny", "chat", "gguf", "tiny.gguf", "ab", 7)


def test_a_model_without_a_display_name_goes_by_its_own() -> None:
    shape = model_shape(PLAIN, 100)
    assert (shape.display, shape.state, shape.pulled_at) == ("tiny", None, None)


def test_times_are_times() -> None:
    manifest = Manifest("t", "embed", "gguf", "t.gguf", "ab", 7, pulled_at="2026-11-21T22:04:01+00:00")
    assert model_shape(manifest, 1, "ready").pulled_at == datetime(2026, 11, 21, 22, 4, 1, tzinfo=UTC)
