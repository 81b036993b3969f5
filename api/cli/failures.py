"""The one place where an exception becomes a sentence on stderr and an exit code."""

import os
import sys
import traceback
from collections.abc import Generator
from contextlib import contextmanager

from api.cli.errors import CommandLineError
from api.data_directory import DataDirectoryError
from api.embedded.errors import EmbeddedServerError
from api.identity.secret import DamagedSecretError
from api.runtime_errors import RuntimeFailureError
from api.settings import SettingsError
from events.errors import EventLogError
from projections.errors import ProjectionError

FAILED = 1
WRONG_SETTINGS = 2

EXPECTED = (
    CommandLineError,
    DamagedSecretError,
    DataDirectoryError,
    EmbeddedServerError,
    EventLogError,
    ProjectionError,
    RuntimeFailureError,
)
"""What the world may do to us; each message says the way out."""


@contextmanager
def plainly() -> Generator[None]:
    """End the process with a sentence and an exit code when something goes wrong inside."""
    try:
        yield
    except SettingsError as error:
        _leave(WRONG_SETTINGS, *error.problems)
    except EXPECTED as error:
        _leave(FAILED, str(error))
    except Exception as error:  # noqa: BLE001 - the last resort is for whatever it is
        if os.environ.get("TASKFOLD_LOG_LEVEL", "").lower() == "debug":
            traceback.print_exception(error)
        sentence = f"Taskfold met a {type(error).__name__} that it did not expect"
        _leave(FAILED, f"{sentence}; run again with TASKFOLD_LOG_LEVEL=debug to see where.")


def _leave(code: int, *sentences: str) -> None:
    for sentence in sentences:
        print(f"Error: {sentence}", file=sys.stderr)
    sys.exit(code)
