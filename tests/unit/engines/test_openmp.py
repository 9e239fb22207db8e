import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from counterpoint.engines.openmp import LIBRARY, bundled, openmp_environment


def absent() -> bool:
    return False


def test_a_system_that_has_openmp_is_left_alone(tmp_path: Path) -> None:
    assert openmp_environment(tmp_path / "lib", {}, installed=lambda: True) == {}
    assert not (tmp_path / "lib").exists()


def test_where_it_is_missing_the_copy_of_a_package_is_found_under_its_common_name(tmp_path: Path) -> None:
    added = openmp_environment(tmp_path / "lib", {}, installed=absent)
    assert added == {"LD_LIBRARY_PATH": str(tmp_path / "lib")}
    # The loader takes the copy, whatever the system has.
    program = f"import ctypes; ctypes.CDLL({LIBRARY!r}); print(open('/proc/self/maps').read())"
    loaded = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **added},
        capture_output=True,
        text=True,
        check=True,
    )
    assert any(str(copy) in loaded.stdout for copy in bundled())


def test_the_local_model_runtime_runs_with_the_copy(tmp_path: Path) -> None:
    added = openmp_environment(tmp_path / "lib", {}, installed=absent)
    program = "import xllamacpp; print(xllamacpp.CommonParams().n_ctx)"
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, env={**os.environ, **added}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_a_search_path_that_is_set_is_kept_behind_ours(tmp_path: Path) -> None:
    added = openmp_environment(tmp_path / "lib", {"LD_LIBRARY_PATH": "/opt/lib"}, installed=absent)
    assert added == {"LD_LIBRARY_PATH": f"{tmp_path / 'lib'}:/opt/lib"}


def test_a_link_to_a_copy_that_has_gone_is_made_anew(tmp_path: Path) -> None:
    old, new = tmp_path / "old.so", tmp_path / "new.so"
    new.touch()

    def copies() -> Iterable[Path]:
        return [new]

    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / LIBRARY).symlink_to(old)
    for _ in range(2):
        openmp_environment(tmp_path / "lib", {}, installed=absent, copies=copies)
        assert (tmp_path / "lib" / LIBRARY).resolve() == new


def test_without_any_copy_nothing_is_promised(tmp_path: Path) -> None:
    assert openmp_environment(tmp_path / "lib", {}, installed=absent, copies=list) == {}
