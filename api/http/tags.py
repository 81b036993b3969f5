"""The tags of a task, as they are kept: each in one spelling, all of them sorted, none twice."""

import unicodedata
from collections.abc import Iterable

TAG_LIMIT = 50
TAGS_LIMIT = 20


def normal_tag(tag: str) -> str:
    """Give a tag in the one spelling that is kept: small letters, NFC, single spaces."""
    return unicodedata.normalize("NFC", " ".join(unicodedata.normalize("NFC", tag).lower().split()))


def normal_tags(tags: Iterable[str]) -> list[str]:
    """Give tags as the sorted set they are."""
    return sorted(set(tags))
