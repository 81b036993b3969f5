import base64
import json
from collections.abc import Callable, Mapping
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
type MakeToken = Callable[[], str]
"""Makes the token when the test runs, as it is soon too old."""

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


GOOD: Mapping[str, MakeToken] = {
    "the newest secret signed": signed,
    "an older secret signed": lambda: signed(secret=OLD_SECRET),
    "it expired within the leeway": lambda: signed({"exp": seconds_from_now(-10)}),
    "its nbf is within the leeway": lambda: signed({"nbf": seconds_from_now(20)}),
    "it has no typ": lambda: signed(header={"typ": None}),
    "it is an access token": lambda: signed(header={"typ": "at+JWT"}),
    "it names an issuer nobody asked for": lambda: signed({"iss": "https://app.test"}),
    "it carries more than is needed": lambda: signed({"email": "ada@example.com", "id": "other"}),
}


@pytest.mark.parametrize("make_token", GOOD.values(), ids=GOOD.keys())
def test_a_token_is_believed_although(make_token: MakeToken) -> None:
    assert identify(make_token(), RULES) == Identity(user_id="ada")


BAD: Mapping[str, MakeToken] = {
    "empty": lambda: "",
    "a word": lambda: "token",
    "two parts": lambda: signed().rpartition(".")[0],
    "four parts": lambda: signed() + ".more",
    "a session token": lambda: "QfvPZPeVKPnRjSeD.1m8xHbvbDYyBRBnhPFhFVzYSIcAXvgTMAFLMxzEqgIQ=",
    "not base64": lambda: "a!b.c!d.e!f",
    "a truncated signature": lambda: signed()[:-4],
    "no signature": lambda: signed().rpartition(".")[0] + ".",
    "other claims under the signature": lambda: tampered(signed()),
    "signed with another secret": lambda: signed(secret=b"a secret of somebody else altogether!"),
    "alg none": lambda: unsigned({"sub": "ada", "exp": seconds_from_now(60)}, "none"),
    "alg None": lambda: unsigned({"sub": "ada", "exp": seconds_from_now(60)}, "None"),
    "alg HS256 without signature": lambda: unsigned(
        {"sub": "ada", "exp": seconds_from_now(60)}, "HS256"
    ),
    "alg HS512": lambda: signed(algorithm="HS512", secret=SECRET * 2),
    "alg HS384": lambda: signed(algorithm="HS384", secret=SECRET * 2),
    "expired": lambda: signed({"exp": seconds_from_now(-60)}),
    "no exp": lambda: signed({"exp": None}),
    "exp that is no number": lambda: signed({"exp": "soon"}),
    "exp without end": lambda: signed({"exp": float("inf")}),
    "not yet valid": lambda: signed({"nbf": seconds_from_now(120)}),
    "issued in the future": lambda: signed({"iat": seconds_from_now(120)}),
    "no sub": lambda: signed({"sub": None}),
    "empty sub": lambda: signed({"sub": ""}),
    "sub that is a number": lambda: signed({"sub": 7}),
    "sub that is a list": lambda: signed({"sub": ["ada"]}),
    "sub with NUL": lambda: signed({"sub": "ada\x00"}),
    "sub with a line break": lambda: signed({"sub": "ada\nadmin"}),
    "sub with half a surrogate pair": lambda: signed({"sub": "ada\ud800"}),
    "sub that is too long": lambda: signed({"sub": "a" * (SUBJECT_LIMIT + 1)}),
    "an audience nobody configured": lambda: signed({"aud": "https://api.test"}),
    "a session cookie": lambda: signed(header={"typ": "better-auth.session-cache+jwt"}),
    "a typ that is a number": lambda: signed(header={"typ": 1}),
    "critical extension": lambda: signed(header={"crit": ["exp"], "exp": 1}),
}


@pytest.mark.parametrize("make_token", BAD.values(), ids=BAD.keys())
def test_a_token_is_rejected_when_it_is(make_token: MakeToken) -> None:
    with pytest.raises(TokenRejectedError):
        identify(make_token(), RULES)


@pytest.mark.parametrize("make_token", BAD.values(), ids=BAD.keys())
def test_a_rejection_repeats_nothing_of_the_token(make_token: MakeToken) -> None:
    token = make_token()
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


@pytest.mark.parametrize("header", ["Bearer a.b.c", "bearer   a.b.c ", "BEARER a.b.c"])
def test_the_token_is_found_however_the_scheme_is_written(header: str) -> None:
    assert bearer_token([header]) == "a.b.c"


@pytest.mark.parametrize("headers", [[], [""], ["Bearer"], ["Bearer "], ["Basic YWRhOnNlY3JldA=="]])
def test_without_a_bearer_token_nobody_asks(headers: list[str]) -> None:
    with pytest.raises(MissingTokenError):
        bearer_token(headers)


@pytest.mark.parametrize(
    "headers",
    [
        ["Bearer a.b.c", "Bearer a.b.c"],
        ["Bearer a.b.c a.b.c"],
        ["Bearer tökén"],
        ["Bearer " + "a" * (TOKEN_LIMIT + 1)],
    ],
    ids=["two headers", "two tokens", "not ASCII", "oversized"],
)
def test_a_header_with_more_than_one_token_of_usual_size_is_rejected(headers: list[str]) -> None:
    with pytest.raises(TokenRejectedError):
        bearer_token(headers)
