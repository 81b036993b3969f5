"""/api/me/accesses: who else has read what you did."""

from datetime import UTC

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.http.cursor import cursor
from api.http.dependencies import BaseUrl, Caller, State
from api.http.openapi_parts import EVERYWHERE, LINK, problems, success
from api.http.pages import Page, next_link, shown
from api.http.problem_types import INVALID_REQUEST, MALFORMED_CURSOR
from api.http.reading import read
from events.access_log import Access as AccessRow, list_accesses

PATH = "/api/me/accesses"

router = APIRouter(prefix=PATH, tags=["history"])

_ANSWERS = {
    **success("Who read what you did, newest first.", Link=LINK),
    **problems(*EVERYWHERE, INVALID_REQUEST, MALFORMED_CURSOR),
}
_LIST = "accesses"

EXAMPLE: JsonDict = {
    "sequence": 1,
    "at": "2026-11-22T10:15:30.123456Z",
    "actor": "grace",
    "role": "auditor",
    "what": "tasks/12/history",
    "request_id": "019aab51-8f6e-7cc3-a7f1-0c5f5f3c2b11",
}


class Access(BaseModel):
    """Somebody read what you did."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    sequence: int = Field(description="Its place among all such readings.", ge=1)
    at: AwareDatetime = Field(description="When, UTC.")
    actor: str = Field(description="Who read.")
    role: str = Field(description="What allowed it.")
    what: str = Field(description="What was read, as the path behind your id.")
    request_id: str = Field(description="The request that read.")


@router.get("", operation_id="listAccesses", responses=_ANSWERS)
async def get_accesses(
    caller: Caller, page: Page, state: State, base_url: BaseUrl, response: Response
) -> list[Access]:
    """List who else has read what you did, newest first."""
    before = page.seen(_LIST)
    found = await read(
        state["pool"],
        caller.user_id,
        lambda reader: list_accesses(reader, limit=page.limit + 1, before=before),
    )

    def link(last: AccessRow) -> str:
        mark = cursor(_LIST, last.sequence)
        return next_link(base_url + PATH, limit=page.limit, cursor=mark)

    return [_view(access) for access in shown(found, page.limit, response, link)]


def _view(access: AccessRow) -> Access:
    return Access(
        sequence=access.sequence,
        at=access.at.astimezone(UTC),
        actor=access.actor,
        role=access.role,
        what=access.what,
        request_id=access.request_id,
    )
