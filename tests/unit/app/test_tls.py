from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from counterpoint.app.tls import context_of
from counterpoint.i18n.complaint import Complaint
from tests.certificates import make_certificates


def test_a_certificate_and_its_key(tmp_path: Path) -> None:
    made = make_certificates(tmp_path)
    assert context_of(str(made.chain), str(made.key)).get_ca_certs() == []
    for chain, key in (
        (made.authority, made.key),  # they do not belong together
        (made.key, made.key),
        (made.chain, tmp_path / "absent.pem"),
    ):
        with pytest.raises(Complaint) as caught:
            context_of(str(chain), str(key))
        assert caught.value.sentence == "app.tls_unusable"


def test_nobody_is_asked_for_the_password_of_a_key(tmp_path: Path) -> None:
    made = make_certificates(tmp_path)
    key = serialization.load_pem_private_key(made.key.read_bytes(), None)
    made.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"a password"),
        )
    )
    with pytest.raises(Complaint, match=r"key\.pem"):
        context_of(str(made.chain), str(made.key))
