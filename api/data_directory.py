"""Where Taskfold keeps what must outlive a process, and how that directory is made."""

import os
from pathlib import Path

from platformdirs import user_data_path

SYSTEM_DATA_DIR = Path("/var/lib/taskfold")


class DataDirectoryError(Exception):
    """The data directory cannot be made or is not a directory."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The data directory {path} cannot be used ({reason}); "
            "set TASKFOLD_DATA_DIR to a directory this user may write to.",
        )


def default_data_dir() -> Path:
    """Where data goes when TASKFOLD_DATA_DIR names no other place."""
    return SYSTEM_DATA_DIR if os.geteuid() == 0 else user_data_path("taskfold")


def private_directory(path: Path) -> Path:
    """Make the data directory if it is missing, and give back its real path.

    An existing directory keeps its mode: it may hold more than ours.

    Raises:
        DataDirectoryError: The path cannot be made or is something else.
    """
    try:
        if not path.is_dir():
            _make(path)
        return path.resolve(strict=True)
    except OSError as error:
        raise DataDirectoryError(path, error.strerror or str(error)) from error


def _make(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The account root lends the database must pass through, yet may list nothing.
    path.chmod(0o711 if os.geteuid() == 0 else 0o700)
