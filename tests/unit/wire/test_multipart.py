"""Forms are taken apart where they lie, whatever their fields hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.wire.multipart import FormError, boundary_of, form_parts, form_text, with_text

BOUNDARY = b"----x"


def form(*fields: tuple[str, bytes]) -> bytes:
    pieces = [
        b"--%b\r\nContent-Disposition: form-data; %b\r\n\r\n%b\r\n" % (BOUNDARY, head.encode(), value)
        for head, value in fields
    ]
    return b"".join(pieces) + b"--" + BOUNDARY + b"--\r\n"


@given(st.lists(st.binary(max_size=60).filter(lambda value: b"\r\n------x" not in value), max_size=5))
def test_values_come_out_as_they_went_in(values: list[bytes]) -> None:
    body = form(*((f'name="f{index}"; filename="a"', value) for index, value in enumerate(values)))
    parts = form_parts(body, BOUNDARY)
    assert [body[part.start : part.end] for part in parts] == values
    assert [part.name for part in parts] == [f"f{index}" for index in range(len(values))]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_form_or_none(body: bytes) -> None:
    try:
        form_parts(body, BOUNDARY)
    except FormError:
        return
    assert body.count(BOUNDARY)


def test_a_field_is_read_and_set() -> None:
    body = form(('name="file"; filename="model"', b"--" + BOUNDARY[:3]), ('name="model"', b" whisper-1 "))
    parts = form_parts(body, BOUNDARY)
    assert form_text(body, parts, "model") == "whisper-1"
    changed = with_text(body, BOUNDARY, parts, "model", "other")
    assert changed == body.replace(b" whisper-1 ", b"other")
    assert form_text(body, parts, "file") is None


def test_a_field_that_is_not_there_comes_first() -> None:
    body = form(('name="file"; filename="a"', b"RIFF"))
    changed = with_text(body, BOUNDARY, form_parts(body, BOUNDARY), "model", "m")
    assert changed.endswith(body)
    assert [part.name for part in form_parts(changed, BOUNDARY)] == ["model", "file"]


def test_a_length_in_the_head_goes_with_the_value_that_it_was_of() -> None:
    body = b'--b\r\nContent-Length: 1\r\nContent-Disposition: form-data; name="m"\r\n\r\nx\r\n--b--\r\n'
    changed = with_text(body, b"b", form_parts(body, b"b"), "m", "longer")
    assert b"Content-Length" not in changed
    assert form_text(changed, form_parts(changed, b"b"), "m") == "longer"


@pytest.mark.parametrize(
    ("head", "name", "filename"),
    [
        ('name="a%22b"', 'a"b', None),
        (r'name="a\"b"; filename="c;d"', 'a"b', "c;d"),
        ("name=plain; filename=f.txt", "plain", "f.txt"),
        ('filename="name=x"; name="y"', "y", "name=x"),
    ],
)
def test_names_however_they_are_written(head: str, name: str, filename: str | None) -> None:
    (part,) = form_parts(form((head, b"v")), BOUNDARY)
    assert (part.name, part.filename) == (name, filename)


def test_the_boundary() -> None:
    assert boundary_of('multipart/form-data; boundary="a b"') == b"a b"
    assert boundary_of("Multipart/Form-Data; charset=x; boundary=abc") == b"abc"
    assert boundary_of("multipart/form-data") is None
    assert boundary_of("application/json; boundary=abc") is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "does not occur"),
        (b"--b\r\nno end of head", "has no end"),
        (b"--b\r\n\r\nx", "no end"),
        (b"--b\r\n\r\n\r\n" * 1001 + b"--b--", "more than"),
    ],
)
def test_what_is_no_form(body: bytes, reason: str) -> None:
    with pytest.raises(FormError, match=reason):
        form_parts(body, b"b")
