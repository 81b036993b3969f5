"""Starting the server while nothing of an earlier one is alive."""

import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from api.embedded.account import Account
from api.embedded.cluster import prepare_cluster
from api.embedded.errors import ForeignServerError, UnreachableDirectoryError
from api.embedded.installation import reachable_installation
from api.embedded.log_file import open_log
from api.embedded.places import Places
from api.embedded.postmaster import discard_pid_file, live_postmaster
from api.embedded.program import start_program
from api.embedded.settings import server_arguments
from api.embedded.socket_directory import clear_socket_directory, prepare_socket_directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Launched:
    """A server on its way up, and how long its log was before."""

    process: subprocess.Popen[bytes]
    log_length: int

    def was_killed(self) -> bool:
        """Whether a server that has ended did so by a signal and not of its own accord."""
        return self.process.wait() < 0


def launch(
    places: Places,
    *,
    account: Account,
    server_lock: int,
    report: Callable[[str], None],
) -> Launched:
    """Start the server without waiting for it.

    `server_lock` is the held descriptor of that lock, which passes on to the server.

    Raises:
        EmbeddedServerError: Something about the files, the account or another server forbids it.
    """
    if not account.can_enter(places.data_dir):
        raise UnreachableDirectoryError(places.data_dir, account.name)
    installation = reachable_installation(places.data_dir, account)
    prepare_cluster(places, installation, account=account, server_lock=server_lock, report=report)
    _refuse_foreign_server(places.cluster)
    discard_pid_file(places.cluster)
    prepare_socket_directory(places.socket_directory, account)
    clear_socket_directory(places.socket_directory)
    with open_log(places.log) as log:
        log_length = log.tell()
        process = start_program(
            installation.bin_directory / "postgres",
            server_arguments(places.cluster, places.socket_directory),
            account=account,
            output=log,
            inherited_lock=server_lock,
        )
    # It may outlive our use of it, but as its parent we must collect it if it ends before we do.
    threading.Thread(target=process.wait, name="postgres-reaper", daemon=True).start()
    return Launched(process=process, log_length=log_length)


def _refuse_foreign_server(cluster: Path) -> None:
    """Refuse a live server that does not hold our lock, since we cannot have started it."""
    foreign = live_postmaster(cluster)
    if foreign is not None:
        raise ForeignServerError(cluster, foreign.pid)
