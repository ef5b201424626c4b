"""A web server in this process, with files that it sends as a test says: whole, in parts, cut short, elsewhere."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme

AUTHORITY = trustme.CA()
"""Signs for the secure servers; nobody trusts it who is not told to."""


@dataclass
class Sent:
    """How a file is sent. ``breaks`` are the bytes after which the next answers break off; ``length`` may lie."""

    content: bytes = b""
    status: int = 200
    tag: str = ""
    ranges: bool = True
    length: int | str | None = None  # "" sends none
    breaks: list[int] = field(default_factory=list)
    to: str = ""  # another address
    held: threading.Event | None = None  # it waits for this after its first bytes, or before all
    held_before: bool = False
    other_range: int | None = None  # where it says that its part starts


class Server:
    """Its ``files`` by name, and what was asked for."""

    def __init__(self) -> None:
        self.files: dict[str, Sent] = {}
        self.asked: list[tuple[str, str]] = []  # names with the ranges
        self.came = threading.Event()
        self.url = ""

    def ranges_of(self, name: str) -> list[str]:
        return [asked for one, asked in self.asked if one == name]


@contextmanager
def serving(*, secure: bool = False) -> Iterator[Server]:
    """A server on this machine, which ends with the context; a ``secure`` one speaks https, as `AUTHORITY` knows."""
    server = Server()

    class Handler(_Handler):
        served = server

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        AUTHORITY.issue_cert("127.0.0.1").configure_cert(context)
        http.socket = context.wrap_socket(http.socket, server_side=True)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    server.url = f"http{'s' * secure}://127.0.0.1:{http.server_port}/"
    try:
        yield server
    finally:
        for sent in server.files.values():
            if sent.held:
                sent.held.set()
        http.shutdown()
        thread.join()
        http.server_close()


class _Handler(BaseHTTPRequestHandler):
    served: Server

    def do_GET(self) -> None:
        name, asked = self.path.lstrip("/"), self.headers.get("Range", "")
        self.served.asked.append((name, asked))
        sent = self.served.files.get(name, Sent(status=404))
        if sent.held_before and sent.held:
            self.served.came.set()
            sent.held.wait()
        start = int(match[1]) if (match := re.fullmatch(r"bytes=(\d+)-", asked)) and self._may_go_on(sent) else 0
        if start and start >= len(sent.content):
            sent = Sent(status=416)
            start = 0
        body = sent.content[start:]
        self.send_response(206 if start else sent.status)
        if sent.to:
            self.send_header("Location", sent.to)
        if sent.tag:
            self.send_header("ETag", sent.tag)
        if start:
            said = start if sent.other_range is None else sent.other_range
            self.send_header("Content-Range", f"bytes {said}-{len(sent.content) - 1}/{len(sent.content)}")
        if sent.length != "":
            self.send_header("Content-Length", str(len(body) if sent.length is None else sent.length))
        self.end_headers()
        self._send(body, sent)

    def _may_go_on(self, sent: Sent) -> bool:
        wanted = self.headers.get("If-Range")
        return sent.ranges and sent.status == 200 and (not wanted or (wanted == sent.tag and wanted[0] == '"'))

    def _send(self, body: bytes, sent: Sent) -> None:
        if sent.held:
            self.wfile.write(body[:1000])
            self.wfile.flush()
            self.served.came.set()
            sent.held.wait()
            return
        with suppress(OSError):  # whoever asked has gone
            self.wfile.write(body[: sent.breaks.pop(0)] if sent.breaks else body)

    def log_message(self, *_: object) -> None:
        pass
