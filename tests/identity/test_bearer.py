import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt
import pytest

from api.identity.bearer import (
    SUBJECT_LIMIT,
    TOKEN_LIMIT,
    Identity,
    TokenRules,
    bearer_token,
    identify,
)
from api.identity.errors import MissingTokenError, TokenRejectedError
from api.identity.issue import issue_token
from events import clock

SECRET = b"the one secret of these tests, 40 bytes."
OLD_SECRET = b"the secret before it, still trusted a day"
RULES = TokenRules(secrets=(SECRET, OLD_SECRET))
STRICT = TokenRules(secrets=(SECRET,), issuer="https://app.test", audience="https://api.test")


def seconds_from_now(seconds: float) -> int:
    return int(clock.now().timestamp() + seconds)


def signed(
    claims: Mapping[str, Any] | None = None,
    *,
    secret: bytes = SECRET,
    algorithm: str = "HS256",
    header: dict[str, Any] | None = None,
) -> str:
    """A token that is good but for what is said of it; a claim of None is left out."""
    merged = {"sub": "ada", "exp": seconds_from_now(60), **(claims or {})}
    present = {name: value for name, value in merged.items() if value is not None}
    return jwt.PyJWT().encode(  # pyright: ignore[reportUnknownMemberType] - of cryptography
        present, secret, algorithm=algorithm, headers=header
    )


def unsigned(claims: Mapping[str, Any], algorithm: str) -> str:
    parts = ({"alg": algorithm, "typ": "JWT"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join([*encoded, b""]).decode()


def tampered(token: str) -> str:
    """The same token with somebody else's claims in the middle."""
    head, _, signature = token.split(".")
    return ".".join((head, signed({"sub": "eve"}).split(".")[1], signature))


GOOD = {
    "the newest secret signed": signed(),
    "an older secret signed": signed(secret=OLD_SECRET),
    "it expired within the leeway": signed({"exp": seconds_from_now(-10)}),
    "its nbf is within the leeway": signed({"nbf": seconds_from_now(20)}),
    "it has no typ": signed(header={"typ": None}),
    "it is an access token": signed(header={"typ": "at+JWT"}),
    "it names an issuer nobody asked for": signed({"iss": "https://app.test"}),
    "it carries more than is needed": signed({"email": "ada@example.com", "id": "other"}),
}


@pytest.mark.parametrize("token", GOOD.values(), ids=GOOD.keys())
def test_a_token_is_believed_although(token: str) -> None:
    assert identify(token, RULES) == Identity(user_id="ada")


BAD = {
    "empty": "",
    "a word": "token",
    "two parts": signed().rpartition(".")[0],
    "four parts": signed() + ".more",
    "a session token": "QfvPZPeVKPnRjSeD.1m8xHbvbDYyBRBnhPFhFVzYSIcAXvgTMAFLMxzEqgIQ=",
    "not base64": "a!b.c!d.e!f",
    "a truncated signature": signed()[:-4],
    "no signature": signed().rpartition(".")[0] + ".",
    "other claims under the signature": tampered(signed()),
    "signed with another secret": signed(secret=b"a secret of somebody else altogether!"),
    "alg none": unsigned({"sub": "ada", "exp": seconds_from_now(60)}, "none"),
    "alg None": unsigned({"sub": "ada", "exp": seconds_from_now(60)}, "None"),
    "alg HS256 without signature": unsigned({"sub": "ada", "exp": seconds_from_now(60)}, "HS256"),
    "alg HS512": signed(algorithm="HS512", secret=SECRET * 2),
    "alg HS384": signed(algorithm="HS384", secret=SECRET * 2),
    "expired": signed({"exp": seconds_from_now(-60)}),
    "no exp": signed({"exp": None}),
    "exp that is no number": signed({"exp": "soon"}),
    "exp without end": signed({"exp": float("inf")}),
    "not yet valid": signed({"nbf": seconds_from_now(120)}),
    "issued in the future": signed({"iat": seconds_from_now(120)}),
    "no sub": signed({"sub": None}),
    "empty sub": signed({"sub": ""}),
    "sub that is a number": signed({"sub": 7}),
    "sub that is a list": signed({"sub": ["ada"]}),
    "sub with NUL": signed({"sub": "ada\x00"}),
    "sub with a line break": signed({"sub": "ada\nadmin"}),
    "sub with half a surrogate pair": signed({"sub": "ada\ud800"}),
    "sub that is too long": signed({"sub": "a" * (SUBJECT_LIMIT + 1)}),
    "an audience nobody configured": signed({"aud": "https://api.test"}),
    "a session cookie": signed(header={"typ": "better-auth.session-cache+jwt"}),
    "a typ that is a number": signed(header={"typ": 1}),
    "critical extension": signed(header={"crit": ["exp"], "exp": 1}),
}


@pytest.mark.parametrize("token", BAD.values(), ids=BAD.keys())
def test_a_token_is_rejected_when_it_is(token: str) -> None:
    with pytest.raises(TokenRejectedError):
        identify(token, RULES)


@pytest.mark.parametrize("token", BAD.values(), ids=BAD.keys())
def test_a_rejection_repeats_nothing_of_the_token(token: str) -> None:
    with pytest.raises(TokenRejectedError) as caught:
        identify(token, RULES)
    parts = [part for part in token.split(".") if len(part) > 8]
    assert not [part for part in parts if part in str(caught.value)]
    assert not set(str(caught.value)) & set('"\\')


def test_the_right_issuer_and_audience_are_believed() -> None:
    token = issue_token(
        SECRET,
        user_id="ada",
        now=clock.now(),
        lifetime=timedelta(minutes=1),
        issuer=STRICT.issuer,
        audience=STRICT.audience,
    )
    assert identify(token, STRICT).user_id == "ada"


def test_one_of_several_audiences_is_enough() -> None:
    audiences = ["https://other.test", "https://api.test"]
    token = signed({"iss": "https://app.test", "aud": audiences})
    assert identify(token, STRICT).user_id == "ada"


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"iss": "https://app.test"},
        {"aud": "https://api.test"},
        {"iss": "https://app.test", "aud": "https://other.test"},
        {"iss": "https://app.test.evil.test", "aud": "https://api.test"},
        {"iss": "https://app.test", "aud": ""},
        {"iss": ["https://app.test"], "aud": "https://api.test"},
        {"iss": "https://app.test", "aud": {"https://api.test": 1}},
    ],
    ids=str,
)
def test_another_issuer_or_audience_is_rejected(claims: dict[str, Any]) -> None:
    # PyJWT itself refuses to write an issuer that is no string, so the key is the only one here.
    token = jwt.PyJWS().encode(  # pyright: ignore[reportUnknownMemberType] - of cryptography
        json.dumps({"sub": "ada", "exp": seconds_from_now(60), **claims}).encode(), SECRET
    )
    with pytest.raises(TokenRejectedError):
        identify(token, STRICT)


def test_an_unexpected_audience_is_told_which_setting_is_missing() -> None:
    with pytest.raises(TokenRejectedError, match="JWT_AUDIENCE"):
        identify(signed({"aud": "https://api.test"}), RULES)


def test_rules_print_no_secret() -> None:
    assert "secret" not in repr(RULES)


@pytest.mark.parametrize(
    "header", [f"Bearer {signed()}", f"bearer   {signed()} ", f"BEARER {signed()}"]
)
def test_the_token_is_found_however_the_scheme_is_written(header: str) -> None:
    assert identify(bearer_token([header]), RULES).user_id == "ada"


@pytest.mark.parametrize("headers", [[], [""], ["Bearer"], ["Bearer "], ["Basic YWRhOnNlY3JldA=="]])
def test_without_a_bearer_token_nobody_asks(headers: list[str]) -> None:
    with pytest.raises(MissingTokenError):
        bearer_token(headers)


@pytest.mark.parametrize(
    "headers",
    [
        [f"Bearer {signed()}", f"Bearer {signed()}"],
        [f"Bearer {signed()} {signed()}"],
        ["Bearer tökén"],
        ["Bearer " + "a" * (TOKEN_LIMIT + 1)],
    ],
    ids=["two headers", "two tokens", "not ASCII", "oversized"],
)
def test_a_header_with_more_than_one_token_of_usual_size_is_rejected(headers: list[str]) -> None:
    with pytest.raises(TokenRejectedError):
        bearer_token(headers)
