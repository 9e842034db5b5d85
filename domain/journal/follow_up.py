"""Entries about times that were named to the customer, the look back after a handling, and the survey."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from domain.actor import Role
from domain.promise_events import JournalEvent


class TimePromised(JournalEvent):
    kind: Literal["time_promised"] = "time_promised"
    about: Literal["callback", "answer", "arrival", "other"]
    at: AwareDatetime
    note: str | None = None


class FollowUpPlanned(JournalEvent):
    """The customer is satisfied; the complaint stays open until somebody has looked back at them, not before `from_at`."""

    kind: Literal["follow_up_planned"] = "follow_up_planned"
    row: str
    from_at: AwareDatetime
    owner: Role


class FollowUpDue(JournalEvent):
    """The time to look back has come."""

    kind: Literal["follow_up_due"] = "follow_up_due"
    row: str
    owner: Role


class FollowedUp(JournalEvent):
    kind: Literal["followed_up"] = "followed_up"
    answered: bool
    satisfied: bool | None = None
    recurred: bool = False
    new_demand: bool = False
    note: str | None = None

    @property
    def all_is_well(self) -> bool:
        """Reached, satisfied, and nothing left to do: the complaint may end."""
        return bool(self.satisfied) and not self.recurred and not self.new_demand


class SurveyAnswered(JournalEvent):
    """`dissatisfied`: one of the answers says so by the procedure, and the matter is handled again."""

    kind: Literal["survey_answered"] = "survey_answered"
    answers: dict[str, str]
    dissatisfied: bool
    comment: str | None = None
