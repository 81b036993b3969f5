"""What is wrong with the settings, said in sentences that name the environment variable."""

import os
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import AliasChoices, BaseModel, ValidationError
from pydantic_core import ErrorDetails

PREFIX = "TASKFOLD_"
DEFAULT_SKIPPED = "default_factory_not_called"

PREDICATES = {
    "value_error": "{error}",
    "int_parsing": "must be a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "bool_parsing": "must be true or false",
}
"""What is wanted instead, by Pydantic's name for what went wrong."""


def described(error: ValidationError, settings: type[BaseModel]) -> tuple[str, ...]:
    """Give one sentence for each thing that validation found."""
    return tuple(
        f"{_variable(details, settings)} {predicate}."
        for details in error.errors(include_input=False, include_url=False)
        if details["type"] != DEFAULT_SKIPPED
        for predicate in _predicate(details).split("\n")
    )


def misspelt(settings: type[BaseModel], env_file: str) -> tuple[str, ...]:
    """Give one sentence for each variable that looks like a setting of ours and is none."""
    known = [name for names in variables(settings).values() for name in names]
    given = {*os.environ, *dotenv_values(env_file, encoding="utf-8")}
    unknown = sorted(name for name in given if name.startswith(PREFIX) and name not in known)
    return tuple(f"{name} is not a setting; {_suggestion(name, known)}" for name in unknown)


def unreadable_lines(env_file: str) -> tuple[str, ...]:
    """Give one sentence for each line of a settings file that says nothing; none is passed over."""
    try:
        text = Path(env_file).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    return tuple(
        f"Line {binding.original.line} of {env_file} cannot be read; write NAME=value."
        for binding in parse_stream(StringIO(text))
        if binding.error
    )


def variables(settings: type[BaseModel]) -> dict[str, tuple[str, ...]]:
    """Give the environment variables of each field, the one that wins first."""
    aliases = {name: field.validation_alias for name, field in settings.model_fields.items()}
    return {
        name: tuple(str(choice) for choice in alias.choices)
        if isinstance(alias, AliasChoices)
        else (str(alias),)
        for name, alias in aliases.items()
    }


def _suggestion(name: str, known: list[str]) -> str:
    matches = get_close_matches(name, known, n=1, cutoff=0.75)
    return f"did you mean {matches[0]}?" if matches else "unset it."


def _variable(details: ErrorDetails, settings: type[BaseModel]) -> str:
    place = str(details["loc"][0])
    return next(
        " or ".join(names)
        for field, names in variables(settings).items()
        if place in {field, *names}
    )


def _predicate(details: ErrorDetails) -> str:
    template = PREDICATES.get(details["type"], "cannot be used")
    return template.format_map(details.get("ctx", {}))
