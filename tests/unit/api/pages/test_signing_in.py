from counterpoint.api.pages.signing_in import confirm_page, invitation_page, refusal_page


def test_a_token_cannot_break_out_of_its_field() -> None:
    page = bytes(confirm_page("en", '"><script>alert(1)</script>').body)
    assert b"<script" not in page


def test_without_an_operators_token_there_is_no_field_for_it() -> None:
    assert b"admin_token" not in bytes(invitation_page("en", with_token=False).body)
    assert b"counterpoint sign-in" in bytes(invitation_page("en", with_token=True).body)


def test_a_refusal_is_an_alert() -> None:
    answer = refusal_page("fr", "api.page.link_is_used", 403, with_token=False)
    assert answer.status_code == 403
    assert b'role="alert"' in bytes(answer.body)
