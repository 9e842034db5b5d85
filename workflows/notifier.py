"""The notifier: sends the notices that the pack hangs on entries. A notice that cannot be sent holds nothing else up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from activities.contract import DecisionAsked, Notice, NoticeReceipt, Notices, SendNotices
from domain.actor import Role
from domain.case import Stage
from domain.case_facts import facts_of
from domain.classification import tells_anew
from domain.journal import Entry, FollowUpDue, HandOverOffered
from domain.notice_fields import compose, names_decision
from domain.policy.matching import may_tell, notices_for
from domain.policy.talk_rows import NoticeRule
from domain.promise_events import Escalated, NoticeFailed, NoticeSent
from workflows.case_file import CaseFile
from workflows.faults import Background
from workflows.local import LocalWork, leave_a_mark

_RETRY = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=5))
# A notice that could not be sent for a day is no news any more; its failure is in the journal.
_GIVE_UP = timedelta(days=1)


class Notifier:
    def __init__(self, file: CaseFile, settled: Callable[[], bool], background: Background, local: LocalWork) -> None:
        self._file = file
        self._local = local
        self._settled = settled
        self._background = background
        self._sending = 0

    @property
    def idle(self) -> bool:
        return not self._file.untold and not self._sending

    async def work(self) -> None:
        while True:
            # A notice names people and instants: it waits, like the journal, until calendar and staff have answered.
            await workflow.wait_condition(lambda: bool(self._file.untold) and self._settled())
            told, self._file.untold = self._file.untold, []
            said: set[str] = set()
            notices = [notice for entry in told for notice in self._notices(entry, said)]
            if notices:
                self._sending += 1
                self._background.start(self._send(notices))

    def _notices(self, entry: Entry, said: set[str]) -> list[Notice]:
        """Those of an entry; `said` are the rows that told of the receipt, or of what it turned out to be, in this moment."""
        # A rung of a ladder notifies only where the pack says so.
        if isinstance(entry.event, Escalated) and "notify" not in entry.event.actions:
            return []
        if not may_tell(self._file.pack, entry.event.kind):
            return []
        facts = facts_of(self._file.case, self._file.pack, entry.event)
        rules = notices_for(self._file.pack, entry.event.kind, facts)
        news = [rule for rule in rules if rule.id not in said and tells_anew(self._file.pack, rule, facts, entry.event)]
        said.update(rule.id for rule in news if "received" in rule.on and len(rule.on) > 1)
        return [self._notice(rule, entry) for rule in news]

    def _notice(self, rule: NoticeRule, entry: Entry) -> Notice:
        case = self._file.case
        fields, worded = compose(case, self._file.pack, rule, entry)
        to, person = self._reader(rule, entry)
        return Notice(
            notice=rule.id,
            key=f"{case.complaint_id}/{rule.id}/{entry.seq}",
            to=to,
            person=person,
            department=self._department(rule, entry) if to is Role.DEPARTMENT else None,
            without=case.intake.against_staff if to is not Role.CUSTOMER else None,
            customer=case.intake.customer if to is Role.CUSTOMER else None,
            fields=fields,
            worded=worded,
            decision=self._decision(rule),
        )

    def _decision(self, rule: NoticeRule) -> DecisionAsked | None:
        """The proposal that waits to be decided on, for a text that leads there."""
        case = self._file.case
        if not names_decision(rule) or case.stage is not Stage.APPROVING or case.proposal is None:
            return None
        return DecisionAsked(complaint_id=case.complaint_id, number=case.proposal.number)

    def _department(self, rule: NoticeRule, entry: Entry) -> str | None:
        """The row's, or that of the step or question the entry is about; None: everybody of every department."""
        state = self._file.case.step(getattr(entry.event, "step", ""))
        asked = getattr(entry.event, "department", None)
        return rule.department or asked or (state.step.department if state else None)

    def _reader(self, rule: NoticeRule, entry: Entry) -> tuple[Role, str | None]:
        """Role written to, and the person where one is known; otherwise everybody of the role."""
        case, event = self._file.case, entry.event
        match rule.to:
            case "owner" if isinstance(event, FollowUpDue) and event.owner is not Role.AGENT:
                return event.owner, None
            case "owner":
                return Role.AGENT, case.assignee
            case "approver":
                return (case.proposal.approver_role if case.proposal else None) or Role.SUPERVISOR, None
            case "offered_to":
                return Role.AGENT, event.to if isinstance(event, HandOverOffered) else case.assignee
            case "escalated_to":
                return (event.to, event.person) if isinstance(event, Escalated) else (Role.SUPERVISOR, None)
            case _:
                return Role(rule.to), None

    async def _send(self, notices: list[Notice]) -> None:
        case = self._file.case
        batch = SendNotices(tenant=case.tenant, pack=case.pack, pack_digest=case.pack_digest, notices=tuple(notices))
        try:
            sent = await workflow.execute_activity_method(
                Notices.send_notices,
                batch,
                start_to_close_timeout=timedelta(seconds=60),
                schedule_to_close_timeout=_GIVE_UP,
                retry_policy=_RETRY,
                priority=self._file.turn,
                summary="tell " + ", ".join(f"{notice.to}: {notice.notice}" for notice in notices)[:180],
            )
            receipts = sent.receipts
        except ActivityError as error:
            detail = error.cause.message if isinstance(error.cause, ApplicationError) else "could not be sent for a day"
            receipts = tuple(NoticeReceipt(failed=detail[:300]) for _ in notices)
        await self._local.calm()
        self._sending -= 1
        for notice, receipt in zip(notices, receipts, strict=True):
            if receipt.failed is not None:
                self._file.say(NoticeFailed(notice=notice.notice, to=notice.to, detail=receipt.failed))
            else:
                self._file.say(NoticeSent(notice=notice.notice, to=notice.to, channels=receipt.channels))
        leave_a_mark(self._file.case.revision)
