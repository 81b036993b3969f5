"""Starting the server again when it dies under us."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

from api.embedded.account import Account
from api.embedded.cluster import is_cluster
from api.embedded.errors import EmbeddedServerError
from api.embedded.launch import launch
from api.embedded.locks import claim, lock_file, try_lock
from api.embedded.places import Places

_INTERVAL = 0.5
_LONGEST_INTERVAL = 30.0


@contextmanager
def watched(places: Places, account: Account, report: Callable[[str], None]) -> Generator[None]:
    """Start the server again whenever it is found dead; `report` is called from another thread."""
    left = threading.Event()
    watcher = threading.Thread(
        target=_watch,
        args=(places, account, report, left),
        name="postgres-watcher",
        daemon=True,
    )
    watcher.start()
    try:
        yield
    finally:
        left.set()
        watcher.join()


def _watch(
    places: Places,
    account: Account,
    report: Callable[[str], None],
    left: threading.Event,
) -> None:
    interval = _INTERVAL
    while not left.wait(interval):
        try:
            alive = not _revive(places, account, report)
        except (EmbeddedServerError, OSError) as error:
            report(str(error))
            alive = False
        # A server that keeps dying is not started ever faster.
        interval = _INTERVAL if alive else min(interval * 2, _LONGEST_INTERVAL)


def _revive(places: Places, account: Account, report: Callable[[str], None]) -> bool:
    """Start the server if it is dead, unless somebody sees to it already, and say whether."""
    # Without database files there is nothing to revive, and new ones would hide the loss.
    if not is_cluster(places.cluster):
        return False
    with lock_file(places.control_lock) as control:
        if not try_lock(control):
            return False
        with claim(places.server_lock) as server_lock:
            if server_lock is None:
                return False
            report("PostgreSQL ended unexpectedly and is being started again")
            launch(places, account=account, server_lock=server_lock, report=report)
            return True
