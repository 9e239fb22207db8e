"""Who asks for a file is made sure of before anybody looks for it."""

from collections.abc import Callable

from counterpoint.canonical import Failure
from counterpoint.dialects.base import Door
from counterpoint.dialects.registry import SHELVES
from counterpoint.directory import Key
from counterpoint.gateway.errands import admit, errand_of, headers_of
from counterpoint.kept.errands import Done
from counterpoint.serving import Request
from tests.unit.gateway.conversation import KEY, NAMES, SECRET


class Late:
    def look_up(self, digest: bytes, answer: Callable[[Key | None], None]) -> None:
        answer(None)


def request(**headers: str) -> Request:
    sent = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    return Request("GET", b"/v1/files/a?limit=2", sent, b"", version="1.1", keep_alive=True, received=0.0)


def admitted(asked: Request) -> Key | Failure:
    answers: list[Key | Failure] = []
    admit(asked, "en", NAMES, Late(), answers.append)
    (answer,) = answers
    return answer


def test_a_key_that_is_known_may_ask() -> None:
    assert admitted(request(authorization=f"Bearer {SECRET}")) == KEY
    for asked in (request(), request(authorization="Bearer guessed")):
        assert isinstance(admitted(asked), Failure)


def test_what_the_control_process_is_told() -> None:
    asked = request(host="gate:1", x_counterpoint_host="holder", anthropic_version="1", cookie="x")
    errand = errand_of(asked, Door("GET", "/v1/files/", "files"), "a", SHELVES["anthropic-files"], KEY)
    assert (errand.operation, errand.argument, errand.query, errand.host) == (
        "files",
        "a",
        "limit=2",
        "holder",
    )
    assert (errand.headers, errand.address) == ({"anthropic-version": "1"}, "http://gate:1")


def test_a_download_has_its_name() -> None:
    headers = dict(headers_of(Done(name='é".txt', media_type="text/plain")))
    assert headers[b"content-disposition"] == b"attachment; filename*=UTF-8''%C3%A9%22.txt"
    assert headers_of(Done()) == ((b"content-type", b"application/json"),)
