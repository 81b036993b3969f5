"""Standard streams that nobody reads any more, or that cannot hold what is left."""

import os
import sys


def let_go_of_closed_streams() -> None:
    """Give up what a standard stream cannot take.

    Python would try once more at its very end, fail, and replace the exit code by 120.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
