"""The pages of the reference at /docs and /redoc. Their scripts come from elsewhere, each at one version and with its digest."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable

from fastapi import FastAPI
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html, get_swagger_ui_oauth2_redirect_html
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_CDN = "https://cdn.jsdelivr.net/npm"
_SWAGGER, _REDOC = f"{_CDN}/swagger-ui-dist@5.31.0", f"{_CDN}/redoc@2.5.2"
# SHA-384 of the files in the packages swagger-ui-dist 5.31.0 and redoc 2.5.2: a browser runs no others.
_INTEGRITY = {
    # pragma: allowlist nextline secret
    f"{_SWAGGER}/swagger-ui-bundle.js": "sha384-cxafBeQ+zYROeFafGFxtFbnp1ICqeS9mG7+f0WWSHzhnrUvwg9Za5CCw6wgrHA7K",
    # pragma: allowlist nextline secret
    f"{_SWAGGER}/swagger-ui.css": "sha384-KX9Rx9vM1AmUNAn07bPAiZhFD4C8jdNgG6f5MRNvR+EfAxs2PmMFtUUazui7ryZQ",
    # pragma: allowlist nextline secret
    f"{_REDOC}/bundles/redoc.standalone.js": "sha384-70P5pmIdaQdVbxvjhrcTDv1uKcKqalZ3OHi7S2J+uzDl0PW8dO6L+pHOpm9EEjGJ",
}
_AT = "/openapi.json"


def _made() -> dict[str, str]:
    swagger = get_swagger_ui_html(
        openapi_url=_AT, title="Redress - Swagger UI", oauth2_redirect_url="/docs/oauth2-redirect", swagger_favicon_url="data:,",
        swagger_js_url=f"{_SWAGGER}/swagger-ui-bundle.js", swagger_css_url=f"{_SWAGGER}/swagger-ui.css",
    )  # fmt: skip
    redoc = get_redoc_html(
        openapi_url=_AT, title="Redress - ReDoc", redoc_js_url=f"{_REDOC}/bundles/redoc.standalone.js", with_google_fonts=False,
        redoc_favicon_url="data:,",
    )  # fmt: skip
    pages = {"/docs": swagger, "/docs/oauth2-redirect": get_swagger_ui_oauth2_redirect_html(), "/redoc": redoc}
    return {path: _with_digests(bytes(page.body).decode()) for path, page in pages.items()}


def _with_digests(page: str) -> str:
    for address, digest in _INTEGRITY.items():
        page = page.replace(f'"{address}"', f'"{address}" integrity="{digest}" crossorigin="anonymous"')
    return page


PAGES = _made()


def policy() -> str:
    """What browsers may do with these pages: the files named above, and the scripts that the pages were written with."""
    own = [each for page in PAGES.values() for each in re.findall(r"<script>(.*?)</script>", page, re.DOTALL)]
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}'" for each in own)
    scripts, styles = (" ".join(each for each in _INTEGRITY if each.endswith(kind)) for kind in (".js", ".css"))
    return (
        f"default-src 'none'; script-src {scripts} {hashes}; style-src {styles} 'unsafe-inline'; "
        "img-src https://cdn.redoc.ly data:; connect-src 'self'; worker-src blob:; base-uri 'none'; frame-ancestors 'none'"
    )


def install(app: FastAPI) -> None:
    """Hang the pages into an application that has none of FastAPI's own."""
    for path, page in PAGES.items():
        app.add_route(path, _answering(page), include_in_schema=False)


def _answering(page: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return HTMLResponse(page)

    return answer
