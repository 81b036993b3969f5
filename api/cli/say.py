"""Words for whoever watches, on stderr, so that stdout holds the answer alone."""

import sys


def say(sentence: str) -> None:
    """Tell whoever watches."""
    print(sentence, file=sys.stderr, flush=True)
