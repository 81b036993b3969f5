"""What is sought in tasks: words, each as it is, as a beginning or misspelt, and tags. Pure.

A misspelling is one letter too many, too few or wrong, or two neighbours that have changed places.
It falls into one part of the sought word, so what comes before and after that is as it was: the
index finds tasks with words that begin and end so, and a pattern tells which of them are meant.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from projections.terms import may_be_misspelt, misspelt, owner_of, quoted, words

PARTS = 4
"""Into how many parts a word is cut. With fewer, the index finds more that is not meant; with more,
it has to look for beginnings and endings that very many words have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is asked of the terms of one user's tasks.

    Attributes:
        terms: The `tsquery` that finds them, and perhaps some others.
        whole: The `tsquery` for those that have all words as they are or as beginnings.
        patterns: Regular expressions, one for each word that may be misspelt: the terms of those
            that are meant match all of them, as PostgreSQL writes terms.
    """

    terms: str
    whole: str
    patterns: Sequence[str]


def sought(user_id: str, text: str, tags: Iterable[str]) -> Sought:
    """Say what is sought in a user's tasks: all words of a text, in some form, and all tags."""
    owner, asked = owner_of(user_id), words(text)
    tagged = [quoted(f"{owner}#{tag}") for tag in tags]
    return Sought(
        terms=" & ".join([*(f"({' | '.join(_ways(owner, each))})" for each in asked), *tagged]),
        whole=" & ".join([*(_beginning(owner, each) for each in asked), *tagged]),
        patterns=[_pattern(owner, each) for each in asked if may_be_misspelt(each)],
    )


def has_words(sought: Iterable[str], title: str, description: str) -> bool:
    """Tell whether a task has some folded words, each in some form, as the index would find it."""
    found = words(f"{title} {description}")
    known = list(misspelt(found))
    return all(
        any(word.startswith(each) for word in found)
        or (may_be_misspelt(each) and any(_is_misspelt(each, word) for word in known))
        for each in sought
    )


def _is_misspelt(word: str, other: str) -> bool:
    """Tell whether one edit at the first place where two words differ makes them the same."""
    if abs(len(word) - len(other)) > 1:
        return False
    pairs = zip(word, other, strict=False)
    place = next(
        (place for place, (one, another) in enumerate(pairs) if one != another),
        min(len(word), len(other)),
    )
    one, another = word[place:], other[place:]
    return (
        one[1:] == another[1:]
        or one[1:] == another
        or one == another[1:]
        or (one[1::-1] == another[:2] and one[2:] == another[2:])
    )


def _ways(owner: str, word: str) -> Iterator[str]:
    """Give queries of which a word that is sought, or a misspelling of it, meets one."""
    yield _beginning(owner, word)
    if not may_be_misspelt(word):
        return
    cuts = [len(word) * part // PARTS for part in range(PARTS + 1)]
    for first, last in pairwise(cuts):
        before = [_beginning(owner, word[:first])] if first else []
        after = [_ending(owner, word[last:])] if word[last:] else []
        yield " & ".join([*before, *after])
    # Two letters on both sides of a cut that have changed places.
    for cut in cuts[1:-1]:
        exchanged = word[: cut - 1] + word[cut] + word[cut - 1] + word[cut + 1 :]
        yield quoted(f"{owner}={exchanged}")


def _beginning(owner: str, letters: str) -> str:
    return quoted(f"{owner}={letters}") + ":*"


def _ending(owner: str, letters: str) -> str:
    return quoted(f"{owner}~{letters[::-1]}") + ":*"


def _pattern(owner: str, word: str) -> str:
    # A quote that belongs to a tag is written twice, so this begins at no other place.
    return f"(?:^| )'{owner}(?:={word}|~{_misspelt_pattern(word[::-1])}')"


def _misspelt_pattern(word: str) -> str:
    """Give a pattern for a word and its misspellings, not much longer than the word.

    The edit is in one half and the other half is as it was, or it exchanges the letters between.
    """
    if len(word) == 1:
        return f"(?:.?|.{word}|{word}.)"
    half = len(word) // 2
    one, other = word[:half], word[half:]
    ways = (
        one + _misspelt_pattern(other),
        _misspelt_pattern(one) + other,
        one[:-1] + other[0] + one[-1] + other[1:],
    )
    return f"(?:{'|'.join(ways)})"
