import os
import sys
from datetime import timedelta
from pathlib import Path

import anyio
import pytest

from api.http import freshness
from tests.http.application import running_on, token_of
from tests.http.serving import served
from tests.options import EXAMPLES

pytestmark = pytest.mark.anyio

PROGRAM = Path(sys.executable).with_name("schemathesis")
CONFIGURATION = Path(__file__).parent / "schemathesis/schemathesis.toml"
PHASES = "examples,fuzzing,stateful" if EXAMPLES <= 2 else "examples,coverage,fuzzing,stateful"
"""What covers each parameter of each operation takes minutes, so it is left to the full form."""
TOKEN_LIFE = timedelta(hours=2)
"""Longer than the full form takes: what is answered 401 throughout is checked for nothing."""
HOOKS = CONFIGURATION.with_name("hooks.py")


@pytest.mark.timeout(60 + 60 * EXAMPLES)
async def test_what_schemathesis_invents_is_answered_as_the_document_says(
    database_url: str, user_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "PATIENCE", 0.02)
    token = token_of(user_id, role="auditor operator", lifetime=TOKEN_LIFE)
    stranger = token_of(f"not-{user_id}", lifetime=TOKEN_LIFE)
    # Streams that do not end would never be answered.
    async with (
        running_on(database_url, stream_life=0.1) as application,
        served(application) as (host, port),
    ):
        run = await anyio.run_process(
            [
                *(str(PROGRAM), "--config-file", str(CONFIGURATION), "run"),
                f"http://{host}:{port}/api/openapi.json",
                *("--header", f"Authorization: Bearer {token}"),
                *("--phases", PHASES),
                *("--max-examples", str(EXAMPLES), "--generation-database", "none"),
                *("--seed", "1", "--exclude-deprecated", "--no-color"),
            ],
            cwd=tmp_path,
            env={**os.environ, "STRANGERS_TOKEN": stranger, "SCHEMATHESIS_HOOKS": str(HOOKS)},
            check=False,
        )
    sys.stdout.write(run.stdout.decode())
    assert run.returncode == 0, run.stdout.decode() + run.stderr.decode()
