import json
from collections.abc import Mapping
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from hypothesis import given, strategies as st
from jwt.algorithms import RSAAlgorithm

from api.identity.algorithms import WITH_A_KEY_PAIR, WITH_A_SECRET
from api.identity.jwks import KEY_ID_LIMIT, read_keys
from api.identity.jwks_errors import NoKeySetError
from tests.identity.signing import KeyPair, encoded, key_pair

EDDSA = key_pair("EdDSA")
RSA = key_pair("RS256")
PRIVATE: dict[str, Any] = RSAAlgorithm.to_jwk(cast("rsa.RSAPrivateKey", RSA.private), as_dict=True)
SHORT = rsa.generate_private_key(65_537, 1_024)  # noqa: S505 - it is refused for that


def published(*keys: object) -> bytes:
    return json.dumps({"keys": keys}).encode()


@pytest.mark.parametrize("algorithm", WITH_A_KEY_PAIR)
def test_a_key_is_tied_to_the_algorithm_it_says(algorithm: str) -> None:
    pair = key_pair(algorithm)
    (key,) = read_keys(published(pair.jwk(use="sig"))).values()
    assert key.key.algorithm_name == algorithm


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "RS256", "ES512"])
def test_a_key_that_does_not_say_is_tied_to_the_usual_one(algorithm: str) -> None:
    (key,) = read_keys(published(key_pair(algorithm).jwk(alg=None))).values()
    assert key.key.algorithm_name == algorithm


UNUSABLE: Mapping[str, object] = {
    "no object": "key",
    "null": None,
    "empty": {},
    "without a name": EDDSA.jwk(kid=None),
    "with an empty name": EDDSA.jwk(kid=""),
    "with a number for a name": EDDSA.jwk(kid=7),
    "with a name without end": EDDSA.jwk(kid="k" * (KEY_ID_LIMIT + 1)),
    "for encryption": RSA.jwk(use="enc"),
    "for signing only": RSA.jwk(key_ops=["sign"]),
    "for operations that are no list": RSA.jwk(key_ops="verify"),
    "a shared secret": {"kid": "a", "kty": "oct", "k": encoded(b"s" * 32), "alg": "HS256"},
    "a public key that claims to be a shared secret": RSA.jwk(alg="HS256"),
    "unsigned": EDDSA.jwk(alg="none"),
    "of an algorithm nobody here uses": RSA.jwk(alg="RS512"),
    "of another kind than it says": RSA.jwk(alg="EdDSA"),
    "of another curve than it says": key_pair("ES256").jwk(alg="ES512"),
    "for an algorithm that is no text": RSA.jwk(alg=["RS256"]),
    "of a kind that is no text": RSA.jwk(kty={"RSA": 1}),
    "on a curve nobody here uses": KeyPair(
        "ES384", "a", ec.generate_private_key(ec.SECP384R1())
    ).jwk(),
    "on the other curve of EdDSA": KeyPair("EdDSA", "a", ed448.Ed448PrivateKey.generate()).jwk(),
    "too short": KeyPair("RS256", "a", SHORT).jwk(),
    "published with its private half": RSA.jwk(kid="a", d=PRIVATE["d"]),
    "published as a private key": {**PRIVATE, "kid": "a", "key_ops": ["verify"]},
    "without its numbers": RSA.jwk(n=None),
    "of numbers that are none": RSA.jwk(n=7),
    "of an exponent that is none": RSA.jwk(e=""),
    "that is no base64": EDDSA.jwk(x="?"),
    "cut short": EDDSA.jwk(x="AAAA"),
    "that is no point of its curve": key_pair("ES256").jwk(x=encoded(b"\1" * 32)),
}


@pytest.mark.parametrize("unusable", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_a_key_is_ignored_that_is(unusable: object) -> None:
    (key,) = read_keys(published(unusable, RSA.jwk(), unusable)).values()
    assert key.members == RSA.jwk()


def test_of_two_keys_with_one_name_the_first_counts() -> None:
    first, second = EDDSA.jwk(kid="same"), RSA.jwk(kid="same")
    assert read_keys(published(first, second))["same"].members == first


def test_addresses_and_certificates_in_a_key_are_never_looked_at() -> None:
    jwk = RSA.jwk(x5u="https://evil.test/cert", x5c=["nonsense"], jku="https://evil.test/jwks")
    assert list(read_keys(published(jwk))) == [RSA.key_id]


def test_a_set_without_keys_is_one() -> None:
    assert read_keys(published()) == {}


GARBAGE = [
    b"",
    b"<html>",
    b"[]",
    b"null",
    b"{}",
    b'{"keys": {}}',
    b'{"keys": null}',
    b"\xff\xfe",
    b'{"keys": [' + b"[" * 100_000,
    b"\x1f\x8b\x08\x00" * 10,
]


@pytest.mark.parametrize("document", GARBAGE, ids=range(len(GARBAGE)))
def test_anything_else_is_no_key_set(document: bytes) -> None:
    with pytest.raises(NoKeySetError):
        read_keys(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
MEMBERS = ["kty", "crv", "alg", "use", "key_ops", "kid", "x", "y", "n", "e", "d"]


@given(
    pair=st.sampled_from(WITH_A_KEY_PAIR).map(key_pair),
    changes=st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=4),
)
def test_whatever_stands_in_a_key_it_is_used_or_ignored(
    pair: KeyPair, changes: dict[str, object]
) -> None:
    for key in read_keys(published(pair.jwk(**changes), EDDSA.jwk(kid="sound"))).values():
        assert key.key.algorithm_name in WITH_A_KEY_PAIR


def test_no_algorithm_belongs_to_both_kinds_of_issuer() -> None:
    assert not set(WITH_A_KEY_PAIR) & set(WITH_A_SECRET)
