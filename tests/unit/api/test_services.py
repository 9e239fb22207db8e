from counterpoint.api.services import Services


def test_services_do_not_show_the_token(services: Services) -> None:
    assert "an-admin-token" not in repr(services)
