import pytest

from api.identity import remembered
from api.identity.claims import Claims
from api.identity.identity import Identity
from api.identity.remembered import RememberedTokens

ADA = Identity(user_id="ada")


def until(instant: float) -> Claims:
    return Claims(identity=ADA, believed_until=instant)


def test_a_token_is_remembered_until_it_ends_and_not_a_moment_longer() -> None:
    tokens = RememberedTokens()
    tokens.remember("a.b.c", until(100))
    assert tokens.find("a.b.c", now=99.9) == until(100)
    assert tokens.find("a.b.d", now=99.9) is None
    assert tokens.find("a.b.c", now=100) is None
    assert len(tokens) == 0


def test_memory_is_bounded_and_whoever_is_active_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "CAPACITY", 2)
    tokens = RememberedTokens()
    for token in ("active", "idle"):
        tokens.remember(token, until(100))
    tokens.find("active", now=1)
    tokens.remember("new", until(100))
    assert len(tokens) == 2
    assert tokens.find("active", now=1) == tokens.find("new", now=1) == until(100)
    assert tokens.find("idle", now=1) is None


def test_no_token_lies_in_memory() -> None:
    tokens = RememberedTokens()
    tokens.remember("a-token-of-somebody", until(100))
    assert "a-token" not in repr(vars(tokens))


def test_all_are_forgotten_at_once() -> None:
    tokens = RememberedTokens()
    tokens.remember("a.b.c", until(100))
    tokens.forget()
    assert tokens.find("a.b.c", now=1) is None
