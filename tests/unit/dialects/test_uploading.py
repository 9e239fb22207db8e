"""A file that comes as a form is found in it, whatever stands beside it."""

import pytest

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.uploading import bracketed, uploaded

KIND = "multipart/form-data; boundary=b"
BODY = (
    b'--b\r\nContent-Disposition: form-data; name="expires_after[seconds]"\r\n\r\n3600\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhi\r\n'
    b"--b--\r\n"
)


def test_the_file_and_the_fields_beside_it() -> None:
    upload, fields = uploaded(BODY, KIND)
    assert (upload.name, upload.media_type, BODY[upload.start : upload.end]) == ("a.txt", "text/plain", b"hi")
    assert bracketed(fields, "expires_after", "seconds") == 3600
    assert bracketed({"expires_after[seconds]": "x"}, "expires_after", "seconds") is None


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (BODY, "application/json", "invalid_form"),
        (BODY[:40], KIND, "invalid_form"),
        (BODY.replace(b'; filename="a.txt"', b""), KIND, "missing_required_parameter"),
    ],
)
def test_what_holds_no_file_is_refused(body: bytes, kind: str, code: str) -> None:
    with pytest.raises(Refused) as raised:
        uploaded(body, kind)
    assert raised.value.failure.code == code
