"""Asks web servers, and is called off at once even while one of them keeps silent."""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from engine.errors import LayerloomError

T = TypeVar("T")

CHUNK = 1 << 17  # bytes
_TIMEOUT = 20  # seconds without a single byte
_LOOK_EVERY = 0.1  # seconds in which calling off is heard
_MOST_REDIRECTIONS = 5


class WebError(LayerloomError):
    """A server could not be asked, or its answer is none; the text is the end of a sentence.

    ``status`` is what the server answered, 0 if nothing.
    """

    def __init__(self, reason: str, *, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


class Answer:
    """What a server answers to one question; a context manager.

    It is waited for in a thread, while ``listen`` is called again and again: what that raises ends the waiting. Only
    http and https are spoken, also where a server sends to another address; proxies of the system are used. All raise
    `WebError`.
    """

    def __init__(self, url: str, headers: Mapping[str, str], *, listen: Callable[[], object]) -> None:
        self._url = url
        self._headers = {"User-Agent": "layerloom", "Accept-Encoding": "identity", **headers}
        self._listen = listen
        self._line = _Line()
        self._thread = ThreadPoolExecutor(1, "layerloom-download")
        self._closed = False
        self._response: http.client.HTTPResponse | None = None

    def __enter__(self) -> Self:
        try:
            self._response = self._wait_for(self._ask)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def status(self) -> int:
        """200, or 206 for a part that was asked for."""
        return self._open.status

    def header(self, name: str) -> str:
        """What the server says in a header, "" if nothing."""
        return self._open.headers.get(name, "")

    def read(self) -> bytes:
        """The next bytes as they come, b"" at the end."""
        return self._wait_for(lambda: self._open.read1(CHUNK))

    def close(self) -> None:
        """Cut the line, whoever still reads from it."""
        self._closed = True
        self._line.cut()
        self._thread.shutdown(wait=not self._line.connecting)  # who connects cannot be woken, and ends by itself
        if self._response is not None:
            self._response.close()

    @property
    def _open(self) -> http.client.HTTPResponse:
        assert self._response is not None  # within the context
        return self._response

    def _ask(self) -> http.client.HTTPResponse:
        request = urllib.request.Request(self._url, headers=self._headers)
        response: http.client.HTTPResponse = _opener(self._line).open(request, timeout=_TIMEOUT)
        if self._closed:
            response.close()
        return response

    def _wait_for(self, call: Callable[[], T]) -> T:
        future = self._thread.submit(call)
        while not wait([future], _LOOK_EVERY).done:
            self._listen()
        try:
            return future.result()
        except urllib.error.HTTPError as error:
            with error:
                raise WebError(_refusal(host_of(self._url), error.code), status=error.code) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise WebError(_why(host_of(self._url), error)) from error


def host_of(url: str) -> str:
    """The name of the server that an address is of."""
    return urlsplit(url).hostname or url


def _refusal(host: str, status: int) -> str:
    match status:
        case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
            return f"{host} has no such file any more"
        case _ if 300 <= status < 400:
            return f"{host} sends in a circle, or to an address that is not followed"
    return f"{host} answers {status}"


def _why(host: str, error: Exception) -> str:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"{host} could not prove who it is"
    if isinstance(reason, TimeoutError):
        return f"{host} does not answer"
    if isinstance(reason, OSError):
        return "no connection"
    return f"{host} sends no answer that can be understood"


class _Redirections(urllib.request.HTTPRedirectHandler):
    max_redirections = _MOST_REDIRECTIONS
    max_repeats = 1


class _Line:
    """The connections of one question, which another thread can cut."""

    def __init__(self) -> None:
        self.connecting = True
        self._sockets: list[socket.socket] = []

    def connect(self, connection: http.client.HTTPConnection, connect: Callable[[], None]) -> None:
        """Let a connection connect itself."""
        self.connecting = True
        connect()
        self._sockets.append(connection.sock)
        self.connecting = False

    def cut(self) -> None:
        """Wake whoever reads."""
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


def _opener(line: _Line) -> urllib.request.OpenerDirector:
    """What speaks http and https and nothing else, over a ``line``."""

    class Plain(http.client.HTTPConnection):
        def connect(self) -> None:
            line.connect(self, super().connect)

    class Secure(http.client.HTTPSConnection):
        def connect(self) -> None:
            line.connect(self, super().connect)

    class PlainHandler(urllib.request.HTTPHandler):
        def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Plain, request)

    class SecureHandler(urllib.request.HTTPSHandler):
        def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
            context: Any = ssl.create_default_context()
            return self.do_open(Secure, request, context=context)

    opener = urllib.request.OpenerDirector()
    for handler in (
        *(urllib.request.ProxyHandler(), PlainHandler(), SecureHandler(), urllib.request.UnknownHandler()),
        *(_Redirections(), urllib.request.HTTPDefaultErrorHandler(), urllib.request.HTTPErrorProcessor()),
    ):
        opener.add_handler(handler)
    return opener
