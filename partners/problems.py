"""Refusals as problem documents (RFC 9457) with a machine-readable `code`."""

from __future__ import annotations

import json

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel


class Problem(Exception):
    """A request that is answered with `status` and a problem document, and has changed nothing."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail

    def body(self) -> str:
        return json.dumps(
            {"type": "about:blank", "title": self.code, "status": self.status, "code": self.code, "detail": self.detail},
            ensure_ascii=False,
        )


class ProblemDocument(BaseModel):
    """What a refusal looks like."""

    type: str
    title: str
    status: int
    code: str
    detail: str


def refuse(status: int, *codes: str) -> dict[int | str, dict[str, object]]:
    """The `responses=` entry of a route that can refuse with these codes."""
    return {status: {"model": ProblemDocument, "description": ", ".join(codes)}}


async def answer_problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return Response(problem.body(), problem.status, media_type="application/problem+json")


async def answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    said = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
    return await answer_problem(request, Problem(422, "invalid", said))
