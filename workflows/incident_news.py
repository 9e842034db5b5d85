"""What an incident has to tell its complaints: each of them hears all of it, in the same order, whenever it joined."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, FailureError

from activities.contract import AskStanding, Incidents, TellClosed
from domain.incident.events import ExtraOwed, ExtraPassedOn, NewsPassedOn
from domain.incident.extra import extra_of
from domain.incident.news import IncidentNews
from domain.incident.tidings import how_many, tidings
from workflows.incident_effects import IncidentEffects
from workflows.incident_file import IncidentFile
from workflows.local import leave_a_mark

_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
# Complaints told in one round: enough to be quick, few enough that a history stays readable and a task short.
_AT_ONCE = 50
# A letter that could not be sent for a day is no news any more.
_GIVE_UP = timedelta(days=1)


class NewsRound:
    """`heard` says of each complaint how much it has been told. Closed ones have nobody to hear: the incident acts for them."""

    def __init__(self, file: IncidentFile, effects: IncidentEffects, heard: Mapping[str, int]) -> None:
        self._file = file
        self._effects = effects
        self.heard = dict(heard)
        self._telling = False

    @property
    def idle(self) -> bool:
        return not self._telling and not self._behind()

    def knows(self, complaint: str) -> None:
        """It came by itself, so the first of the news is none to it."""
        self.heard.setdefault(complaint, 1)

    async def work(self) -> None:
        while True:
            await workflow.wait_condition(lambda: bool(self._behind()))
            self._telling = True
            await self._round(self._behind()[:_AT_ONCE])
            self._telling = False

    def _behind(self) -> list[str]:
        """Complaints that have not heard everything."""
        many = how_many(self._file.incident)
        return [each for each in self._file.incident.complaints if self.heard.get(each, 0) < many]

    async def _round(self, complaints: list[str]) -> None:
        closed = set(await self._closed(complaints))
        told = tidings(self._file.incident, self._file.row)
        reached = await asyncio.gather(*(self._tell(each, told, each in closed) for each in complaints))
        ends = dict(zip(complaints, reached, strict=True))
        for number, news in enumerate(told):
            ours = [each for each in complaints if self.heard.get(each, 0) <= number]
            await self._passed_on(news, [c for c in ours if ends[c] > number], [c for c in ours if ends[c] <= number])
        for complaint in complaints:
            self.heard[complaint] = max(self.heard.get(complaint, 0), len(told))
        leave_a_mark(self._file.incident.revision)
        self._effects.go_on()

    async def _closed(self, complaints: Iterable[str]) -> tuple[str, ...]:
        ask = AskStanding(tenant=self._file.incident.tenant, complaints=tuple(complaints))
        standing = await workflow.execute_activity_method(
            Incidents.find_closed,
            ask,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=_RETRY,
            summary="which of them are closed",
        )
        return standing.closed

    async def _tell(self, complaint: str, told: tuple[IncidentNews, ...], closed: bool) -> int:
        """Tell one complaint what it has not heard. The place from which on it could not be told: the end when it heard all."""
        begin = self.heard.get(complaint, 0)
        if closed:
            return begin
        for number, news in enumerate(told[begin:], begin):
            if not await tell(self._file.incident.tenant, complaint, news):
                return number
        return len(told)

    async def _passed_on(self, news: IncidentNews, told: list[str], closed: list[str]) -> None:
        match news.what:
            case "message" if told or closed:
                if closed:
                    await self._write_to(news, closed)
                number = len(told) + len(closed)
                self._file.say(NewsPassedOn(number=news.number, complaints=number, closed=len(closed)))
            case "extra" if news.grant is not None:
                if told:
                    self._file.say(ExtraPassedOn(number=news.grant, complaints=tuple(told)))
                effects = {each: extra_of(news.grant, each) for each in closed}
                owed = {each: effect for each, effect in effects.items() if self._file.incident.effect(effect) is None}
                self._file.say(*(ExtraOwed(number=news.grant, complaint=c, effect=effect) for c, effect in owed.items()))

    async def _write_to(self, news: IncidentNews, closed: list[str]) -> None:
        incident = self._file.incident
        assert news.text is not None
        ask = TellClosed(
            tenant=incident.tenant,
            incident=incident.incident_id,
            number=news.number,
            text=news.text,
            complaints=tuple(closed),
        )
        try:
            await workflow.execute_activity_method(
                Incidents.tell_closed,
                ask,
                start_to_close_timeout=timedelta(minutes=2),
                schedule_to_close_timeout=_GIVE_UP,
                retry_policy=_RETRY,
                summary=f"write to the customers of {len(closed)} closed complaints",
            )
        except FailureError:
            workflow.logger.warning("letters of an incident could not be sent for a day")


async def tell(tenant: str, complaint: str, news: IncidentNews) -> bool:
    """Tell one complaint one thing; False when it has ended since the database was asked: there is no such workflow any more."""
    try:
        await workflow.get_external_workflow_handle(f"complaint/{tenant}/{complaint}").signal("incident_news", news)
    except ApplicationError as error:
        if "not found" not in str(error).lower():
            raise
        return False
    return True
