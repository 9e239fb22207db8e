"""Signing in: a link is only taken when its reader presses a button, so that a program that looks ahead at
links in a chat or a mail does not use it up."""

from starlette.responses import Response

from counterpoint.api.pages.layout import Html, document, join, tag
from counterpoint.i18n import say


def confirm_page(lang: str, token: str) -> Response:
    """For whoever came by a link."""
    form = tag(
        "form",
        tag("input", type="hidden", name="token", value=token),
        tag("button", say("api.page.sign_in", lang=lang), type="submit"),
        method="post",
        action="sign-in",
    )
    return _page(lang, tag("p", say("api.page.link_works_once", lang=lang)), form)


def invitation_page(lang: str, *, with_token: bool) -> Response:
    """For whoever came without one. `with_token`: the operator set a token, which may be typed in."""
    return _page(lang, *_how(lang, with_token=with_token))


def refusal_page(lang: str, sentence: str, status: int, *, with_token: bool) -> Response:
    """For whoever was not let in."""
    notice = tag("p", say(sentence, lang=lang), class_="notice", role="alert")
    return _page(lang, notice, *_how(lang, with_token=with_token), status=status)


def _how(lang: str, *, with_token: bool) -> list[Html]:
    parts = [
        _password_form(lang),
        tag("p", say("api.page.how_to_sign_in", lang=lang)),
        tag("pre", tag("code", "counterpoint sign-in")),
    ]
    if with_token:
        parts.append(_token_form(lang))
    return parts


def setup_page(lang: str, notice: str = "", status: int = 200) -> Response:
    """For whoever came by the first start's link: the owner's account, before anything else."""
    form = tag(
        "form",
        *_field(lang, "name", "name"),
        *_field(lang, "login", "username"),
        *_field(lang, "password", "new-password"),
        tag("button", say("api.page.set_up", lang=lang), type="submit"),
        method="post",
        action="set-up",
    )
    told = [tag("p", notice, class_="notice", role="alert")] if notice else []
    return _page(lang, *told, tag("p", say("api.page.why_set_up", lang=lang)), form, status=status)


def welcome_page(lang: str, name: str) -> Response:
    """For somebody who signed in and may not see how the platform is."""
    leave = tag(
        "form",
        tag("button", say("api.home.sign_out", lang=lang), type="submit"),
        method="post",
        action="sign-out",
    )
    return _page(lang, tag("p", say("api.page.welcome", lang=lang, name=name)), leave)


def _password_form(lang: str) -> Html:
    return tag(
        "form",
        *_field(lang, "login", "username"),
        *_field(lang, "password", "current-password"),
        tag("button", say("api.page.sign_in", lang=lang), type="submit"),
        method="post",
        action="sign-in",
    )


def _field(lang: str, name: str, filled_by: str) -> tuple[Html, Html]:
    kind = "password" if name == "password" else "text"
    label = tag("label", say(f"api.page.{name}", lang=lang), for_=name)
    return label, tag("input", type=kind, id=name, name=name, required="", autocomplete=filled_by)


def _token_form(lang: str) -> Html:
    return tag(
        "form",
        tag("label", say("api.page.admin_token", lang=lang), for_="admin_token"),
        tag(
            "input",
            type="password",
            id="admin_token",
            name="admin_token",
            required="",
            autocomplete="current-password",
        ),
        tag("button", say("api.page.sign_in", lang=lang), type="submit"),
        method="post",
        action="sign-in",
        class_="token",
    )


def _page(lang: str, *parts: Html, status: int = 200) -> Response:
    title = say("api.page.sign_in", lang=lang)
    card = tag("div", tag("h1", title), join(parts), class_="card narrow")
    return document(lang, title, main=card, status=status)
