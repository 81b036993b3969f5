"""Data directories the server's account can reach, and clusters that need no initialisation."""

import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.embedded.processes import kill_server


@contextmanager
def reachable_directory() -> Generator[Path]:
    """A directory outside pytest's own, which an account lent by root could not enter.

    Whatever server a failed test leaves below it is killed.
    """
    directory = Path(tempfile.mkdtemp(prefix="tf-")).resolve()
    directory.chmod(0o711)
    with ExitStack() as end:
        end.callback(shutil.rmtree, directory)
        yield directory
        for lock in directory.rglob("server.lock"):
            kill_server(lock.parent)


def furnish(data_dir: Path, template: Path) -> Path:
    """Make a data directory that holds a copy of the template's cluster."""
    data_dir.mkdir(parents=True)
    command = ["cp", "-Rp", template / "postgresql", data_dir / "postgresql"]
    subprocess.run(command, check=True)
    return data_dir
