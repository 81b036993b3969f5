"""/api/audit/proof: whether somebody's own log is still as it was written."""

import time
from datetime import UTC
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.http.dependencies import Caller, State
from api.http.openapi_parts import EVERYWHERE, problems, success
from api.http.problem_types import INVALID_REQUEST, OVERLOADED
from events import clock
from events.chain import GENESIS
from events.finding import Finding

router = APIRouter(prefix="/api/audit/proof", tags=["personal data"])

_ANSWERS = {
    **success("What verification has come to, whether or not the log is in order."),
    **problems(*EVERYWHERE, INVALID_REQUEST, OVERLOADED),
}

EXAMPLE: JsonDict = {
    "sequence": 42,
    "chain": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "valid": True,
    "complete": True,
    "verified_through": 42,
    "erased_through": 0,
    "redacted": 0,
    "checked": 42,
    "seconds": 0.004,
    "at": "2026-11-22T10:15:30.123456Z",
}


class Damage(BaseModel):
    """The first thing that is wrong with a log."""

    sequence: int = Field(description="The first event that is not as it was written.")
    kind: str = Field(description="What was done to it, such as `contents edited`.")
    type: str | None = Field(description="Its type; null when there is no such event any more.")
    detail: str = Field(description="What was expected and what was found.")


class Proof(BaseModel):
    """Whether your log is as it was written, as far as it was looked at."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    sequence: int = Field(description="Your last event; 0 when there is none.", ge=0)
    chain: str = Field(description="Its chain value, which stands for all events up to it.")
    valid: bool = Field(description="Whether nothing was found to be wrong.")
    complete: bool = Field(
        description="Whether all of it was looked at; if not, ask again to go on from here."
    )
    verified_through: int = Field(description="The last event that is in order.", ge=0)
    erased_through: int = Field(description="Up to where the log says it was erased.", ge=0)
    redacted: int = Field(description="Events whose contents are gone by that.", ge=0)
    checked: int = Field(description="Events looked at for this answer.", ge=0)
    seconds: float = Field(description="How long that took.", ge=0)
    at: AwareDatetime = Field(description="When, UTC.")
    damaged: Damage | None = Field(
        default=None, description="The first thing wrong; null when nothing is."
    )


@router.get("", operation_id="getProof", responses=_ANSWERS)
async def get_proof(
    caller: Caller,
    state: State,
    *,
    full: Annotated[
        bool, Query(description="Begin at the first event, whatever was verified before.")
    ] = False,
) -> Proof:
    """Verify your own log: nothing edited, removed, inserted or reordered, event by event."""
    began = time.monotonic()
    proof, check = await state["proofs"].prove(state["pool"], caller.user_id, anew=full)
    return Proof(
        sequence=proof.head.sequence if proof.head else 0,
        chain=(proof.head.chain if proof.head else GENESIS).hex(),
        valid=proof.finding is None,
        complete=proof.is_complete,
        verified_through=check.sequence,
        erased_through=check.erased_through,
        redacted=check.redacted,
        checked=proof.checked,
        seconds=round(time.monotonic() - began, 3),
        at=clock.now().astimezone(UTC),
        damaged=proof.finding and _damage(proof.finding),
    )


def _damage(finding: Finding) -> Damage:
    return Damage(
        sequence=finding.sequence,
        kind=finding.kind,
        type=finding.type,
        detail=finding.detail,
    )
