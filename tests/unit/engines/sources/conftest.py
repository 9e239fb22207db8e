"""A host of files."""

from collections.abc import Iterator

import pytest

from tests.serving_files import FileHost, file_host


@pytest.fixture
def host() -> Iterator[FileHost]:
    """A server on this machine."""
    with file_host() as running:
        yield running
