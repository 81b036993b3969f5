import os
import subprocess
from difflib import unified_diff
from pathlib import Path

import pytest

from tests.http.openapi_document import ACCEPTED, written
from tests.identity.node import MissingError, installed, program

LINT = Path(__file__).parent / "redocly"


def test_the_document_is_the_one_that_was_accepted() -> None:
    now, accepted = written(), ACCEPTED.read_text(encoding="utf-8")
    changes = unified_diff(accepted.splitlines(), now.splitlines(), "accepted", "now", lineterm="")
    message = "The API has changed. If clients can live with that, run `make openapi`:\n"
    assert now == accepted, message + "\n".join(changes)


@pytest.mark.timeout(180)
def test_a_linter_has_nothing_to_say_of_the_document() -> None:
    try:
        packages = installed(LINT)
        node = program("node")
    except MissingError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"the OpenAPI document is not linted: {error}")
    checked = subprocess.run(
        [
            *(*node, str(packages / "@redocly/cli/bin/cli.js"), "lint", str(ACCEPTED)),
            *("--config", str(LINT / "redocly.yaml"), "--max-problems", "1000"),
        ],
        env={**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "warning" not in checked.stderr, checked.stdout + checked.stderr
