"""What is committed is what the build script makes of the open catalogues."""

import os
import subprocess
import sys
from pathlib import Path

from counterpoint.catalog.loading import load


def test_the_committed_catalogue_is_not_stale(shared: Path, repository: Path) -> None:
    finished = subprocess.run(
        [sys.executable, str(repository / "scripts" / "build_catalog.py"), "--check"],
        env={**os.environ, "COUNTERPOINT_SHARED": str(shared), "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr


def test_every_source_is_named_with_its_licence(repository: Path) -> None:
    notice = (repository / "src/counterpoint/catalog/data/NOTICE.md").read_text("utf-8")
    for source in load().sources.values():
        assert source.licence in {"MIT", "Apache-2.0"}
        for text in (source.display, source.url, source.version, source.attribution):
            assert text in notice
    assert "Permission is hereby granted" in notice
