"""An installation of PostgreSQL that the account it runs under can reach."""

import os
import shutil
import stat
import tempfile
from pathlib import Path

from api.embedded.account import Account
from api.embedded.binaries import Installation, installed, installed_version

_COPIES = "bin-"
_NOT_NEEDED = ("include", "*.a", "*.py", "*.pyi", "__pycache__")


def reachable_installation(data_dir: Path, account: Account) -> Installation:
    """The installed PostgreSQL, or a copy of it where the account may not go to the original.

    That happens under root, when the Python environment lies in a private home directory. Nothing
    of a copy is in use while no server runs, which is when this is called.
    """
    original = installed()
    if account.user is None or account.can_enter(original.bin_directory):
        return original
    copy = Installation(root=data_dir / f"{_COPIES}{installed_version()}")
    if not copy.root.is_dir():
        for outdated in data_dir.glob(f"{_COPIES}*"):
            shutil.rmtree(outdated)
        copy_installation(original, copy)
    return copy


def copy_installation(original: Installation, copy: Installation) -> None:
    """Copy what PostgreSQL needs to run, readable by everybody, as a whole or not at all."""
    staging = Path(tempfile.mkdtemp(prefix=f"{copy.root.name}-", dir=copy.root.parent))
    unfinished = Installation(root=staging)
    _copy_tree(original.package, unfinished.package)
    if original.libraries.is_dir():
        _copy_tree(original.libraries, unfinished.libraries)
    for directory, _, _ in os.walk(staging):
        Path(directory).chmod(0o755)
    # Or a power cut could leave empty programs under the final name.
    os.sync()
    staging.rename(copy.root)


def _copy_tree(source: Path, target: Path) -> None:
    ignored = shutil.ignore_patterns(*_NOT_NEEDED)
    shutil.copytree(source, target, copy_function=_copy_file, ignore=ignored)


def _copy_file(source: str, target: str) -> None:
    executable = Path(source).stat().st_mode & stat.S_IXUSR
    shutil.copyfile(source, target)
    Path(target).chmod(0o755 if executable else 0o644)
