"""Calls of models that the platform makes for itself: over its own gateway, with the studio's key, like any client's.
So they are routed, priced, limited and in the ledger.

They are made in a loop of their own, since whoever makes them works in threads.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from decimal import Decimal
from typing import Any, Final, TypeVar

import msgspec

from counterpoint.api.relay import trusting
from counterpoint.control.calling import Answered, CallError, call
from counterpoint.knowledge.answers.port import ModelError, Reply
from counterpoint.knowledge.index.port import Vector
from counterpoint.transport import Pool

EMBED_SECONDS: Final = 120.0
ASK_SECONDS: Final = 120.0
QUESTION_SECONDS: Final = 20.0
"""A search does not wait longer for meaning: it goes on by word."""
_END_SECONDS: Final = 5.0
AT_ONCE: Final = 32
"""Texts in one call for vectors."""
T = TypeVar("T")


class GatewayCalls:
    """`gateway`: the address of one, as of now. `certificate`: of its own TLS, if it speaks that."""

    def __init__(self, gateway: Callable[[], str], key: str, certificate: str | None = None) -> None:
        self._gateway = gateway
        self._key = key
        self._certificate = certificate
        self._pool: Pool | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def post(self, path: str, body: Mapping[str, Any], seconds: float) -> Answered:
        """What the gateway answers. Waits for it. Raises `CallError`."""
        return self._submit(self._post(path, body, seconds)).result(seconds + 10)

    async def posted(self, path: str, body: Mapping[str, Any], seconds: float) -> Answered:
        """The same, from whatever loop. Raises `CallError`."""
        return await asyncio.wrap_future(self._submit(self._post(path, body, seconds)))

    def _submit(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_run, args=(self._loop,), name="model-calls", daemon=True
                )
                self._thread.start()
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _post(self, path: str, body: Mapping[str, Any], seconds: float) -> Answered:
        address = self._gateway()
        if not address:
            raise CallError("there is no gateway")
        if self._pool is None:
            self._pool = Pool(trusting(self._certificate) if self._certificate else None)
        self._pool.sweep(asyncio.get_running_loop().time())
        headers = {"authorization": f"Bearer {self._key}", "content-type": "application/json"}
        answered = await call(self._pool, "POST", address + path, headers, msgspec.json.encode(body), seconds)
        if answered.status != 200:
            raise CallError(f"it answered {answered.status}: {_told(answered.body)}")
        return answered

    def close(self) -> None:
        """No more calls; those under way are given up."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._end(), loop).result(_END_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join(_END_SECONDS)

    async def _end(self) -> None:
        if self._pool is not None:
            self._pool.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # what was closed hears of it in the next turn


def _run(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


class _Vector(msgspec.Struct):
    embedding: list[float]
    index: int


class _Vectors(msgspec.Struct):
    data: list[_Vector]


class GatewayEmbedder:
    """`knowledge.embedding.Embedder`: an embedding model behind the gateway."""

    def __init__(self, calls: GatewayCalls, name: str, dimensions: int) -> None:
        self._calls = calls
        self._name = name
        self._dimensions = dimensions

    @property
    def name(self) -> str:
        """As the gateway calls it."""
        return self._name

    @property
    def dimensions(self) -> int:
        """Of its vectors."""
        return self._dimensions

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        """One vector for each. Raises `CallError`."""
        return vectors_of(self._calls, self._name, texts, "query", QUESTION_SECONDS)

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        """One vector for each. Raises `CallError`."""
        found: list[Vector] = []
        for at in range(0, len(texts), AT_ONCE):
            some = texts[at : at + AT_ONCE]
            found += vectors_of(self._calls, self._name, some, "passage", EMBED_SECONDS)
        return found


def vectors_of(
    calls: GatewayCalls, model: str, texts: Sequence[str], kind: str, seconds: float
) -> list[Vector]:
    """Of length 1, one for each. Raises `CallError`."""
    if not texts:
        return []
    # Models that tell questions from passages take it so; others of that dialect pass it over.
    body = {"model": model, "input": [text.replace("\0", " ") or " " for text in texts], "input_type": kind}
    answered = calls.post("/v1/embeddings", body, seconds)
    try:
        found = msgspec.json.decode(answered.body, type=_Vectors).data
    except msgspec.MsgspecError as error:
        raise CallError(f"its answer cannot be read: {error}") from None
    found.sort(key=lambda each: each.index)
    if len(found) != len(texts):
        raise CallError(f"it made {len(found)} vectors of {len(texts)} texts")
    return [_unit(each.embedding) for each in found]


def _unit(vector: list[float]) -> list[float]:
    length = sum(number * number for number in vector) ** 0.5
    if not length:
        raise CallError("a vector without length")
    return vector if abs(length - 1) < 1e-6 else [number / length for number in vector]


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message


class _Completion(msgspec.Struct):
    choices: list[_Choice]
    model: str = ""


class GatewayModel:
    """`knowledge.answers.port.Model`: a model or route behind the gateway."""

    def __init__(self, calls: GatewayCalls, name: str) -> None:
        self._calls = calls
        self.name = name

    async def __call__(
        self, system: str, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]
    ) -> Reply:
        """Raises `ModelError`."""
        body = {
            "model": self.name,
            "messages": [{"role": "system", "content": system}, *messages],
            "temperature": 0,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": schema, "strict": True},
            },
        }
        try:
            answered = await self._calls.posted("/v1/chat/completions", body, ASK_SECONDS)
            found = msgspec.json.decode(answered.body, type=_Completion)
        except (CallError, msgspec.MsgspecError) as error:
            raise ModelError(str(error)) from None
        text = found.choices[0].message.content if found.choices else None
        cost, currency = cost_of(answered.headers)
        served = answered.headers.get("x-counterpoint-offering") or found.model or self.name
        return Reply(text or "", served, cost, currency)


def cost_of(headers: Mapping[str, str]) -> tuple[Decimal | None, str]:
    """As the gateway says it; `None`: it is not known."""
    amount, _, currency = headers.get("x-counterpoint-cost", "").partition(" ")
    try:
        return Decimal(amount), currency or "USD"
    except ArithmeticError:
        return None, "USD"


def _told(body: bytes) -> str:
    return body[:300].decode("utf-8", "replace")
