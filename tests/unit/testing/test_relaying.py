"""The proof that a relayed operation passes notices what does not."""

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.openai_operations import OpenAISpeech
from counterpoint.testing.conformance import NotHeld
from counterpoint.testing.recordings import Recording
from counterpoint.testing.relaying import answer_fault, relayed_dialect, relayed_proofs, request_fault


def recording(
    endpoint: str, request: bytes, response: bytes, kind: str = "application/json", status: int = 200
) -> Recording:
    return Recording(
        file="f",
        dialect="openai-audio",
        repo="r",
        endpoint=endpoint,
        status=status,
        request_body=request,
        response_headers={"content-type": kind},
        response_body=response,
    )


def test_the_dialect_is_found_by_the_address() -> None:
    found = relayed_dialect(recording("/api/v1/audio/speech?x=1", b"", b""))
    assert found is not None
    assert found.name == "openai-speech"
    assert relayed_dialect(recording("/v1/listen", b"", b"")) is None


def test_a_good_exchange_holds() -> None:
    spoken = recording("/v1/audio/speech", b'{"model":"tts-1","input":"x"}', b"\xff\xf3", "audio/mpeg")
    assert [hold() for _, hold in relayed_proofs(OpenAISpeech(), spoken)] == ["", ""]
    failed = recording("/v1/audio/speech", b"", b'{"error":{"message":"no"}}', status=400)
    assert [proof for proof, _ in relayed_proofs(OpenAISpeech(), failed)] == ["request", "error"]


class Forgetful(OpenAISpeech):
    """Writes the body anew."""

    def rewrite(self, body: bytes, *_: object) -> bytes:
        return body + b" "


def test_changed_bytes_are_noticed() -> None:
    assert request_fault(Forgetful(), b'{"model":"m"}')


def test_what_is_no_answer_is_refused_and_nothing_is_not_held() -> None:
    for body, raised in ((b"<html>", Refused), (b"", NotHeld)):
        try:
            answer_fault(OpenAISpeech(), recording("", b'{"model":"m"}', body))
        except raised:
            continue
        raise AssertionError(body)
