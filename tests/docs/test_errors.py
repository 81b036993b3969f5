import re
from inspect import getdoc

import pytest

from api.cli.failures import EXPECTED
from api.http.problem_table import TABLE
from api.http.problem_types import INTERNAL_ERROR
from api.identity import reasons
from commands.errors import CommandError, RefusalError
from tests.docs.documents import ARCHITECTURE, README, rows, section
from tests.docs.errors import message, raised

SENTENCES = [row[0] for row in rows(section(README, "What the command line says"))]
MESSAGES = {class_.__name__: message(class_) for root in EXPECTED for class_ in raised(root)}
REFUSALS = [row[0] for row in rows(section(README, "Why a token is refused"))]
REASONS = {
    **{
        name: told
        for name, told in vars(reasons).items()
        if name.isupper() and name[-5:] != "LIMIT"
    },
    "missing": reasons.missing("any"),
}


def says(sentence: str, told: str) -> bool:
    """Whether a sentence of the README, in which … may be anything, is what was told."""
    return re.fullmatch(re.escape(sentence).replace("…", ".*"), told) is not None


@pytest.mark.parametrize("told", MESSAGES.values(), ids=MESSAGES)
def test_the_readme_says_what_to_do_about_every_error_of_the_command_line(told: str) -> None:
    assert [sentence for sentence in SENTENCES if says(sentence, told)] != []


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_sentence_of_the_readme_is_made_up(sentence: str) -> None:
    assert [told for told in MESSAGES.values() if says(sentence, told)] != []


@pytest.mark.parametrize("told", REASONS.values(), ids=REASONS)
def test_the_readme_says_what_to_do_about_every_refused_token(told: str) -> None:
    assert [sentence for sentence in REFUSALS if says(sentence, told)] != []


@pytest.mark.parametrize("sentence", REFUSALS)
def test_tokens_are_refused_in_the_words_of_the_readme(sentence: str) -> None:
    assert [told for told in REASONS.values() if says(sentence, told)] != []


def test_the_architecture_says_what_becomes_of_every_failed_command() -> None:
    failures = [
        [
            f"`{class_.__name__}`",
            "refusal" if issubclass(class_, RefusalError) else "failure",
            getdoc(class_),
            f"`{TABLE[class_].type.code if class_ in TABLE else INTERNAL_ERROR.code}`",
        ]
        for class_ in raised(CommandError)
    ]
    assert failures == rows(section(ARCHITECTURE, "What becomes of an error"))
