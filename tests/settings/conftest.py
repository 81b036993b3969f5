"""An environment in which nothing of ours is set."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, so that nobody's `.env` is read."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
