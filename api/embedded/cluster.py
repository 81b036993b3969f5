"""The database files: made once, as a whole or not at all, and checked before each start."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from api.embedded.account import Account, owner_name
from api.embedded.binaries import Installation, installed_version
from api.embedded.errors import (
    ForeignOwnerError,
    InitialisationError,
    NotAClusterError,
    WrongMajorVersionError,
)
from api.embedded.places import Places
from api.embedded.program import start_program

_UNFINISHED = "postgresql.new-"
_LAYOUT = (
    "--username=postgres",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--data-checksums",
    "--auth-local=trust",
    "--auth-host=reject",
    "--no-instructions",
)


def is_cluster(directory: Path) -> bool:
    """Whether the directory holds a PostgreSQL database."""
    return (directory / "PG_VERSION").is_file()


def prepare_cluster(
    places: Places,
    installation: Installation,
    *,
    account: Account,
    server_lock: int,
    report: Callable[[str], None],
) -> None:
    """See that the database files are there and that this PostgreSQL can run on them.

    Raises:
        NotAClusterError: Something else stands in their place.
        ForeignOwnerError: They belong to a user PostgreSQL would not run as.
        WrongMajorVersionError: Another major version made them.
        InitialisationError: They could not be made.
    """
    cluster = places.cluster
    if is_cluster(cluster):
        _check_owner(cluster, account)
        _check_major_version(cluster)
        return
    if cluster.exists() and (not cluster.is_dir() or any(cluster.iterdir())):
        raise NotAClusterError(cluster)
    report(f"Making a new database in {cluster}")
    _initialise(places, installation, account=account, server_lock=server_lock)


def _check_owner(cluster: Path, account: Account) -> None:
    owner = cluster.stat().st_uid
    if owner != account.uid:
        raise ForeignOwnerError(cluster, owner=owner_name(owner), account=account.name)


def _check_major_version(cluster: Path) -> None:
    found = (cluster / "PG_VERSION").read_text().strip()
    expected = installed_version().partition(".")[0]
    if found != expected:
        raise WrongMajorVersionError(cluster, found=found, expected=expected)


def _initialise(
    places: Places,
    installation: Installation,
    *,
    account: Account,
    server_lock: int,
) -> None:
    for leftover in places.data_dir.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(leftover)
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=places.data_dir))
    account.own(unfinished)
    with tempfile.TemporaryFile() as output:
        program = start_program(
            installation.bin_directory / "initdb",
            [*_LAYOUT, f"--pgdata={unfinished}"],
            account=account,
            output=output,
            inherited_lock=server_lock,
        )
        if _finish(program) != 0:
            output.seek(0)
            shutil.rmtree(unfinished)
            raise InitialisationError(places.data_dir, _complaint(output.read()))
    _publish(unfinished, places.cluster)


def _finish(program: subprocess.Popen[bytes]) -> int:
    try:
        return program.wait()
    except BaseException:
        program.kill()
        program.wait()
        raise


def _complaint(output: bytes) -> str:
    lines = output.decode(errors="replace").splitlines()
    complaints = [line for line in lines if "error:" in line or "FATAL:" in line]
    return (complaints or lines or ["initdb said nothing"])[-1].strip()


def _publish(unfinished: Path, cluster: Path) -> None:
    """Give the finished files their name durably; only from here on do they count."""
    unfinished.rename(cluster)
    directory = os.open(cluster.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
