"""A disk that is as slow as one in a cloud: a library that delays flushes, preloaded."""

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from tests.benchmarks.errors import UnavailableError

SOURCE = Path(__file__).with_suffix(".c")
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "LD_PRELOAD", "SLOW_FSYNC_MICROSECONDS")


def build(directory: Path) -> Path:
    """Compile the library.

    Raises:
        UnavailableError: There is no compiler, or it cannot compile this.
    """
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        reason = "a slow disk needs a C compiler: install gcc or clang, or leave --slow-fsync out"
        raise UnavailableError(reason)
    library = directory / "slow_fsync.so"
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl"]
    made = subprocess.run(command, check=False, capture_output=True, text=True)
    if made.returncode:
        reason = f"{compiler} cannot make the slow disk: {made.stderr.strip()}"
        raise UnavailableError(reason)
    library.chmod(0o755)
    return library


@contextmanager
def slow_fsync(directory: Path, milliseconds: float) -> Generator[None]:
    """Let every process that is started in the block wait so long before each flush.

    Raises:
        UnavailableError: This machine cannot make it so.
    """
    library = build(directory)
    # The product hands nothing of our environment to PostgreSQL that it does not need.
    with patch("api.embedded.program._INHERITED", _PASSED_ON):
        os.environ["LD_PRELOAD"] = str(library)
        os.environ["SLOW_FSYNC_MICROSECONDS"] = str(round(1_000 * milliseconds))
        try:
            yield
        finally:
            del os.environ["LD_PRELOAD"], os.environ["SLOW_FSYNC_MICROSECONDS"]
