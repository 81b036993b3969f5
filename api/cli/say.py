"""Words for whoever watches, on stderr, so that stdout holds the answer alone."""

import sys
from contextlib import suppress


def say(sentence: str) -> None:
    """Tell whoever watches."""
    # Whoever watched may be gone; the work goes on.
    with suppress(OSError, ValueError):
        print(sentence, file=sys.stderr, flush=True)
