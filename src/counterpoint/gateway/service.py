"""The gateway as the server's service: finds the door, answers what needs no exchange, starts the rest."""

import logging
import time
from collections.abc import Sequence
from urllib.parse import unquote

import msgspec

from counterpoint.canonical import Failure, FailureKind, Refused
from counterpoint.canonical.ids import new_id
from counterpoint.dialects.base import NOT_SAID, Asked, ChatDialect, Door
from counterpoint.dialects.registry import CHAT, FORMS, REALTIME
from counterpoint.dialects.splice import with_fields
from counterpoint.directory import LOCAL_HOST, Directory, Key, Offering
from counterpoint.directory.routes import Route
from counterpoint.gateway import refusals
from counterpoint.gateway.call import Call
from counterpoint.gateway.claims import claim_of, refusal_of
from counterpoint.gateway.doors import MODEL, Doors, Entrance
from counterpoint.gateway.driver import Driver, Plant
from counterpoint.gateway.errands import admit, errand_of, headers_of
from counterpoint.gateway.exchange import Exchange
from counterpoint.gateway.names import Names
from counterpoint.gateway.ports import Desk, Memory
from counterpoint.gateway.realtime import MOST_SESSIONS, Realtime
from counterpoint.gateway.stateful import LATER, Stateful
from counterpoint.gateway.telling import JSON
from counterpoint.i18n import negotiate, say
from counterpoint.kept.errands import Done
from counterpoint.serving import Connection, Request
from counterpoint.serving.values import InFlight

log = logging.getLogger(__name__)

Headers = tuple[tuple[bytes, bytes], ...]


class Cors(msgspec.Struct, frozen=True):
    """Which browser pages may call: `*` or exact origins. Empty: none."""

    origins: tuple[str, ...] = ()

    def headers(self, origin: bytes | None) -> Headers:
        """What lets `origin` read an answer (Fetch standard, CORS protocol)."""
        if origin is None or not self.origins:
            return ()
        if "*" not in self.origins and origin.decode("latin-1") not in self.origins:
            return ()
        return (
            (b"access-control-allow-origin", b"*" if "*" in self.origins else origin),
            (b"access-control-expose-headers", b"*, x-request-id, request-id, retry-after"),
            (b"vary", b"origin"),
        )


PREFLIGHT: Headers = (
    (b"access-control-allow-methods", b"DELETE, GET, POST, OPTIONS"),
    (b"access-control-allow-headers", b"*, authorization, content-type, x-api-key, x-goog-api-key"),
    (b"access-control-max-age", b"600"),
)


class Gateway:
    """Serves one worker's requests from the directory at hand."""

    def __init__(
        self, plant: Plant, cors: Cors | None = None, memory: Memory | None = None, desk: Desk | None = None
    ) -> None:
        self.names = plant.names
        self._plant = plant
        self._cors = cors or Cors()
        self._doors = Doors()
        self._stateful = None if memory is None else Stateful(plant, memory, lambda: self.names)
        self._desk = desk
        self._sessions: set[Realtime] = set()
        self._ready = False
        self._leaving = False

    def publish(self, directory: Directory) -> None:
        """Serve from a new directory from now on; exchanges under way keep theirs, sessions are judged by it."""
        self.names = self._plant.names = Names(directory)
        self._plant.health.keep_only(frozenset(item.name for item in directory.offerings))
        self._ready = True
        for session in list(self._sessions):
            session.reconsider()

    def leave(self) -> None:
        """Tell whoever asks that this worker is not ready any more: calls should go elsewhere."""
        self._leaving = True

    async def close(self, grace: float = 0.0) -> None:
        """The worker ends. What it makes in the background has `grace` seconds to end before."""
        if self._stateful is not None:
            await self._stateful.background.close(grace)
        self._plant.forsake()

    # The server's service

    def handle(self, request: Request, connection: Connection) -> InFlight | None:
        """Answer one request."""
        try:
            return self._handle(request, connection)
        except Exception:
            # A defect of ours must not take the connection's other requests or the worker with it.
            id_ = new_id()
            log.exception("request %s failed", id_)
            failure = Failure(
                kind=FailureKind.internal,
                message=say("gateway.refusal.internal", lang="en", id=id_),
                code="internal_error",
            )
            if connection.current is request:
                self._refuse(
                    failure, self._doors.speaker(request.headers, request.path), connection, request, id_
                )
            return None

    def _handle(self, request: Request, connection: Connection) -> InFlight | None:
        if request.path in ("/healthz", "/readyz"):
            self._health(request.path, connection)
            return None
        headers = request.headers
        if request.method == "OPTIONS" and b"access-control-request-method" in headers:
            cors = self._cors.headers(headers.get(b"origin"))
            connection.respond(204 if cors else 403, cors + PREFLIGHT if cors else (), b"")
            return None
        entrances, argument = self._doors.find(request.path, headers)
        for entrance in entrances:
            if entrance.door.method == request.method:
                return self._enter(entrance, argument, request, connection)
        self._no_door(entrances, request, connection)
        return None

    def _enter(
        self, entrance: Entrance, argument: str, request: Request, connection: Connection
    ) -> InFlight | None:
        lang = _language(request)
        if not self._ready:
            failure = Failure(
                kind=FailureKind.unavailable,
                message=say("gateway.refusal.not_ready", lang=lang),
                code="not_ready",
                retry_after=1,
            )
            self._refuse(failure, entrance.dialect, connection, request)
            return None
        operation = entrance.door.operation
        if operation in ("models", "model", "running"):
            self._list_models(entrance.dialect, operation, unquote(argument), request, connection)
            return None
        if operation == "said":
            cors = self._cors.headers(request.headers.get(b"origin"))
            connection.respond(200, (JSON, *cors), entrance.door.says)
            return None
        if operation == "administrative":
            self._refuse(refusals.administrative(lang, request.path), entrance.dialect, connection, request)
            return None
        encoding = request.headers.get(b"content-encoding", b"identity").lower()
        if encoding != b"identity":
            message = say("gateway.refusal.body_encoding", lang=lang, encoding=encoding.decode("latin-1"))
            failure = Failure(kind=FailureKind.media_type, message=message, code="content_encoding")
            self._refuse(failure, entrance.dialect, connection, request)
            return None
        if entrance.shelf is not None:
            self._run_errand(entrance, argument, request, connection)
            return None
        call = Call(
            new_id(),
            time.time_ns() // 1000,
            operation,
            _in_form(entrance, request.query),
            entrance.whole,
            request.headers,
            _body(entrance.door, argument, request.body),
            lang,
            _asked(entrance.door, argument),
            entrance.relayed,
            entrance.door.path,
            request.method,
            request.path,
            request.query,
        )
        cors = self._cors.headers(request.headers.get(b"origin"))
        if self._stateful is not None and self._stateful.serves(call.client_dialect, operation):
            return self._stateful.enter(call, request, connection, cors)
        if operation in LATER:
            self._refuse(refusals.nothing_kept(lang), entrance.dialect, connection, request)
            return None
        exchange = Exchange(call, self.names, request.received, self._plant.health)
        driver = Driver(exchange, connection, self._plant, cors)
        driver.start()
        return driver

    def refuse(self, failure: Failure, path: str, connection: Connection) -> None:
        """Answer what could not be read as a request."""
        self._refuse(failure, self._doors.speaker({}, path), connection, None)

    def _refuse(
        self,
        failure: Failure,
        dialect: ChatDialect,
        connection: Connection,
        request: Request | None,
        id_: str | None = None,
        more: Headers = (),
    ) -> None:
        id_ = id_ or new_id()
        reply = dialect.encode_error(failure, id_)
        extra = tuple((name.encode(), value.encode()) for name, value in reply.headers)
        cors = self._cors.headers(request.headers.get(b"origin")) if request else ()
        headers = (JSON, (dialect.request_id_header.encode(), id_.encode()), *extra, *more, *cors)
        connection.respond(reply.status, headers, reply.body)

    def _no_door(self, entrances: list[Entrance], request: Request, connection: Connection) -> None:
        lang = _language(request)
        more: Headers = ()
        speaker = entrances[0].dialect if entrances else self._doors.speaker(request.headers, request.path)
        if entrances:
            allowed = ", ".join(sorted({item.door.method for item in entrances}))
            more = ((b"allow", allowed.encode()),)
            message = say(
                "gateway.refusal.wrong_method",
                lang=lang,
                path=request.path,
                method=request.method,
                allowed=allowed,
            )
            failure = Failure(kind=FailureKind.method_not_allowed, message=message, code="method_not_allowed")
        else:
            message = say(
                "gateway.refusal.unknown_path",
                lang=lang,
                method=request.method,
                path=request.path[:200],
                doors=", ".join(self._doors.paths()),
            )
            failure = Failure(kind=FailureKind.not_found, message=message, code="unknown_path")
        self._refuse(failure, speaker, connection, request, more=more)

    def _health(self, path: str, connection: Connection) -> None:
        ready = (self._ready and not self._leaving) or path == "/healthz"
        status = "ok" if ready else "leaving" if self._leaving else "starting"
        body = {"status": status, "revision": self.names.directory.revision}
        connection.respond(200 if ready else 503, (JSON,), msgspec.json.encode(body))

    # Realtime

    def upgrade(self, request: Request, connection: Connection) -> Realtime | None:
        """A WebSocket, where there is a door for one."""
        dialect = next((each for each in REALTIME.values() if request.path in each.paths), None)
        if dialect is None or not self._ready:
            return None
        speaker, lang = CHAT[dialect.family], _language(request)
        session = Realtime(
            request,
            connection,
            dialect,
            lambda: self.names,
            self._plant.ledger,
            lambda failure: self._refuse(failure, speaker, connection, request),
            self._sessions.discard,
        )
        session.lang, session.purse = lang, self._plant.purse
        if len(self._sessions) >= MOST_SESSIONS:
            self._plant.loop.call_soon(session.admitted, refusals.too_many_sessions(lang))
            return session
        self._sessions.add(session)
        if claim_of(request.headers) is None:
            key = dialect.key(request.headers, request.query)
            if key is not None:
                request.headers[b"authorization"] = b"Bearer " + key.encode("latin-1", "replace")
        # Later: the connection must know of its tunnel before anybody answers.
        self._plant.loop.call_soon(admit, request, lang, self.names, self._plant.keys, session.admitted)
        return session

    def part(self) -> None:
        """End the realtime sessions: they know no end of their own."""
        for session in list(self._sessions):
            session.stop()

    # Files and batches

    def _run_errand(
        self, entrance: Entrance, argument: str, request: Request, connection: Connection
    ) -> None:
        def answer(done: Done | Failure) -> None:
            if connection.current is not request:
                return  # the client has left
            failure = done if isinstance(done, Failure) else done.failure
            if failure is not None:
                self._refuse(failure, entrance.dialect, connection, request)
            elif isinstance(done, Done):
                id_ = (entrance.dialect.request_id_header.encode(), new_id().encode())
                cors = self._cors.headers(request.headers.get(b"origin"))
                connection.respond(done.status, (*headers_of(done), id_, *cors), done.body)

        desk, shelf = self._desk, entrance.shelf
        lang = _language(request)

        def admitted(key: Key | Failure) -> None:
            if isinstance(key, Failure):
                answer(key)
            elif desk is None or shelf is None:
                answer(refusals.no_files(lang))
            else:
                desk.run(errand_of(request, entrance.door, argument, shelf, key), answer)

        admit(request, lang, self.names, self._plant.keys, admitted)

    # The model list

    def _list_models(
        self, dialect: ChatDialect, operation: str, name: str, request: Request, connection: Connection
    ) -> None:
        claim = claim_of(request.headers, request.query)
        if claim is None:
            self._refuse(refusals.no_key(_language(request)), dialect, connection, request)
            return

        def answer(key: Key | None) -> None:
            if connection.current is not request:
                return  # the client left while the key was looked up
            refusal = refusal_of(claim, key, request, time.time(), _language(request))
            if refusal is not None or key is None:
                refusal = refusal or refusals.no_key(_language(request))
                self._refuse(refusal, dialect, connection, request)
            else:
                self._models_for(key, dialect, operation, name, request, connection)

        key = self.names.directory.keys.get(claim.digest)
        if key is not None:
            answer(key)
        else:
            self._plant.keys.look_up(claim.digest, answer)

    def _models_for(
        self,
        key: Key,
        dialect: ChatDialect,
        operation: str,
        name: str,
        request: Request,
        connection: Connection,
    ) -> None:
        lang = _language(request)
        if operation == "models":
            routes = [_route_row(route) for route in self.names.open_routes(key)]
            body = dialect.encode_models([*routes, *_rows(self.names.visible(key))])
        elif operation == "running":
            loaded = self._plant.engines.running()
            visible = [item for item in self.names.visible(key) if item.host == LOCAL_HOST]
            body = dialect.encode_models(_rows([item for item in visible if item.id in loaded]))
        else:
            try:
                name = name or dialect.peek(request.body).model
            except Refused as refused:
                self._refuse(refused.failure, dialect, connection, request)
                return
            row = self._row(name, key)
            if row is None:
                failure = refusals.unknown_model(lang, name, self.names.nearest(name, key))
                self._refuse(failure, dialect, connection, request)
                return
            body = dialect.encode_model(row)
        headers = (JSON, (dialect.request_id_header.encode(), new_id().encode()))
        connection.respond(200, headers + self._cors.headers(request.headers.get(b"origin")), body)

    def _row(self, name: str, key: Key) -> dict[str, object] | None:
        """Of one model or route in the list."""
        for route in self.names.open_routes(key):
            if route.name == name:
                return _route_row(route)
        offering = self.names.find(name, key)
        return None if offering is None else _rows([offering])[0]


def _route_row(route: Route) -> dict[str, object]:
    """A route is one more model to whoever looks for a name to call."""
    row = _rows(
        [Offering("", route.name, route.name, maker="counterpoint", capabilities=frozenset({"chat"}))]
    )[0]
    return {**row, "id": route.name}


def _rows(offerings: Sequence[Offering]) -> list[dict[str, object]]:
    return [
        {
            "id": item.name,
            "created": item.created,
            "owner": item.maker or item.host,
            "name": item.display or item.id,
            "context": item.context,
            "max_output": item.max_output,
            "capabilities": item.capabilities,
            "weights": item.weights,
        }
        for item in offerings
    ]


def _in_form(entrance: Entrance, query: str) -> ChatDialect:
    """The dialect, with its streams in the form that the address asks for."""
    form = FORMS.get(entrance.dialect.name) if entrance.door.stream else None
    return entrance.dialect if form is None else form(query)


def _asked(door: Door, argument: str) -> Asked:
    in_address = MODEL in door.path and not door.written
    return Asked(unquote(argument), door.stream) if in_address else NOT_SAID


def _body(door: Door, argument: str, body: bytes) -> bytes:
    """With the model of the address, where the dialect looks for it in the body."""
    if not door.written:
        return body
    try:
        return with_fields(body, {"model": unquote(argument)})
    except Refused:
        return body  # the exchange refuses it, once it knows whose it is


def _language(request: Request) -> str:
    accepted = request.headers.get(b"accept-language")
    return negotiate(accepted.decode("latin-1")) if accepted else "en"
