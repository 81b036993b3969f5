"""What became of the steps of a batch, as JSON, for as long as its receipt is kept."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from commands.errors import (
    CommandError,
    KeyReusedError,
    TaskDeletedError,
    TaskNotFoundError,
    TaskNotStartedError,
    WrongVersionError,
)
from commands.receipt import Receipt, StepOutcome

FACTS: Mapping[type[CommandError], Mapping[str, Any]] = {
    TaskNotFoundError: {"task_id": int},
    TaskDeletedError: {"task_id": int},
    WrongVersionError: {"task_id": int, "expected": frozenset[int], "found": int},
    KeyReusedError: {"key": str},
    TaskNotStartedError: {"temporary_id": str},
}
"""What is to be told of each refusal, and of which type it is."""

_CLASSES = {class_.__name__: class_ for class_ in FACTS}


def encode_outcomes(outcomes: Sequence[StepOutcome]) -> str:
    """Write what became of some steps."""
    return msgspec.json.encode([_facts(outcome) for outcome in outcomes]).decode()


def decode_outcomes(text: str) -> tuple[StepOutcome, ...]:
    """Read what became of some steps."""
    return tuple(_outcome(facts) for facts in msgspec.json.decode(text, type=list[dict[str, Any]]))


def _facts(outcome: StepOutcome) -> dict[str, Any]:
    if isinstance(outcome, Receipt):
        return {
            "task_id": outcome.task_id,
            "version": outcome.version,
            "sequence": outcome.sequence,
            "changed": outcome.changed,
            "replayed": outcome.replayed,
        }
    facts = {name: getattr(outcome, name) for name in FACTS[type(outcome)]}
    return {"refusal": type(outcome).__name__, **facts}


def _outcome(facts: dict[str, Any]) -> StepOutcome:
    if "refusal" not in facts:
        return Receipt(**facts)
    class_ = _CLASSES[facts["refusal"]]
    types = FACTS[class_].items()
    return class_(**{name: msgspec.convert(facts[name], type=type_) for name, type_ in types})
