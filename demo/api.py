"""The API as a client of it sees it: one call, one answer, and refusals in the words that the API gives them."""

from __future__ import annotations

from typing import Any

import httpx

from demo.failure import DemoFailed
from demo.people import Person
from settings.language import reads_chinese, text

_PATIENCE = 30.0  # seconds for one answer


class NotNow(DemoFailed):
    """The API cannot answer at this moment (503): asking again may help."""


class Api:
    """Calls in the reader's language."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.AsyncClient(
            base_url=url,
            trust_env=False,
            timeout=_PATIENCE,
            headers={"Accept-Language": "zh-CN" if reads_chinese() else "en"},
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def ask(self, who: Person, path: str, **params: Any) -> Any:
        """Raises DemoFailed when it is refused."""
        return self._answer(await self._send("GET", path, who, params=params))

    async def tell(self, who: Person, path: str, body: dict[str, Any], key: str) -> Any:
        """A command or a filing under an idempotency key. Raises DemoFailed when it is refused."""
        return self._answer(await self._send("POST", path, who, json=body, headers={"Idempotency-Key": key}))

    async def _send(
        self, method: str, path: str, who: Person, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        try:
            return await self._http.request(method, path, headers=who.headers | (headers or {}), **more)
        except httpx.HTTPError as error:
            raise DemoFailed(text(f"The API does not answer: {error!r}", f"API 没有应答：{error!r}")) from error

    @staticmethod
    def _answer(response: httpx.Response) -> Any:
        if response.is_success:
            return response.json()
        asked = f"{response.request.method} {response.request.url.path}"
        try:
            problem = response.json()
            why = "; ".join(
                [problem["detail"], *(f"{each['field']}: {text(each['en'], each['zh'])}" for each in problem.get("errors", ()))]
            )
        except (ValueError, KeyError):
            why = response.text[:500]
        if response.status_code == 401:
            why += text(" Run the demo in the folder of the stack that is running.", " 请在正在运行的系统所在目录中运行演示。")
        failed = NotNow if response.status_code == 503 else DemoFailed
        raise failed(
            text(f"{asked} was refused ({response.status_code}): {why}", f"{asked} 被拒绝（{response.status_code}）：{why}")
        )
