import json
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given, strategies as st

from events.canonical import Json, canonical, canonical_text
from events.errors import NotCanonicalError

safe_integers = st.integers(-(2**53) + 1, 2**53 - 1)
numbers = safe_integers | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=("Cs",)))
scalars = st.none() | st.booleans() | numbers | texts
flat_objects = st.dictionaries(texts, scalars)
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner))


@given(values | flat_objects)
def test_the_canonical_form_is_the_one_of_rfc_8785(value: Json) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(values | flat_objects)
def test_the_canonical_form_survives_any_spelling(value: Json) -> None:
    assert canonical_text(json.dumps(value, indent=1)) == canonical(value)


@given(values | flat_objects)
def test_what_is_canonical_stays_as_it_is(value: Json) -> None:
    text = canonical(value)
    assert canonical_text(text) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_may_be_written_out_as_postgresql_does(number: float) -> None:
    written_out = f"{Decimal(repr(number)):f}"
    assert canonical_text(written_out) == canonical(number)


@pytest.mark.parametrize(
    ("written", "canonical_form"),
    [
        (b"1.0", b"1"),
        (b"-0.0", b"0"),
        (b"100000000000000000000000", b"1e+23"),
        (b'{"b":[1E2],"a":0.00000000010}', b'{"a":1e-10,"b":[100]}'),
    ],
)
def test_a_number_has_one_form_however_it_was_written(
    written: bytes, canonical_form: bytes
) -> None:
    assert canonical_text(written) == canonical_form


@pytest.mark.parametrize(
    "text",
    [
        b"0.1000000000000000000001",
        b'{"order":9007199254740993}',
        b"1" + b"0" * 400,
        b"1e999",
        b"{",
        b"[" * 100_000,
        b'"\xff"',
    ],
)
def test_what_has_no_canonical_form_is_refused(text: bytes) -> None:
    with pytest.raises(NotCanonicalError, match="cannot be written as canonical JSON"):
        canonical_text(text)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {"a": "\udfff"}])
def test_what_no_json_can_say_is_refused(value: Json) -> None:
    with pytest.raises(NotCanonicalError, match="cannot be written as canonical JSON"):
        canonical(value)
