"""HTTP on the wire: uvicorn's fastest parser, with an end to how much may come before a request is complete.

The parser collects a header for as long as somebody sends one. What has arrived as a request is judged by `api/shield.py` and
`api/edge.py`, whose limits are lower, so that an honest mistake is answered with a problem document.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 64_000
MAX_BODY_BYTES = 2_000_000
_HEAD_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class BoundedRequests(HttpToolsProtocol):
    """Closes a connection whose headers, or whose body, do not end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_body = False
        self._got_on = False
        self._bytes = 0

    def data_received(self, data: bytes) -> None:
        self._got_on = False
        super().data_received(data)
        # What comes with the end of one part counts for neither: a read is a quarter of a megabyte at most.
        self._bytes = 0 if self._got_on else self._bytes + len(data)
        if self._bytes > (MAX_BODY_BYTES if self._in_body else MAX_HEAD_BYTES) and not self.transport.is_closing():
            # The answer to a request whose body goes on has long been given.
            if not self._in_body:
                self.transport.write(_HEAD_TOO_LARGE)
            self.transport.close()

    def on_headers_complete(self) -> None:
        self._in_body = self._got_on = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_body, self._got_on = False, True
        super().on_message_complete()
