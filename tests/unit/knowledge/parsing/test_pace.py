from counterpoint.knowledge.parsing import pace


def test_one_listener_hears_of_every_beat() -> None:
    heard: list[str] = []
    pace.on_beat(lambda: heard.append("first"))
    pace.alive()
    pace.on_beat(lambda: heard.append("second"))
    pace.alive()
    pace.on_beat(lambda: None)
    assert heard == ["first", "second"]
