"""Where data is kept when nothing else is said, and who may look at it."""

import os
import stat
from pathlib import Path

import pytest

from api.data_directory import DataDirectoryError, default_data_dir, private_directory


def test_the_default_is_the_users_own_or_for_root_the_systems() -> None:
    found = default_data_dir()
    assert found.name == "taskfold"
    assert (found == Path("/var/lib/taskfold")) == (os.geteuid() == 0)


def test_a_new_data_directory_cannot_be_listed_by_others(tmp_path: Path) -> None:
    made = private_directory(tmp_path / "deep" / "data")
    expected = 0o711 if os.geteuid() == 0 else 0o700
    assert stat.S_IMODE(made.stat().st_mode) == expected


def test_an_existing_data_directory_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    assert private_directory(tmp_path) == tmp_path.resolve()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750


def test_a_file_in_its_place_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(DataDirectoryError, match="TASKFOLD_DATA_DIR"):
        private_directory(tmp_path / "data")
