"""HTTP on one connection: uvicorn's, with bounds on what and how long a client may send."""

from asyncio import TimerHandle, Transport
from typing import override

import structlog
from structlog.typing import FilteringBoundLogger
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.http.problem import Problem
from api.http.problem_type import ProblemType
from api.http.problem_types import (
    HEAD_TOO_LARGE,
    MALFORMED_REQUEST,
    REQUEST_TIMEOUT,
)
from api.wire import limits
from api.wire.answer import bare_answer
from api.wire.corked import CorkedTransport
from api.wire.write_clock import WriteClock
from events.ids import new_id

_log: FilteringBoundLogger = structlog.get_logger()


class RefusedError(Exception):
    """Stops the parser; the answer is known already."""


class GuardedProtocol(HttpToolsProtocol):
    """Answers in problem documents where uvicorn would in plain text, and cuts off slow clients."""

    _timer: TimerHandle | None = None
    _write_clock: WriteClock
    _refusal: ProblemType = MALFORMED_REQUEST
    _refused = False
    _in_head = True
    _head_bytes = 0
    _discarded = 0

    @override
    def connection_made(self, transport: Transport) -> None:
        """Wait for a request, but not for ever."""
        super().connection_made(CorkedTransport(transport, self.loop))
        self._write_clock = WriteClock(self.loop, self.transport)
        self._wait(limits.HEAD_SECONDS)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        self._write_clock.stop()
        super().connection_lost(exc)

    @override
    def pause_writing(self) -> None:
        """Wait for the client to read, but not for ever."""
        super().pause_writing()
        self._write_clock.start()

    @override
    def resume_writing(self) -> None:
        """Go on writing to a client who reads."""
        super().resume_writing()
        self._write_clock.stop()
        self._bound_closing()

    @override
    def on_response_complete(self) -> None:
        """Wait for the next request, or for the client to read the last answer."""
        super().on_response_complete()
        self._bound_closing()

    @override
    def shutdown(self) -> None:
        """Close once everything is answered."""
        super().shutdown()
        self._bound_closing()

    @override
    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that nobody uses any more."""
        super().timeout_keep_alive_handler()
        self._bound_closing()

    @override
    def data_received(self, data: bytes) -> None:
        """Parse what came, unless it is too much of a head."""
        if self._refused:
            self._discard(data)
            return
        if self._timer is None and not self._is_answering():
            self._wait(limits.HEAD_SECONDS)
        self._head_bytes += len(data)
        super().data_received(data)
        # The parser keeps an unfinished header to itself, however long it grows.
        if self._in_head and not self._refused and self._head_bytes > limits.HEAD_LIMIT:
            self._refuse(HEAD_TOO_LARGE)

    @override
    def on_message_begin(self) -> None:
        """Begin to count anew."""
        super().on_message_begin()
        self._in_head, self._discarded = True, 0

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep one more header."""
        super().on_header(name, value)
        if len(self.headers) > limits.HEADER_LIMIT:
            self._stop_parser(HEAD_TOO_LARGE)

    @override
    def on_headers_complete(self) -> None:
        """Hand the request over to the application if its head is bearable."""
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > limits.HEAD_LIMIT:
            self._stop_parser(HEAD_TOO_LARGE)
        if self.parser and self.parser.get_http_version() not in {"1.0", "1.1"}:
            self._stop_parser(MALFORMED_REQUEST)
        self._in_head, self._head_bytes = False, 0
        self._wait(limits.BODY_SECONDS)
        super().on_headers_complete()

    @override
    def on_body(self, body: bytes) -> None:
        """Keep a part of the body, or pass over it if the answer has been given already."""
        super().on_body(body)
        if self.cycle.response_complete:
            self._discard(body)

    @override
    def on_message_complete(self) -> None:
        """Wait for the application alone."""
        self._stop_waiting()
        self._in_head, self._head_bytes = True, 0
        super().on_message_complete()

    @override
    def send_400_response(self, msg: str) -> None:
        """Answer what the parser stopped at."""
        self._refuse(self._refusal)

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete  # pyright: ignore[reportUnnecessaryComparison] - None before the first request, whatever uvicorn declares

    def _close(self) -> None:
        self.transport.close()
        self._bound_closing()

    def _bound_closing(self) -> None:
        # A transport that closes first waits until everything is read, for ever if need be.
        if self.transport.is_closing() and not self._write_clock.runs:
            self._write_clock.start()

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        if self._refused or (self._in_head and not self._head_bytes):
            # It has been answered, or nothing was asked.
            self._close()
        else:
            self._refuse(REQUEST_TIMEOUT)

    def _stop_parser(self, problem_type: ProblemType) -> None:
        self._refusal = problem_type
        raise RefusedError

    def _refuse(self, problem_type: ProblemType) -> None:
        self._refused = True
        # Closing at once, with more on its way, would take the answer from who has sent it.
        self._wait(limits.LINGER_SECONDS)
        if not self._may_answer():
            self._close()
        elif not self.transport.is_closing():
            request_id = new_id()
            _log.info("http.refused", code=problem_type.code, request_id=request_id)
            problem = Problem(type=problem_type, detail=problem_type.remedy)
            answer = bare_answer(problem, request_id)
            head = [name + b": " + value + b"\r\n" for name, value in answer.raw_headers]
            self.transport.write(
                b"".join([STATUS_LINE[answer.status_code], *head, b"\r\n", bytes(answer.body)])
            )
            self.transport.write_eof()

    def _discard(self, data: bytes) -> None:
        self._discarded += len(data)
        if self._discarded > limits.DISCARD_LIMIT:
            self._close()

    def _may_answer(self) -> bool:
        """Tell whether nobody answers already; from then on, nobody else will."""
        if not self._is_answering():
            # After an answer, what is left of its body is not a request of its own.
            return self._in_head or self.cycle is None  # pyright: ignore[reportUnnecessaryComparison] - as above
        if self.cycle.response_started or self._in_head:
            return False
        self.cycle.disconnected = True
        self.cycle.message_event.set()
        return True
