from typing import Any

from counterpoint.gateway.heldback import HeldBack


class Client:
    """What reaches a client."""

    def __init__(self) -> None:
        self.got: list[Any] = []

    def respond(self, status: int, headers: Any, body: bytes) -> None:
        self.got.append((status, body))

    def begin(self, status: int, headers: Any) -> None:
        self.got.append(status)

    def send(self, data: bytes) -> None:
        self.got.append(data)

    def finish(self, data: bytes = b"") -> None:
        self.got.append((data, "end"))

    def abort(self) -> None:
        self.got.append("broken off")


def test_what_is_held_back_comes_in_order_and_what_follows_at_once() -> None:
    client = Client()
    outlet = HeldBack(client)
    outlet.begin(200, ())
    outlet.send(b"one")
    assert client.got == []
    outlet.release()
    outlet.send(b"two")
    assert client.got == [200, b"one", b"two"]
    outlet.finish(b"three")
    assert client.got[-1] == (b"three", "end")


def test_a_whole_answer_and_one_that_breaks_off_wait_as_well() -> None:
    whole, broken = Client(), Client()
    outlets = HeldBack(whole), HeldBack(broken)
    outlets[0].respond(200, (), b"all")
    outlets[1].abort()
    assert whole.got == broken.got == []
    for outlet in outlets:
        outlet.release()
    assert (whole.got, broken.got) == ([(200, b"all")], ["broken off"])
