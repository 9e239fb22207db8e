import pytest

from counterpoint.knowledge.sources.port import Bounds, SourceError
from counterpoint.knowledge.sources.settings import UploadSettings
from counterpoint.knowledge.sources.upload import open_source


def test_files_come_when_people_bring_them(bounds: Bounds) -> None:
    source = open_source(UploadSettings(), None, bounds, lambda _: "")
    assert list(source.items()) == []
    assert source.rights() is None
    with pytest.raises(SourceError, match="upload_lost"):
        source.fetch("a.txt")
    source.close()
