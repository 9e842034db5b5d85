"""Commands as Updates: one a command of the domain, with a validator that says no before anything is written to history."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from temporalio import workflow
from temporalio.exceptions import ApplicationError

from domain.commands import name_of
from domain.receipts import CommandId, read_command_id
from domain.refusal import Refusal

_Signed = TypeVar("_Signed", contravariant=True)
_Receipt = TypeVar("_Receipt", covariant=True)


class Answering(Generic[_Signed, _Receipt]):
    """What the Updates need of the workflow that they belong to."""

    async def calm(self) -> None:
        """Wait until a command may change anything. Without local activities (`workflows/local.py`) that is at once."""

    @abstractmethod
    def check(self, signed: _Signed) -> None:
        """Raise Refusal when the command is not allowed now; changes nothing."""

    @abstractmethod
    def perform(self, signed: _Signed) -> _Receipt:
        """Carry the command out; raises Refusal."""


def refused(refusal: Refusal) -> ApplicationError:
    """A refusal as it travels to the client: its code as type, the sentences as details."""
    detail = {"field": refusal.field, "zh": refusal.zh, "en": refusal.en}
    return ApplicationError(refusal.en, detail, type=refusal.code, non_retryable=True)


def update_of(command: type[BaseModel], envelope: Any, receipt: type[BaseModel]) -> Any:
    """The Update of a command, named like it, with its docstring as the description that operators read.

    `envelope` is the type in which the command travels, `receipt` that of its answer.
    """

    async def handle(self: Answering[Any, Any], signed: Any) -> Any:
        await self.calm()
        try:
            return self.perform(signed)
        except Refusal as refusal:
            raise refused(refusal) from refusal

    def validate(self: Answering[Any, Any], signed: Any) -> None:
        try:
            self.check(signed)
        except Refusal as refusal:
            raise refused(refusal) from refusal

    name = name_of(command)
    for function, answer in ((handle, receipt), (validate, None)):
        function.__annotations__ = {"signed": envelope, "return": answer}
        function.__name__ = function.__qualname__ = name
    handler: Any = workflow.update(name=name, description=described(command))(handle)
    handler.validator(validate)
    return handler


def described(command: type[BaseModel]) -> str:
    """The first line of its docstring."""
    return (command.__doc__ or "").strip().splitlines()[0]


def id_of_command() -> CommandId | None:
    """The id of the Update that is being handled. A Signal has none, nor has an Update whose caller gave no key."""
    update = workflow.current_update_info()
    return read_command_id(update.id) if update else None
