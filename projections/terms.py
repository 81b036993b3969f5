"""What a task is found by: its words, what they look like misspelt, and its tags. Pure.

All of it is one set of lexemes that each begin with whose task it is. So one inverted index serves
words, beginnings of words, misspellings and tags, needs no extension of PostgreSQL, and never comes
near the words of anybody else.
"""

import re
import unicodedata
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

# Scripts without spaces between words: every character is found by itself.
_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")


def folded(text: str) -> str:
    """Give a text without what sets capitals and accents apart."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(filter(lambda character: not unicodedata.combining(character), decomposed))


def words(text: str) -> list[str]:
    """Give the different words of a text, folded, in the order of their first coming."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(folded(text))))


def terms(user_id: str, title: str, description: str, tags: Iterable[str]) -> str:
    """Give what a task is found by, as PostgreSQL writes a `tsvector`."""
    owner = _owner(user_id)
    found = words(f"{title} {description}")
    lexemes = {f"{owner}={word}" for word in found}
    lexemes.update(f"{owner}~{form}" for form in _misspelt(found))
    lexemes.update(f"{owner}#{tag}" for tag in tags)
    return " ".join(map(_quoted, sorted(lexemes, key=str.encode)))


def sought(user_id: str, text: str, tags: Iterable[str]) -> str:
    """Give the `tsquery` for tasks that have all words of a text, in some form, and all tags."""
    owner = _owner(user_id)
    return " & ".join(
        [
            *(f"({' | '.join(_ways(owner, word))})" for word in words(text)),
            *(_quoted(f"{owner}#{tag}") for tag in tags),
        ]
    )


def has_words(sought: Iterable[str], title: str, description: str) -> bool:
    """Tell whether a task has some folded words, each in some form, as an index would find it."""
    found = words(f"{title} {description}")
    return all(
        any(word.startswith(each) for word in found)
        or (_may_be_misspelt(each) and not _misspelt(found).isdisjoint(_forms(each)))
        for each in sought
    )


def _misspelt(found: Iterable[str]) -> set[str]:
    known = islice(filter(_may_be_misspelt, found), MISSPELT)
    return {form for word in known for form in _forms(word)}


def _ways(owner: str, word: str) -> Iterator[str]:
    yield _quoted(f"{owner}={word}") + ":*"
    if _may_be_misspelt(word):
        yield from (_quoted(f"{owner}~{form}") for form in _forms(word))


def _may_be_misspelt(word: str) -> bool:
    return SHORTEST_MISSPELT <= len(word) <= LONGEST_MISSPELT


@lru_cache(maxsize=20_000)
def _forms(word: str) -> tuple[str, ...]:
    """Give a word and all that is left of it when a letter is left out.

    Two words share a form when one comes of the other by a letter too many, too few or wrong, or by
    two that have changed places.
    """
    left = (word[:place] + word[place + 1 :] for place in range(len(word)))
    return tuple(dict.fromkeys((word, *left)))


@lru_cache(maxsize=20_000)
def _owner(user_id: str) -> str:
    return blake2b(user_id.encode(), digest_size=6).hexdigest()


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
