"""What a task is found by: its words, the same words backwards, and its tags. Pure.

All of it is one set of lexemes that each begin with whose task it is. So one inverted index serves
words, beginnings and endings of words and tags, needs no extension of PostgreSQL, and never comes
near the words of anybody else.
"""

import re
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import islice

SHORTEST_MISSPELT, LONGEST_MISSPELT = 4, 24
"""Letters of the words that are found misspelt; shorter ones are too much alike."""

MISSPELT = 50
"""How many words of a task are found misspelt, those of the title first."""

LONGEST_WORD = 64
"""Letters of a word that are looked at."""

OWNER_LENGTH = 6
"""Characters that stand for an owner; whoever shares them with others waits longer for searches."""

# Scripts without spaces between words: every character is found by itself.
_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")
_PLAIN_WORD = re.compile(r"[a-z0-9]+")


def folded(text: str) -> str:
    """Give a text without what sets capitals and accents apart."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(filter(lambda character: not unicodedata.combining(character), decomposed))


def words(text: str) -> list[str]:
    """Give the different words of a text, folded, in the order of their first coming.

    They consist of letters and digits, so none has to be quoted in a query or a pattern.
    """
    plain = folded(text)
    pattern = _PLAIN_WORD if plain.isascii() else _WORD
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in pattern.findall(plain)))


def terms(user_id: str, title: str, description: str, tags: Iterable[str]) -> str:
    """Give what a task is found by, as PostgreSQL writes a `tsvector`."""
    owner = owner_of(user_id)
    found = words(f"{title} {description}")
    lexemes = [f"{owner}={word}" for word in found]
    lexemes += [f"{owner}~{word[::-1]}" for word in misspelt(found)]
    # Tags before words, as `#` comes before `=` and `~`; bytes of UTF-8 sort as characters do.
    lexemes = [*_tagged(owner, sorted(tags)), *sorted(lexemes)]
    return f"'{"' '".join(lexemes)}'" if lexemes else ""


def misspelt(found: Iterable[str]) -> Iterator[str]:
    """Give those of a task's words that are found misspelt."""
    return islice(filter(may_be_misspelt, found), MISSPELT)


def may_be_misspelt(word: str) -> bool:
    """Tell whether a word is of a length at which misspellings are looked for."""
    return SHORTEST_MISSPELT <= len(word) <= LONGEST_MISSPELT


@lru_cache(maxsize=20_000)
def owner_of(user_id: str) -> str:
    """Give what stands for an owner before each lexeme: letters, digits, `-` and `_`."""
    digest = blake2b(user_id.encode(), digest_size=OWNER_LENGTH).digest()
    return urlsafe_b64encode(digest)[:OWNER_LENGTH].decode()


def quoted(lexeme: str) -> str:
    """Give a lexeme as PostgreSQL writes it."""
    return f"'{_escaped(lexeme)}'"


def _tagged(owner: str, tags: Iterable[str]) -> Iterator[str]:
    return (_escaped(f"{owner}#{tag}") for tag in tags)


def _escaped(lexeme: str) -> str:
    return lexeme.replace("\\", "\\\\").replace("'", "''")
