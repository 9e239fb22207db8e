"""How the platform is, on one page: where to call it, what runs here, what it did last, where to go next."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
from starlette.responses import Response

from counterpoint.api.pages.layout import Html, document, join, tag
from counterpoint.api.shapes.models import LocalModelShape
from counterpoint.api.shapes.status import StatusShape
from counterpoint.api.shapes.usage import EntryShape
from counterpoint.i18n import numbers, say

_TONES = {
    "ready": "good",
    "listening": "good",
    "loading": "busy",
    "starting": "busy",
    "degraded": "busy",
    "failed": "bad",
    "stopped": "",
}


class Home(msgspec.Struct, frozen=True):
    """What the page shows."""

    status: StatusShape
    models: Sequence[LocalModelShape]
    entries: Sequence[EntryShape]
    providers: int


def home_page(lang: str, home: Home) -> Response:
    """The page, for whoever is signed in."""
    status = home.status
    title = say(f"api.home.is.{status.state}", lang=lang)
    dot = tag("span", "", class_=f"dot {_TONES[status.state]}", aria_hidden="true")
    heading = tag("h1", dot, title)
    main = join(
        (
            heading,
            tag(
                "div",
                tag("div", _gateway(lang, home), _models(lang, home.models)),
                tag("div", _next_steps(lang, home), _processes(lang, status)),
                class_="grid two",
            ),
            _exchanges(lang, home.entries),
        )
    )
    return document(lang, title, main=main, aside=_sign_out(lang))


def _sign_out(lang: str) -> Html:
    button = tag("button", say("api.home.sign_out", lang=lang), class_="quiet", type="submit")
    return tag("form", button, method="post", action="sign-out")


def _card(title: str, *content: object) -> Html:
    return tag("section", tag("h2", title), *content, class_="card")


def _pill(lang: str, state: str) -> Html:
    return tag("span", say(f"api.state.{state}", lang=lang), class_=f"pill {_TONES[state]}".strip())


def _gateway(lang: str, home: Home) -> Html:
    bare = home.status.gateway
    address = f"{bare}/v1"
    bases = [("base_with_version", address), ("base_without_version", bare)]
    listed = [
        (tag("dt", say(f"api.home.{name}", lang=lang)), tag("dd", tag("code", url))) for name, url in bases
    ]
    return _card(
        say("api.home.gateway", lang=lang),
        tag("dl", *(join(pair) for pair in listed), class_="bases"),
        tag("pre", tag("code", _curl(lang, address, home.models)), tabindex="0"),
        tag("p", say("api.home.which_key", lang=lang), class_="soft small"),
    )


def _curl(lang: str, address: str, models: Sequence[LocalModelShape]) -> str:
    chat = next((model.name for model in models if model.kind == "chat"), None)
    authorization = '  -H "Authorization: Bearer $COUNTERPOINT_KEY"'
    if chat is None:
        return f"curl {address}/models \\\n{authorization}"
    question = say("api.home.question", lang=lang)
    return (
        f"curl {address}/chat/completions \\\n{authorization} \\\n"
        "  -H 'Content-Type: application/json' \\\n  -d '{\n"
        f'    "model": "{chat}",\n'
        f'    "messages": [{{"role": "user", "content": "{question}"}}]\n  }}\''
    )


def _models(lang: str, models: Sequence[LocalModelShape]) -> Html:
    title = say("api.home.models", lang=lang)
    if not models:
        empty = tag("p", say("api.home.no_models", lang=lang))
        return _card(title, empty, tag("pre", tag("code", "counterpoint models pull")))
    rows = [
        tag(
            "tr",
            tag("th", model.name, tag("div", _about(model), class_="soft small"), scope="row"),
            _cell(say("api.home.size", lang=lang), numbers.size(model.size, lang=lang), number=True),
            tag("td", _pill(lang, model.state or "stopped")),
        )
        for model in models
    ]
    return _card(
        title,
        _table(
            [say(f"api.home.{name}", lang=lang) for name in ("model", "size", "state")], rows, numbered={1}
        ),
        tag("p", say("api.home.loads_itself", lang=lang), class_="soft small after"),
    )


def _about(model: LocalModelShape) -> str:
    """What the display name says beyond the name."""
    note = model.display.removeprefix(model.name).strip(" ()")
    return note or ", ".join(model.capabilities)


def _next_steps(lang: str, home: Home) -> Html:
    steps = [("key", "counterpoint keys create my-app")]
    if not home.providers:
        steps.append(("provider", "counterpoint providers add NAME"))
    steps += [("catalogue", "counterpoint catalog search"), ("usage", "counterpoint usage --by day,model")]
    items = [
        tag("li", tag("p", say(f"api.home.next.{name}", lang=lang)), tag("code", line))
        for name, line in steps
    ]
    return _card(say("api.home.next_steps", lang=lang), tag("ul", *items, class_="next"))


def _processes(lang: str, status: StatusShape) -> Html:
    listening = sum(worker.state == "listening" for worker in status.workers)
    waiting = say("api.home.all_shipped", lang=lang)
    if status.ledger.error is not None:
        waiting = say("api.home.not_shipped", lang=lang, reason=status.ledger.error)
    facts = [
        (
            say("api.home.workers", lang=lang),
            say("api.home.of", lang=lang, count=listening, total=len(status.workers)),
        ),
        (say("api.home.ledger", lang=lang), waiting),
        (say("api.home.since", lang=lang), _time(status.started_at)),
        (say("api.home.version", lang=lang), status.version),
    ]
    failed = [f"{engine.model}: {engine.failure}" for engine in status.engines if engine.failure]
    facts += [(say("api.home.failed", lang=lang), text) for text in failed]
    listed = tag("dl", *(join((tag("dt", name), tag("dd", value))) for name, value in facts))
    return _card(say("api.home.processes", lang=lang), listed)


def _exchanges(lang: str, entries: Sequence[EntryShape]) -> Html:
    title = say("api.home.exchanges", lang=lang)
    if not entries:
        return _card(title, tag("p", say("api.home.no_exchanges", lang=lang), class_="soft"))
    names = ("time", "model", "key", "status", "tokens", "cost", "duration")
    titles = [say(f"api.home.{name}", lang=lang) for name in names]
    rows = [_exchange(lang, entry, titles) for entry in entries]
    return _card(title, _table(titles, rows, numbered={4, 5, 6}))


def _exchange(lang: str, entry: EntryShape, titles: Sequence[str]) -> Html:
    cost = "?" if entry.cost is None else numbers.money(Decimal(entry.cost), entry.currency, lang=lang)
    tokens = numbers.number(sum(entry.tokens.values()), lang=lang)
    duration = f"{numbers.number(entry.total_ms / 1000, 2, lang=lang)} s"
    tone = "good" if entry.status < 400 else "bad"
    return tag(
        "tr",
        tag("td", _time(entry.at)),
        tag("th", entry.offering or entry.requested or "-", scope="row"),
        _cell(titles[2], entry.key.name),
        tag("td", tag("span", entry.status, class_=f"pill {tone}")),
        _cell(titles[4], tokens, number=True),
        _cell(titles[5], cost, number=True),
        _cell(titles[6], duration, number=True),
    )


def _table(titles: Sequence[str], rows: Sequence[Html], *, numbered: set[int]) -> Html:
    heads = [
        tag("th", title, scope="col", class_="number" if index in numbered else None)
        for index, title in enumerate(titles)
    ]
    return tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows), class_="stacks")


def _cell(label: str, content: object, *, number: bool = False) -> Html:
    return tag("td", content, data_label=label, class_="number" if number else None)


def _time(moment: datetime) -> Html:
    shown = moment.astimezone(UTC)
    return tag("time", shown.strftime("%Y-%m-%d %H:%M:%S"), " UTC", datetime=shown.isoformat())
