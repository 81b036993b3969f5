"""Texts that are handed out and believed when they come back: opaque, signed, for one purpose."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec

SIGNATURE = 16
"""Bytes of the HMAC-SHA-256 that are kept."""


def sealed(key: bytes, purpose: tuple[str, ...], inside: bytes) -> str:
    """Sign something and give it as text for addresses.

    Args:
        key: What every process on the database has.
        purpose: What it is for, and for whom; it is not in the text.
        inside: What is to come back.
    """
    return urlsafe_b64encode(_signature(key, purpose, inside) + inside).rstrip(b"=").decode()


def unsealed(key: bytes, purpose: tuple[str, ...], text: str) -> bytes | None:
    """Give what is inside a text; None if it was not sealed here for that purpose."""
    try:
        whole = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        return None
    signature, inside = whole[:SIGNATURE], whole[SIGNATURE:]
    right = hmac.compare_digest(signature, _signature(key, purpose, inside))
    # Bits that no byte takes up could be changed unseen, and one text have several spellings.
    return inside if right and sealed(key, purpose, inside) == text else None


def _signature(key: bytes, purpose: tuple[str, ...], inside: bytes) -> bytes:
    return hmac.digest(key, msgspec.json.encode(purpose) + inside, "sha256")[:SIGNATURE]
