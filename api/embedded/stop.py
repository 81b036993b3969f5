"""Leaving the server: whoever leaves last stops it, and nobody else may."""

import signal
import time
from contextlib import suppress

import psutil

from api.embedded.locks import is_held, lock_file, release_lock, try_lock
from api.embedded.patience import wait_until
from api.embedded.places import Places
from api.embedded.postmaster import live_postmaster

_LONGEST = 3.0


def leave(places: Places, users_lock: int) -> None:
    """Give up our share in the server and stop it if that was the last one.

    It returns after about three seconds even if the server needs longer: the shutdown goes on, and
    the next start waits for its end. When somebody else is starting or stopping the server all that
    time, it is theirs to stop; and one that cannot be stopped is left to the next, as by a kill.
    """
    deadline = time.monotonic() + _LONGEST
    with suppress(OSError), lock_file(places.control_lock) as control:
        if not wait_until(lambda: try_lock(control), deadline):
            return
        if try_lock(users_lock):
            _stop(places, deadline)
        else:
            # The next to leave must not count us any more once it may control the server.
            release_lock(users_lock)


def _stop(places: Places, deadline: float) -> None:
    asked = False

    def gone() -> bool:
        nonlocal asked
        if not is_held(places.server_lock):
            return True
        # A server that has only just been launched has no pid file yet.
        asked = asked or _ask_to_stop(places)
        return False

    if wait_until(gone, deadline):
        with suppress(OSError):
            places.socket_directory.rmdir()


def _ask_to_stop(places: Places) -> bool:
    """Ask for a fast shutdown: open transactions are rolled back, committed ones are on disk."""
    server = live_postmaster(places.cluster)
    if server is None:
        return False
    with suppress(psutil.NoSuchProcess):
        server.send_signal(signal.SIGINT)
    return True
