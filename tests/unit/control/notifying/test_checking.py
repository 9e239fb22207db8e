from pathlib import Path

from counterpoint.control.config_check import check


def test_addresses_and_secrets_are_judged_where_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "counterpoint.toml"
    path.write_text(
        """
        [[notifications.webhooks]]
        url = "https://hooks.example.org/x"
        secret = "env:HOOK"
        [[notifications.webhooks]]
        url = "ftp://hooks.example.org/x"
        secret = "env:ABSENT"
        [[notifications.webhooks]]
        url = "https://hooks.example.org/a secret path"
        secret = "env:HOOK"
        [notifications.email]
        host = "mail.example.org"
        sender = "cp@example.org"
        to = ["ops@example.org"]
        password = "plain"
        """,
        "utf-8",
    )
    found = [problem.path for problem in check(path, environ={"HOOK": "s"}, lang="en")]
    assert found == [
        "notifications.webhooks[1].url",
        "notifications.webhooks[1].secret",
        "notifications.webhooks[2].url",
        "notifications.email.password",
    ]
