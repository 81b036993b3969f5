import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import jwt
import pytest

from api.identity import reasons
from api.identity.claims import ClaimRules
from api.identity.errors import TokenRejectedError
from api.identity.identity import Identity
from api.identity.issue import issue_token
from api.identity.limits import SUBJECT_LIMIT
from api.identity.remembered import RememberedTokens
from api.identity.verifier import Verifier
from events import clock
from tests.identity.signing import SECRET, encoded, key_pair, seconds_from_now, signed

pytestmark = pytest.mark.anyio

OLD_SECRET = b"the secret before it, still trusted a day"
RULES = ClaimRules()
STRICT = ClaimRules(issuer="https://app.test", audience="https://api.test")

type MakeToken = Callable[[], str]
"""Makes the token when the test runs, as it is soon too old."""


def verifier(rules: ClaimRules = RULES, *secrets: bytes) -> Verifier:
    """A verifier of tokens under shared secrets."""
    return Verifier(rules, secrets=secrets or (SECRET, OLD_SECRET), remembered=RememberedTokens())


def unsigned(claims: Mapping[str, Any], algorithm: str) -> str:
    return f"{encoded({'alg': algorithm, 'typ': 'JWT'})}.{encoded(claims)}."


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
async def test_a_token_is_believed_although(make_token: MakeToken) -> None:
    assert (await verifier().claims(make_token())).identity == Identity(user_id="ada")


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
async def test_a_token_is_rejected_when_it_is(make_token: MakeToken) -> None:
    with pytest.raises(TokenRejectedError):
        await verifier().claims(make_token())


@pytest.mark.parametrize("make_token", BAD.values(), ids=BAD.keys())
async def test_a_rejection_repeats_nothing_of_the_token(make_token: MakeToken) -> None:
    token = make_token()
    with pytest.raises(TokenRejectedError) as caught:
        await verifier().claims(token)
    parts = [part for part in token.split(".") if len(part) > 8]
    assert not [part for part in parts if part in str(caught.value)]
    assert not set(str(caught.value)) & set('"\\')


async def test_the_right_issuer_and_audience_are_believed() -> None:
    token = issue_token(
        SECRET,
        user_id="ada",
        now=clock.now(),
        lifetime=timedelta(minutes=1),
        issuer=STRICT.issuer,
        audience=STRICT.audience,
    )
    assert (await verifier(STRICT).claims(token)).identity.user_id == "ada"


async def test_one_of_several_audiences_is_enough() -> None:
    audiences = ["https://other.test", "https://api.test"]
    token = signed({"iss": "https://app.test", "aud": audiences})
    assert (await verifier(STRICT).claims(token)).identity.user_id == "ada"


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
async def test_another_issuer_or_audience_is_rejected(claims: dict[str, Any]) -> None:
    # PyJWT itself refuses to write an issuer that is no string, so the key is the only one here.
    payload = json.dumps({"sub": "ada", "exp": seconds_from_now(60), **claims})
    token = jwt.PyJWS().encode(payload.encode(), SECRET)
    with pytest.raises(TokenRejectedError):
        await verifier(STRICT).claims(token)


async def test_an_unexpected_audience_is_told_which_setting_is_missing() -> None:
    with pytest.raises(TokenRejectedError, match="JWT_AUDIENCE"):
        await verifier().claims(signed({"aud": "https://api.test"}))


async def test_without_an_issuer_of_keys_a_token_under_a_key_pair_is_told_what_is_missing() -> None:
    with pytest.raises(TokenRejectedError, match="BETTER_AUTH_URL"):
        await verifier().claims(key_pair("EdDSA").token())


async def test_without_a_secret_a_token_under_one_is_told_what_is_missing() -> None:
    nothing = Verifier(RULES, remembered=RememberedTokens())
    with pytest.raises(TokenRejectedError, match="BETTER_AUTH_SECRET"):
        await nothing.claims(signed())


@pytest.mark.parametrize(
    "token", [f"{'Qf3' * 10}PZ.{'A' * 43}=", f"{'Qf3' * 10}PZ.{'A' * 43}%3D", f"{'Qf3' * 10}PZ"]
)
async def test_a_session_token_is_told_what_to_send_instead(token: str) -> None:
    with pytest.raises(TokenRejectedError) as caught:
        await verifier().claims(token)
    assert caught.value.reason == reasons.OPAQUE
    assert "/api/auth/token" in reasons.OPAQUE


async def test_a_session_cookie_is_told_what_to_send_instead() -> None:
    cookie = signed({"sub": None, "session": {"token": "t"}, "user": {"id": "ada"}})
    with pytest.raises(TokenRejectedError) as caught:
        await verifier().claims(cookie)
    assert caught.value.reason == reasons.COOKIE
    assert "/api/auth/token" in reasons.COOKIE
