"""The read side: lists in their order, pages that hold still, and walls between tenants."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest

from domain.actor import Role
from domain.case import Case, Stage
from domain.journal import HandedOver, HandOverOffered
from domain.order import Customer
from storage.cases import CaseFilter, CaseRow, Cases, Sort
from storage.journal import Journal
from storage.pages import BadCursor, Page
from tests.storage.stories import START_AT, Story

HOUR = timedelta(hours=1)


async def _store(journal: Journal, *stories: Story) -> None:
    for story in stories:
        await journal.record(story.entries, story.case)


def _ids(page: Page[CaseRow]) -> list[str]:
    return [row.complaint_id for row in page.rows]


async def _all_pages(cases: Cases, tenant: str, sort: Sort, limit: int) -> list[str]:
    ids: list[str] = []
    cursor = None
    while True:
        page = await cases.list(tenant, CaseFilter(), START_AT, sort=sort, cursor=cursor, limit=limit)
        ids += _ids(page)
        cursor = page.next_cursor
        if cursor is None:
            return ids


async def test_a_tenant_sees_nothing_of_another(tenant: str, journal: Journal, cases: Cases) -> None:
    story = Story(tenant).assigned("lin").due(START_AT + HOUR)
    await _store(journal, story)
    other = f"{tenant}-2"
    assert await cases.get(other, story.complaint_id) is None
    assert await cases.journal(other, story.complaint_id) == ()
    assert await cases.loads(other, ["lin"]) == {"lin": 0}
    for page in (
        await cases.list(other, CaseFilter(), START_AT),
        await cases.list(other, CaseFilter(order_number="SO-1", customer_id="c-1"), START_AT),
        await cases.work(other, Role.AGENT, None, START_AT),
        await cases.work(other, Role.SUPERVISOR, "lin", START_AT),
        await cases.deadlines(other, START_AT + 9 * HOUR, START_AT),
    ):
        assert page.rows == ()
    # A cursor of one tenant opens nothing of that tenant to another.
    await _store(journal, Story(tenant))
    cursor = (await cases.list(tenant, CaseFilter(), START_AT, limit=1)).next_cursor
    assert cursor is not None
    assert (await cases.list(other, CaseFilter(), START_AT, cursor=cursor)).rows == ()


async def test_a_work_list_goes_by_priority_then_urgency_then_due_then_receipt(
    tenant: str, journal: Journal, cases: Cases
) -> None:
    late = Story(tenant).assigned("lin").due(START_AT + 3 * HOUR)
    soon = Story(tenant).assigned("lin").due(START_AT + HOUR)
    nothing_due = Story(tenant).assigned("lin")
    nothing_due_earlier = Story(tenant, at=START_AT - HOUR).assigned("lin")
    urgent = Story(tenant, urgent=True).assigned("lin")
    raised = Story(tenant).assigned("lin")
    raised.case = raised.case.model_copy(update={"priority": 2})
    top = Story(tenant).assigned("lin")
    top.case = top.case.model_copy(update={"priority": 1})
    await _store(journal, late, soon, nothing_due, nothing_due_earlier, urgent, raised, top)
    wanted = [each.complaint_id for each in (top, urgent, raised, soon, late, nothing_due_earlier, nothing_due)]
    assert _ids(await cases.work(tenant, Role.AGENT, "lin", START_AT)) == wanted
    paged: list[str] = []
    cursor = None
    for _ in range(4):
        page = await cases.work(tenant, Role.AGENT, "lin", START_AT, cursor=cursor, limit=2)
        paged += _ids(page)
        cursor = page.next_cursor
    assert (paged, cursor) == (wanted, None)


async def test_an_agent_works_on_their_own_complaints_and_a_supervisor_also_on_what_was_handed_to_them(
    tenant: str, journal: Journal, cases: Cases
) -> None:
    mine, theirs, handed_over = Story(tenant).assigned("lin"), Story(tenant).assigned("zhao"), Story(tenant).assigned("zhou")
    approving = Story(tenant).assigned("lin")
    approving.case = approving.case.model_copy(update={"stage": Stage.APPROVING})
    await _store(journal, mine, theirs, handed_over, approving)
    assert _ids(await cases.work(tenant, Role.AGENT, "lin", START_AT)) == [mine.complaint_id]
    assert len((await cases.work(tenant, Role.AGENT, None, START_AT)).rows) == 3
    assert _ids(await cases.work(tenant, Role.SUPERVISOR, None, START_AT)) == [approving.complaint_id]
    work = await cases.work(tenant, Role.SUPERVISOR, "zhou", START_AT)
    assert set(_ids(work)) == {approving.complaint_id, handed_over.complaint_id}
    first = await cases.work(tenant, Role.SUPERVISOR, "zhou", START_AT, limit=1)
    rest = await cases.work(tenant, Role.SUPERVISOR, "zhou", START_AT, limit=1, cursor=first.next_cursor)
    assert (_ids(first) + _ids(rest), rest.next_cursor) == (_ids(work), None)


async def test_what_is_offered_to_somebody_stands_in_their_work_list_with_a_mark_and_once(
    tenant: str, journal: Journal, cases: Cases
) -> None:
    def offered(to: str, **changes: Any) -> Story:
        story = Story(tenant).assigned("lin").tell(HandOverOffered(to=to))
        story.case = story.case.model_copy(update=changes)
        return story

    to_agent, to_leader = offered("zhao"), offered("zhou")
    to_decide, ended = offered("zhou", stage=Stage.APPROVING), offered("zhao", stage=Stage.CLOSED)
    own = Story(tenant).assigned("zhao")
    await _store(journal, to_agent, to_leader, to_decide, ended, own)
    work = await cases.work(tenant, Role.AGENT, "zhao", START_AT)
    assert {row.complaint_id: row.offered_to for row in work.rows} == {to_agent.complaint_id: "zhao", own.complaint_id: None}
    # Whoever offers it has it until then.
    giver = await cases.work(tenant, Role.AGENT, "lin", START_AT)
    assert {row.complaint_id: row.offered_to for row in giver.rows} == {
        to_agent.complaint_id: "zhao",
        to_leader.complaint_id: "zhou",
    }
    # What waits for a leader's role and is offered to one of them is there once, over pages too.
    leader = _ids(await cases.work(tenant, Role.SUPERVISOR, "zhou", START_AT))
    assert sorted(leader) == sorted([to_leader.complaint_id, to_decide.complaint_id])
    first = await cases.work(tenant, Role.SUPERVISOR, "zhou", START_AT, limit=1)
    rest = await cases.work(tenant, Role.SUPERVISOR, "zhou", START_AT, limit=1, cursor=first.next_cursor)
    assert (_ids(first) + _ids(rest), rest.next_cursor) == (leader, None)
    listed = await cases.list(tenant, CaseFilter(offered_to="zhou"), START_AT, sort="work")
    assert _ids(listed) == leader
    to_agent.tell(HandedOver(assignee="zhao", reason="交班"))
    await _store(journal, to_agent)
    taken = await cases.work(tenant, Role.AGENT, "zhao", START_AT)
    assert {row.complaint_id: row.offered_to for row in taken.rows} == dict.fromkeys([to_agent.complaint_id, own.complaint_id])


@pytest.mark.parametrize("sort", ["newest", "oldest", "updated", "due", "work"])
async def test_pages_hold_still_under_ties_and_newcomers(tenant: str, journal: Journal, cases: Cases, sort: Sort) -> None:
    # All received in one instant: only the id tells them apart.
    stories = [Story(tenant) for _ in range(7)]
    await _store(journal, *stories)
    whole = await _all_pages(cases, tenant, sort, limit=50)
    assert sorted(whole) == sorted(story.complaint_id for story in stories)
    assert await _all_pages(cases, tenant, sort, limit=2) == whole
    first = await cases.list(tenant, CaseFilter(), START_AT, sort=sort, limit=3)
    # One newcomer comes before and one behind the page that was read.
    await _store(journal, Story(tenant, at=START_AT - HOUR), Story(tenant, at=START_AT + HOUR))
    assert first.next_cursor is not None
    rest = await cases.list(tenant, CaseFilter(), START_AT, sort=sort, cursor=first.next_cursor, limit=50)
    assert [each for each in _ids(rest) if each in whole] == whole[3:]


async def test_a_row_that_left_the_list_does_not_shift_the_next_page(tenant: str, journal: Journal, cases: Cases) -> None:
    stories = sorted((Story(tenant).assigned("lin") for _ in range(5)), key=lambda story: story.complaint_id)
    await _store(journal, *stories)
    first = await cases.work(tenant, Role.AGENT, "lin", START_AT, limit=2)
    gone = stories[1].assigned("zhao")
    await journal.record(gone.entries[2:], gone.case)
    rest = await cases.work(tenant, Role.AGENT, "lin", START_AT, limit=5, cursor=first.next_cursor)
    assert sorted(_ids(rest)) == [story.complaint_id for story in stories[2:]]


def _forged(*values: object) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "", "?", "é", "bm90IGpzb24", _forged(), _forged("newest"), _forged("work", 1, 2, 3, 4), _forged("newest", 5, "cmp_1"),
        _forged("newest", "2026-11-21T00:00:00", "cmp_1"), _forged("newest", "2026-11-21T00:00:00Z", 1),
        _forged("newest", None, None), urlsafe_b64encode(b"{}").decode(), urlsafe_b64encode(b"7").decode(),
    ],
)  # fmt: skip
async def test_a_cursor_that_was_not_given_out_is_refused(tenant: str, cases: Cases, cursor: str) -> None:
    with pytest.raises(BadCursor):
        await cases.list(tenant, CaseFilter(), START_AT, cursor=cursor)


@pytest.mark.parametrize("limit", [0, -1, 201])
async def test_a_page_has_between_1_and_200_rows(tenant: str, cases: Cases, limit: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 200"):
        await cases.list(tenant, CaseFilter(), START_AT, limit=limit)


async def test_lists_are_narrowed_by_what_the_desk_asks_for(tenant: str, journal: Journal, cases: Cases) -> None:
    one = Story(tenant, order_number="SO-7", customer=Customer(name="李雷", customer_id="c-7")).assigned("lin")
    two = Story(tenant, urgent=True, category="installation_quality", at=START_AT + HOUR).due(START_AT + 2 * HOUR)
    two.case = two.case.model_copy(update={"stage": Stage.ASSESSING, "breaches": 1})
    await _store(journal, one, two)
    narrow = {
        one.complaint_id: [
            CaseFilter(order_number="SO-7"), CaseFilter(customer_id="c-7"), CaseFilter(customer_name="李雷"),
            CaseFilter(assignee="lin"), CaseFilter(level="normal"), CaseFilter(urgent=False), CaseFilter(breached=False),
            CaseFilter(received_before=START_AT + HOUR), CaseFilter(stage="received", group="transport", status="open"),
        ],
        two.complaint_id: [
            CaseFilter(category="installation_quality"), CaseFilter(stage="assessing"), CaseFilter(level="urgent"),
            CaseFilter(urgent=True), CaseFilter(breached=True), CaseFilter(received_from=START_AT + HOUR),
            CaseFilter(due_before=START_AT + 3 * HOUR), CaseFilter(waits_for="agent", breached=True),
        ],
    }  # fmt: skip
    for wanted, filters in narrow.items():
        for filter in filters:
            assert _ids(await cases.list(tenant, filter, START_AT)) == [wanted], filter
    assert (await cases.list(tenant, CaseFilter(status="closed"), START_AT)).rows == ()


async def test_what_is_past_due_and_what_is_not_are_all_there_is(tenant: str, journal: Journal, cases: Cases) -> None:
    past, ahead = (Story(tenant).due(START_AT + hours * HOUR) for hours in (1, 3))
    nothing_due, closed = Story(tenant), Story(tenant).due(START_AT + HOUR)
    closed.case = closed.case.model_copy(update={"stage": Stage.CLOSED, "closed_at": START_AT})
    await _store(journal, past, ahead, nothing_due, closed)
    now = START_AT + 2 * HOUR
    assert _ids(await cases.list(tenant, CaseFilter(due_before=now), now)) == [past.complaint_id]
    others = _ids(await cases.list(tenant, CaseFilter(not_due_before=now), now))
    assert sorted(others) == sorted(each.complaint_id for each in (ahead, nothing_due, closed))


async def test_loads_count_open_complaints_only(tenant: str, journal: Journal, cases: Cases) -> None:
    closed = Story(tenant).assigned("lin")
    closed.case = closed.case.model_copy(update={"stage": Stage.CLOSED, "closed_at": START_AT})
    await _store(journal, Story(tenant).assigned("lin"), Story(tenant).assigned("lin"), closed, Story(tenant).assigned("zhao"))
    assert await cases.loads(tenant, ["lin", "zhao", "chen"]) == {"lin": 2, "zhao": 1, "chen": 0}


async def test_deadlines_come_earliest_first_and_say_what_is_overdue(tenant: str, journal: Journal, cases: Cases) -> None:
    soon, later, far = (Story(tenant).due(START_AT + hours * HOUR) for hours in (1, 5, 9))
    await _store(journal, far, later, soon, Story(tenant))
    page = await cases.deadlines(tenant, START_AT + 5 * HOUR, at=START_AT + 2 * HOUR)
    assert [(row.complaint_id, row.overdue) for row in page.rows] == [(soon.complaint_id, True), (later.complaint_id, False)]


async def test_the_journal_is_read_on_from_where_it_was_left(tenant: str, journal: Journal, cases: Cases) -> None:
    story = Story(tenant).assigned("lin").responded()
    await _store(journal, story)
    assert [entry.seq for entry in await cases.journal(tenant, story.complaint_id, after_seq=1, limit=1)] == [2]
    assert [entry.seq for entry in await cases.journal(tenant, story.complaint_id, after_seq=2)] == [3]
    assert await cases.journal(tenant, "cmp_unknown") == ()


async def test_a_row_says_what_the_case_says(tenant: str, journal: Journal, cases: Cases) -> None:
    story = Story(tenant, urgent=True).assigned("lin").due(START_AT + HOUR, "first_response").responded()
    await _store(journal, story)
    (row,) = (await cases.list(tenant, CaseFilter(), START_AT)).rows
    case: Case = story.case
    assert row.workflow_id == f"complaint/{tenant}/{case.complaint_id}"
    same = ("tenant", "revision", "group", "category", "level", "urgent", "priority", "assignee", "received_at", "updated_at")
    assert {name: getattr(row, name) for name in same} == {name: getattr(case, name) for name in same}
    assert (row.stage, row.status, row.next_due_name) == ("verifying", "open", "first_response")
    assert (row.customer_name, row.customer_id, row.order_number, row.channel) == ("王小明", "c-1", "SO-1", "app")
    # A list row is a whole CaseRow, though it is built without validation.
    assert CaseRow.model_validate(row.model_dump()) == row
