"""Does what clients ask of files and batches, in their API's words.

A file is ours unless a host holds it: one that was named, or for purposes other than batches the only sensible one. A
batch is ours too, over whatever hosts its lines name, unless its file lies at a host or the host was named: then that
host works it off at its own price, and we remember whose it is. Nobody sees what another project stored.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qs, quote

import msgspec

from counterpoint.canonical import Failure, FailureKind, Refused
from counterpoint.canonical.ids import new_id
from counterpoint.control.batches import cancelled
from counterpoint.control.calling import CallError, call
from counterpoint.control.hostrules import excluded, unbound
from counterpoint.control.shelf import Shelf
from counterpoint.dialects.base import ChatDialect
from counterpoint.dialects.shelving import ENDED, Batch, Line, Order, ShelfDialect, StoredFile
from counterpoint.directory import Directory, Host
from counterpoint.i18n import say
from counterpoint.kept.errands import Done, Errand
from counterpoint.storage.clock import now_micros
from counterpoint.transport import Pool

HOST_SECONDS = 300.0
MOST_LINES = 100_000
"""Of one batch, as at the maker that allows the most."""
_ASKED = {("GET", ""), ("GET", "results"), ("POST", "cancel"), ("DELETE", "")}
"""What can be asked of one batch: the method, and what follows its id."""
_PAGE = 20
_LARGEST_PAGE = 10_000
_Item = TypeVar("_Item", StoredFile, Batch)


class Desk:
    """Answers errands."""

    def __init__(
        self,
        shelf: Shelf,
        styles: Mapping[str, ShelfDialect],
        speakers: Mapping[str, ChatDialect],
        directory: Callable[[], Directory],
        pool: Callable[[], Pool],
        begun: Callable[[], None] = lambda: None,
    ) -> None:
        """`begun`: told when there is a new batch of ours."""
        self._shelf = shelf
        self._styles = styles
        self._speakers = speakers
        self._directory = directory
        self._pool = pool
        self._begun = begun

    async def run(self, errand: Errand) -> Done:
        """What the client is to be told; never raises for what is his or a host's fault."""
        style = self._styles[errand.dialect]
        try:
            if errand.operation == "files":
                return await self._files_asked(errand, style)
            return await self._batches_asked(errand, style)
        except Refused as refused:
            return Done(failure=refused.failure)

    # Files

    async def _files_asked(self, errand: Errand, style: ShelfDialect) -> Done:
        if not errand.argument:
            return (
                await self._upload(errand, style)
                if errand.method == "POST"
                else await self._list_files(errand, style)
            )
        id_, _, what = errand.argument.partition("/")
        file = await asyncio.to_thread(self._shelf.file, errand.key.project, id_)
        if file is None or file.style != errand.dialect or what not in ("", "content"):
            raise _unknown("control.desk.no_file", id_)
        if errand.method == "DELETE":
            if file.host:
                await self._at_host(self._host(file.host, errand), errand, f"/{file.id}", b"")
            await asyncio.to_thread(self._shelf.drop_file, file)
            return Done(body=style.deleted(file.id))
        if what != "content":
            return Done(body=msgspec.json.encode(_shown_file(file, style)))
        if file.host:
            return await self._at_host(self._host(file.host, errand), errand, f"/{file.id}/content", b"")
        return Done(
            body=await asyncio.to_thread(self._shelf.content, file),
            media_type="application/octet-stream",
            name=file.name,
        )

    async def _upload(self, errand: Errand, style: ShelfDialect) -> Done:
        upload = style.upload(errand.body, errand.media_type)
        host = self._holder(errand, upload.purpose)
        now = now_micros()
        file = StoredFile(
            id=f"{style.file_prefix}{new_id()}",
            style=errand.dialect,
            organisation=errand.key.organisation,
            project=errand.key.project,
            name=upload.name,
            media_type=upload.media_type,
            purpose=upload.purpose,
            size=upload.end - upload.start,
            created=now,
            expires=None if upload.lifetime is None else now + upload.lifetime * 1_000_000,
        )
        if host is None:
            await asyncio.to_thread(self._shelf.keep_file, file, errand.body[upload.start : upload.end])
            return Done(body=msgspec.json.encode(style.file(file)))
        done = await self._at_host(host, errand, "", errand.body)
        shown = _object(done.body)
        file = msgspec.structs.replace(file, id=str(shown.get("id", "")), host=host.name, shown=shown)
        await asyncio.to_thread(self._shelf.keep_file, file, None)
        return done

    async def _list_files(self, errand: Errand, style: ShelfDialect) -> Done:
        asked = parse_qs(errand.query)
        files = await asyncio.to_thread(self._shelf.files, errand.key.project, errand.dialect)
        purpose = asked.get("purpose", [""])[0]
        page, more = _page([file for file in files if purpose in ("", file.purpose)], asked, style.cursors)
        return Done(body=style.files([_shown_file(file, style) for file in page], more=more))

    def _holder(self, errand: Errand, purpose: str) -> Host | None:
        """Who is to hold a new file; `None`: we ourselves."""
        if errand.host:
            return self._open(errand.host, errand)
        directory = self._directory()
        able = [
            name
            for name, host in directory.hosts.items()
            if errand.dialect in host.dialects and not excluded(host, errand.key, directory)
        ]
        if purpose == "batch" or not able:
            return None
        rank = {name: place for place, name in enumerate(directory.rules.prefer)}
        return directory.hosts[min(able, key=lambda name: (rank.get(name, len(rank)), name))]

    def _host(self, name: str, errand: Errand) -> Host:
        """Raises `Refused`."""
        hosts = self._directory().hosts
        able = sorted(each for each, host in hosts.items() if errand.dialect in host.dialects)
        if name not in able:
            message = say("control.desk.no_host", lang="en", host=name, hosts=", ".join(able) or "-")
            raise Refused(Failure(FailureKind.bad_request, message, code="unknown_host"))
        return hosts[name]

    def _open(self, name: str, errand: Errand, *, calls: bool = False) -> Host:
        """To which something new may go. `calls`: which calls models. Raises `Refused`."""
        host, directory = self._host(name, errand), self._directory()
        word = "host_excluded" if excluded(host, errand.key, directory) else ""
        if not word and calls and unbound(errand.key, directory):
            word = "batch_unbound"
        if word:
            message = say(f"control.desk.{word}", lang="en", host=name)
            raise Refused(Failure(FailureKind.permission, message, code=word))
        return host

    async def _at_host(self, host: Host, errand: Errand, rest: str, body: bytes) -> Done:
        """The host's own answer. Raises `Refused` with its error."""
        path = host.dialects[errand.dialect]
        if errand.operation == "batches":
            path = path.removesuffix("/files") + (
                "/messages/batches" if not self._styles[errand.dialect].splits else "/batches"
            )
        own = dict(host.variants.get(errand.dialect, host.headers))
        taken = {name.lower() for name in errand.headers}
        headers = {name: value for name, value in own.items() if name.lower() not in taken} | errand.headers
        if body:
            headers["content-type"] = errand.media_type or "application/json"
        url = f"{host.base_url}{path}{quote(rest, safe='/')}"
        try:
            answer = await call(self._pool(), errand.method, url, headers, body, HOST_SECONDS)
        except CallError as error:
            message = say("gateway.refusal.host_unreachable", lang="en", host=host.name, reason=str(error))
            failure = Failure(
                FailureKind.upstream_error, message, code="host_unreachable", from_upstream=True
            )
            raise Refused(failure) from error
        if not 200 <= answer.status < 300:
            speaker = self._speakers[self._styles[errand.dialect].family]
            raise Refused(speaker.decode_error(answer.status, answer.headers, answer.body))
        return Done(body=answer.body, media_type=answer.headers.get("content-type", "application/json"))

    # Batches

    async def _batches_asked(self, errand: Errand, style: ShelfDialect) -> Done:
        if not errand.argument:
            return (
                await self._order(errand, style)
                if errand.method == "POST"
                else await self._list_batches(errand, style)
            )
        id_, _, what = errand.argument.partition("/")
        batch = await asyncio.to_thread(self._shelf.batch, errand.key.project, id_)
        if batch is None or batch.style != errand.dialect or (errand.method, what) not in _ASKED:
            raise _unknown("control.desk.no_batch", id_)
        if batch.host:
            return await self._native(batch, errand, style, f"/{errand.argument}")
        if errand.method == "POST":
            batch = await asyncio.to_thread(self._shelf.change_batch, batch.id, cancelled) or batch
        elif errand.method == "DELETE":
            if batch.state not in ENDED:
                raise _wrong("control.desk.running", batch.id)
            await asyncio.to_thread(self._shelf.drop_batch, batch)
            return Done(body=style.deleted(batch.id))
        elif what == "results":
            if batch.state not in ENDED:
                raise _wrong("control.desk.running", batch.id)
            lines = b"".join(
                style.result(result) for result in await asyncio.to_thread(self._shelf.results, batch)
            )
            return Done(body=lines, media_type="application/x-jsonl")
        return Done(body=msgspec.json.encode(style.batch(batch, errand.address)))

    async def _order(self, errand: Errand, style: ShelfDialect) -> Done:
        order = style.order(errand.body)
        content, holder = await self._calls(order, errand)
        if holder:
            return await self._native(None, errand, style, "", self._open(holder, errand, calls=True))
        lines = list(style.lines(content))
        faults = tuple((place + 1, line.fault) for place, line in enumerate(lines) if _is_bad(line, order))
        if not lines or len(lines) > MOST_LINES:
            faults = ((0, say("control.desk.lines", lang="en", limit=MOST_LINES)),)
        now = now_micros()
        batch = Batch(
            id=f"{style.batch_prefix}{new_id()}",
            style=errand.dialect,
            organisation=errand.key.organisation,
            project=errand.key.project,
            key=errand.key.id,
            endpoint=order.endpoint,
            created=now,
            expires=now + order.window * 1_000_000,
            input=order.input,
            total=len(lines),
            metadata=order.metadata,
            headers=errand.headers,
        )
        if faults:
            batch = msgspec.structs.replace(batch, state="failed", ended=now, faults=faults[:100], total=0)
            await asyncio.to_thread(self._shelf.keep_batch, batch)
        else:
            await asyncio.to_thread(self._shelf.keep_batch, batch, content)
            self._begun()
        return Done(body=msgspec.json.encode(style.batch(batch, errand.address)))

    async def _calls(self, order: Order, errand: Errand) -> tuple[bytes, str]:
        """What is to be done, and the host that has it and is to do it."""
        if order.input is None:
            return order.lines, errand.host
        file = await asyncio.to_thread(self._shelf.file, errand.key.project, order.input)
        if file is None or file.style != errand.dialect:
            raise _unknown("control.desk.no_file", order.input)
        return (b"", file.host) if file.host else (await asyncio.to_thread(self._shelf.content, file), "")

    async def _list_batches(self, errand: Errand, style: ShelfDialect) -> Done:
        batches = await asyncio.to_thread(self._shelf.batches, errand.key.project, errand.dialect)
        page, more = _page(batches, parse_qs(errand.query), style.cursors)
        shown = [batch.shown or style.batch(batch, errand.address) for batch in page]
        return Done(body=style.batches(shown, more=more))

    async def _native(
        self, batch: Batch | None, errand: Errand, style: ShelfDialect, rest: str, host: Host | None = None
    ) -> Done:
        """A batch that a host works off: its own answer, and what we must remember of it."""
        at = host or self._host(batch.host if batch is not None else "", errand)
        done = await self._at_host(at, errand, rest, errand.body)
        if rest.endswith("/results"):
            return done
        shown = _object(done.body)
        if batch is None:
            now = now_micros()
            batch = Batch(
                id=str(shown.get("id", "")),
                style=errand.dialect,
                organisation=errand.key.organisation,
                project=errand.key.project,
                key=errand.key.id,
                endpoint="",
                created=now,
                expires=now,
                host=at.name,
            )
        elif errand.method == "DELETE":
            await asyncio.to_thread(self._shelf.drop_batch, batch)
            return done
        await asyncio.to_thread(self._shelf.keep_batch, msgspec.structs.replace(batch, shown=shown))
        for id_ in style.native("batches", shown):
            if await asyncio.to_thread(self._shelf.file, errand.key.project, id_) is None:
                await asyncio.to_thread(self._shelf.keep_file, _result_of(batch, id_), None)
        return done


def _is_bad(line: Line, order: Order) -> bool:
    return bool(line.fault) or line.path != order.endpoint


def _result_of(batch: Batch, id_: str) -> StoredFile:
    """A file of results that a host has made."""
    return StoredFile(
        id=id_,
        style=batch.style,
        organisation=batch.organisation,
        project=batch.project,
        name=f"{batch.id}_output.jsonl",
        media_type="application/jsonl",
        purpose="batch_output",
        size=0,
        created=now_micros(),
        host=batch.host,
    )


def _shown_file(file: StoredFile, style: ShelfDialect) -> dict[str, Any]:
    return file.shown or style.file(file)


def _object(body: bytes) -> dict[str, Any]:
    """What a host says of a file or a batch. Raises `Refused`."""
    try:
        shown = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        shown = None
    if not isinstance(shown, dict) or not isinstance(shown.get("id"), str):
        message = say("dialects.upstream.not_json", lang="en")
        raise Refused(Failure(FailureKind.upstream_error, message, code="invalid_answer", from_upstream=True))
    return shown


def _page(
    items: list[_Item], asked: Mapping[str, list[str]], cursors: tuple[str, str]
) -> tuple[list[_Item], bool]:
    """The part of a list, newest first, that is asked for, and whether there is more of it."""
    if asked.get("order", [""])[0] == "asc":
        items = sorted(items, key=lambda item: (item.created, item.id))
    places = {item.id: place for place, item in enumerate(items)}
    after, before = (places.get(asked.get(name, [""])[0]) for name in cursors)
    limit = asked.get("limit", [""])[0]
    size = min(max(int(limit), 1), _LARGEST_PAGE) if limit.isdecimal() and len(limit) < 6 else _PAGE
    if before is not None:
        start = max(before - size, 0)
        return items[start:before], start > 0
    start = 0 if after is None else after + 1
    return items[start : start + size], len(items) > start + size


def _unknown(sentence: str, id_: str) -> Refused:
    message = say(sentence, lang="en", id=id_[:100])
    return Refused(Failure(FailureKind.not_found, message, code="not_found", param="id"))


def _wrong(sentence: str, id_: str) -> Refused:
    return Refused(Failure(FailureKind.bad_request, say(sentence, lang="en", id=id_), code="invalid_state"))
