from counterpoint.knowledge.index.port import OtherDimensions


def test_who_changed_the_model_is_told_what_to_do() -> None:
    told = OtherDimensions(384, 1024)
    assert "384" in told.text("fr")
    assert "1024" in told.text("fr")
    assert "Choose the model" in told.text("en")
    assert told.kind == "conflict"
