"""Conditional reads: what the client has already is not sent again."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from typing import Annotated

import msgspec
from fastapi import Depends, Header, Request, Response
from pydantic import WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from api.http.dependencies import BaseUrl, Caller, State
from api.http.errors import NotModifiedError
from api.http.etag import TAGS_SCHEMA, etag, is_known, matching_versions
from api.http.looking_up import look_up
from api.http.preconditions import IfMatch
from api.identity.identity import Identity
from commands.errors import WrongVersionError
from events import clock
from projections.queries.freshness import LOG_HEAD, Freshness
from projections.queries.moment import Moment
from projections.registry import AnyProjection
from projections.task import Task
from projections.task_change import TASK_CHANGE

_RELEASE = version("taskfold")
"""Another release may show the same events otherwise."""

IfNoneMatch = Annotated[
    list[str] | SkipJsonSchema[None],
    WithJsonSchema(TAGS_SCHEMA),
    Header(
        alias="If-None-Match",
        description="The ETag of the answer you have; if it is still the same, you get 304.",
    ),
]


class Conditions:
    """What a read of one task is conditional on."""

    def __init__(self, if_match: IfMatch = None, if_none_match: IfNoneMatch = None) -> None:
        self._expected = matching_versions(if_match or ())
        self._known = if_none_match or ()

    def check(self, task: Task) -> None:
        """Go on only if the task is to be sent (RFC 9110 §13.2.2).

        Raises:
            WrongVersionError: It is not at a version the client expects.
            NotModifiedError: The client has it.
        """
        if self._expected is not None and task.version not in self._expected:
            raise WrongVersionError(task.task_id, expected=self._expected, found=task.version)
        _check(self._known, etag(task.version))


Selected = Annotated[Conditions, Depends()]


class Present:
    """What a read of a list as it is now is conditional on."""

    def __init__(self, tag: str, known: Sequence[str]) -> None:
        self._tag = tag
        self._known = known

    def check(self, response: Response) -> None:
        """Go on only if the list is to be sent; the answer then says its tag.

        Raises:
            NotModifiedError: The client has it.
        """
        _check(self._known, self._tag)
        response.headers["ETag"] = self._tag


def present(projection: AnyProjection, *, always: bool = True) -> Callable[..., Awaitable[Present]]:
    """Make the dependency of a list that an inline projection keeps: it finds the list's tag.

    The tag follows from where the user's log stands and from what is asked, so that nothing but
    the head of the log is read when it has not moved. It is weak: the rows are read after the
    head, and may be newer than the tag says; never older.

    Args:
        projection: Keeps what the list shows.
        always: Whether all that passes for a question has a list, so that `*` alone says that the
            client has it.
    """

    async def find(
        caller: Caller,
        state: State,
        base_url: BaseUrl,
        request: Request,
        if_none_match: IfNoneMatch = None,
    ) -> Present:
        stands = await look_up(state, caller.user_id, LOG_HEAD)
        # What is overdue depends on the time, too.
        second = clock.now().strftime("%FT%T") if "overdue" in request.query_params else None
        # An erasure takes rows away after its event has moved the head.
        head = stands[0] if stands else Freshness()
        places = (head.sequence, head.cleared_through, head.chain.hex())
        mark = _mark(caller, base_url, request, projection, *places, second)
        known = if_none_match if always or if_none_match != ["*"] else None
        return Present(f'W/"{head.sequence}-{mark}"', known or ())

    return find


PresentTrail = Annotated[Present, Depends(present(TASK_CHANGE, always=False))]
"""What a read of a trail is conditional on; a filter or a place in it may be none."""


class Past:
    """What a read of a list as it was is conditional on: its strong tag stays what it is."""

    def __init__(
        self,
        caller: Caller,
        base_url: BaseUrl,
        request: Request,
        if_none_match: IfNoneMatch = None,
    ) -> None:
        self._caller = caller
        self._base_url = base_url
        self._request = request
        self._known = if_none_match or ()

    def check(self, moment: Moment, at: datetime, response: Response) -> None:
        """Go on only if the list as it was at a moment, at a time, is to be sent.

        Raises:
            NotModifiedError: The client has it.
        """
        time = at.isoformat() if "overdue" in self._request.query_params else None
        # Only an erasure changes the past.
        shown = (moment.sequence, moment.erased_through, moment.chain.hex(), time)
        mark = _mark(self._caller, self._base_url, self._request, TASK_CHANGE, *shown)
        tag = f'"{moment.sequence}-{mark}"'
        _check(self._known, tag)
        response.headers["ETag"] = tag


AsItWas = Annotated[Past, Depends()]


def _mark(
    caller: Identity,
    base_url: str,
    request: Request,
    projection: AnyProjection,
    *shown: str | int | None,
) -> str:
    accept = request.headers.getlist("accept")
    asked = (base_url, request.url.path, request.url.query, caller.user_id, accept)
    made = (_RELEASE, projection.name, projection.version)
    return sha256(msgspec.json.encode((*asked, *made, *shown))).hexdigest()[:16]


def _check(if_none_match: Sequence[str], tag: str) -> None:
    if if_none_match and is_known(if_none_match, tag):
        raise NotModifiedError(tag)
