"""A process that opens the embedded server, says so, and leaves when its input ends."""

import sys
from pathlib import Path

from api.embedded.errors import EmbeddedServerError
from api.embedded.server import embedded_server


def say(word: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    """Hold the server of the data directory named on the command line."""
    try:
        with embedded_server(Path(sys.argv[1]), say) as server:
            say(server.url)
            sys.stdin.read()
        say("left")
    except EmbeddedServerError as error:
        say(str(error))


if __name__ == "__main__":
    main()
