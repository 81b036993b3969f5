import pytest

from api.identity import published_keys


@pytest.fixture
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries that a test can wait for."""
    monkeypatch.setattr(published_keys, "FIRST_RETRY", 0.02)
    monkeypatch.setattr(published_keys, "LAST_RETRY", 0.02)
