"""Tokens minted on the command line are what the API believes."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import jwt
import pytest

from api.identity.claims import ClaimRules
from api.identity.remembered import RememberedTokens
from api.identity.secret import own_secret, secret_path
from api.identity.verifier import Verifier
from tests.cli.commands import taskfold

SECRET = "dQw4w9WgXcQ-kL0mN1pR2sT3uV4xY5zA6b"
NEXT = "Zb6Az5Yx4Vu3Ts2Rp1Nm0Lk-QcXgW9w4Qd"

pytestmark = pytest.mark.usefixtures("logging_restored")


def minted(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert taskfold("token", *arguments) == 0
    return capsys.readouterr().out.strip()


def claims(token: str, secret: bytes, origin: str | None = None) -> dict[str, Any]:
    return jwt.decode(token, secret, algorithms=["HS256"], issuer=origin, audience=origin)


def test_a_token_stands_for_its_user_for_an_hour(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = claims(minted(capsys), own_secret(data_dir))
    assert found["sub"] == "demo"
    assert found["exp"] - found["iat"] == 3600
    assert abs(found["iat"] - time.time()) < 60
    assert set(found) == {"sub", "iat", "exp"}


def test_a_token_is_signed_with_the_first_secret_and_carries_what_the_api_demands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BETTER_AUTH_SECRET", f"{SECRET},{NEXT}")
    monkeypatch.setenv("BETTER_AUTH_URL", "https://app.example.com")
    token = minted(capsys, "--user", "alice")
    origin = "https://app.example.com"
    assert claims(token, SECRET.encode(), origin)["sub"] == "alice"
    rules = ClaimRules(issuer=origin, audience=origin)
    verifier = Verifier(rules, secrets=(SECRET.encode(),), remembered=RememberedTokens())
    assert asyncio.run(verifier.claims(token)).identity.user_id == "alice"


def test_where_only_an_issuer_signs_no_token_is_made_and_no_secret_either(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BETTER_AUTH_URL", "https://app.example.com")
    assert taskfold("token") == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "https://app.example.com/api/auth/jwks" in printed.err
    assert "BETTER_AUTH_SECRET" in printed.err
    assert not data_dir.exists()


@pytest.mark.parametrize(
    ("written", "seconds"), [("90s", 90), ("30m", 1_800), ("12h", 43_200), ("7d", 604_800)]
)
def test_a_lifetime_is_a_number_and_a_unit(
    written: str, seconds: int, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = claims(minted(capsys, "--expires", written), own_secret(data_dir))
    assert found["exp"] - found["iat"] == seconds


@pytest.mark.usefixtures("data_dir")
@pytest.mark.parametrize(
    "arguments",
    [
        ("--expires", "soon"),
        ("--expires", "0s"),
        ("--expires", "9999999d"),
        ("--user", ""),
        ("--user", "a\nb"),
        ("--user", "u" * 256),
    ],
)
def test_what_no_token_can_carry_is_refused_before_one_is_made(
    arguments: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert taskfold("token", *arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert arguments[0] in printed.err


def test_a_script_learns_when_it_ends_and_what_signed_it(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = json.loads(minted(capsys, "--json"))
    assert claims(answer["token"], own_secret(data_dir))["sub"] == answer["user"] == "demo"
    assert answer["expires_at"].endswith("Z")
    assert answer["secret"] == str(secret_path(data_dir))
