from pathlib import Path

import pytest

from counterpoint.control.config import Secret, SecretSource
from counterpoint.control.secretsources import read_secret, source_of
from counterpoint.i18n.complaint import Complaint


def test_a_secret_comes_from_a_variable_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("from-file\n")
    environ = {"S": "from-env\n"}  # as a Secret of Kubernetes has it that was made with `echo`
    sources: list[Secret] = ["env:S", SecretSource(env="S"), "file:s", SecretSource(file=str(tmp_path / "s"))]
    assert [read_secret(source, tmp_path, environ) for source in sources] == ["from-env"] * 2 + [
        "from-file"
    ] * 2


@pytest.mark.parametrize("secret", ["sk-plain", "env:", "http://x", SecretSource(), SecretSource("A", "b")])
def test_a_secret_itself_is_refused(secret: Secret) -> None:
    with pytest.raises(Complaint):
        source_of(secret)


def test_what_cannot_be_read_is_said_without_its_content(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text(" \n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "large").write_text("x" * 100_000)
    for secret, words in (
        ("env:NOPE", "NOPE is not set"),
        ("env:BLANK", "BLANK is not set"),
        ("file:nope", "cannot be read"),
        ("file:empty", "is empty"),
        ("file:binary", "cannot be read"),
        ("file:large", "too large"),
    ):
        with pytest.raises(Complaint, match=words):
            read_secret(secret, tmp_path, {"NOPE": "", "BLANK": " \n"})
