from pathlib import Path

from counterpoint.cli.opening import Place


def test_a_folder_that_is_not_there_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    with Place(data=str(folder)).open() as control:
        assert control.settings.data == folder
    assert folder.stat().st_mode & 0o777 == 0o700
