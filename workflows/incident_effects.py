"""What an incident itself has carried out: decisions on lots, and the extras of complaints that are closed.

Each reaches its partner once in effect, under a key that never changes, as the steps of a complaint do. What fails for good
waits for a person.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import Priority, RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from activities.contract import Incidents, Partners, PlaceEffect, PlaceExtra
from domain.effects import EffectReport
from domain.incident.events import EffectDone, EffectFailed, EffectOrdered, EffectSettled
from domain.incident.incident import IncidentEffect, key_of, lot_change
from domain.incident.news import step_name
from domain.money import Money
from domain.policy.vocabulary import executor_of
from workflows.faults import Background
from workflows.incident_file import IncidentFile

_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=2))
_SILENCE = timedelta(days=1)
_FIRST = Priority(priority_key=1)


class IncidentEffects:
    def __init__(self, file: IncidentFile, background: Background) -> None:
        self._file = file
        self._background = background
        self._placing = 0
        self._seen_through: set[str] = set()

    @property
    def idle(self) -> bool:
        """Nothing is being asked of a partner now; what is ordered goes on in another run."""
        return self._placing == 0

    def go_on(self) -> None:
        """See every effect through that nobody is seeing through yet."""
        for effect in self._file.incident.effects:
            if effect.status in ("planned", "ordered") and effect.id not in self._seen_through:
                self._seen_through.add(effect.id)
                self._placing += effect.status == "planned"
                self._background.start(self._see_through(effect.id))

    async def _see_through(self, id: str) -> None:
        while (effect := self._file.incident.effect(id)) is not None and effect.status in ("planned", "ordered"):
            if effect.status == "planned":
                await self._place(effect)
                continue
            try:
                await workflow.wait_condition(
                    lambda: (e := self._file.incident.effect(id)) is None or e.status != "ordered",
                    timeout=_SILENCE,
                    timeout_summary=f"how far is {id}",
                )
            except TimeoutError:
                await self._ask(effect)
        self._seen_through.discard(id)

    async def _place(self, effect: IncidentEffect) -> None:
        try:
            if effect.what == "extra":
                await self._give(effect)
            else:
                report = await workflow.execute_activity_method(
                    Partners.place_effect,
                    self._order(effect),
                    start_to_close_timeout=timedelta(seconds=20),
                    retry_policy=_RETRY,
                    priority=_FIRST,
                    summary=f"{effect.what} {effect.lot}",
                )
                self.heard(key_of(self._file.incident, effect), report)
        except ActivityError as error:
            cause = error.cause
            if not isinstance(cause, ApplicationError):
                raise
            code = str(cause.details[0] if cause.details else cause.type)
            self._file.say(EffectFailed(effect=effect.id, code=code, detail=_words(effect, cause.message)[:300]))
        finally:
            self._placing -= 1

    async def _give(self, effect: IncidentEffect) -> None:
        """A closed complaint's extra; asking for it again under its key is asking how far it is."""
        incident = self._file.incident
        grant = incident.grant(effect.grant or 0)
        assert grant is not None
        placed = await workflow.execute_activity_method(
            Incidents.place_extra,
            PlaceExtra(
                tenant=incident.tenant,
                complaint=effect.complaint or "",
                key=key_of(incident, effect),
                step=step_name(incident.incident_id, grant.number),
                terms=grant.terms,
                clause=effect.clause,
                decided_by=effect.decided_by,
            ),
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=_RETRY,
            summary=f"extra of {effect.complaint}",
        )
        if placed.report is None:
            self._file.say(EffectSettled(effect=effect.id, action="drop", reason=placed.because))
        else:
            self.heard(key_of(incident, effect), placed.report, placed.money)

    async def _ask(self, effect: IncidentEffect) -> None:
        try:
            if effect.what == "extra":
                await self._give(effect)
                return
            report = await workflow.execute_activity_method(
                Partners.ask_effect,
                self._order(effect),
                start_to_close_timeout=timedelta(seconds=20),
                schedule_to_close_timeout=timedelta(hours=1),
                retry_policy=_RETRY,
                summary=f"how far is {effect.id}",
            )
        except ActivityError:
            # Nothing new; asked again after another day of silence.
            return
        self.heard(key_of(self._file.incident, effect), report)

    def heard(self, key: str, report: EffectReport, money: Money | None = None, system: str = "") -> None:
        """News of an effect, from its partner's answer or webhook; old news and another partner's word change nothing."""
        incident = self._file.incident
        effect = next((e for e in incident.effects if e.status in ("planned", "ordered") and key_of(incident, e) == key), None)
        if effect is None:
            return
        if system and system != (whose := self._executor(effect)):
            workflow.logger.warning("news of %s by %s, which %s carries out: not heard", key, system, whose)
            return
        if report.status == "refused":
            self._file.say(EffectFailed(effect=effect.id, code="refused", detail=_words(effect, report.detail)[:300]))
            return
        if effect.status == "planned":
            self._file.say(EffectOrdered(effect=effect.id, reference=report.reference, money=money))
        if report.status == "done":
            # A webhook says nothing of money: it is what was ordered.
            paid = money or effect.money
            self._file.say(EffectDone(effect=effect.id, detail=_words(effect, report.detail)[:200], money=paid))

    def _executor(self, effect: IncidentEffect) -> str:
        grant = self._file.incident.grant(effect.grant or 0)
        return executor_of(grant.terms.kind, "partner") if effect.what == "extra" and grant is not None else "lots"

    def _order(self, effect: IncidentEffect) -> PlaceEffect:
        incident = self._file.incident
        return PlaceEffect(
            tenant=incident.tenant,
            key=key_of(incident, effect),
            lot=lot_change(incident, effect),
            clause=effect.clause,
            decided_by=effect.decided_by,
        )


def _words(effect: IncidentEffect, said: str) -> str:
    """A partner's words on an extra may name its customer, whom the incident outlives. The ledger has what was answered."""
    return "" if effect.what == "extra" else said
