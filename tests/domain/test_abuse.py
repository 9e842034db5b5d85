"""Complaints that may not be honest: signs are scored, people decide, and each decision asks for what stands before it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain import abuse, signs
from domain import commands as c
from domain import journal as j
from domain.actor import Actor, Role
from domain.customer_view import case_for_customer, entry_for_customer
from domain.fold import replay
from domain.policy.errors import PackInvalid
from domain.policy.parse import parse_pack
from domain.story.tell import tell
from tests.domain.packs import changed, home
from tests.domain.pure_desk import PureDesk
from tests.moves import AGENT, CUSTOMER, MANAGER, PHOTO, SUPERVISOR
from tests.wary import WARY, wary

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
LEGAL = Actor(id="lawyer", roles=(Role.LEGAL,))
REFUSE = c.CloseByDecision(outcome="refused_as_malicious", reason="诉求与事实不符")


def desk_of(content: str = "石板碎了。", **intake: Any) -> PureDesk:
    return PureDesk(AT, pack=wary(), content=content, **intake)


def noted(desk: PureDesk) -> list[tuple[str, int, tuple[str, ...]]]:
    events = [entry.event for entry in desk.journal]
    return [(event.row, event.weight, event.found) for event in events if isinstance(event, j.SignNoted)]


def refusal(desk: PureDesk, by: Actor, command: c.Command) -> str | None:
    refused = desk.does(by, command)
    return refused.code if refused else None


def does(desk: PureDesk, by: Actor, command: c.Command) -> None:
    assert refusal(desk, by, command) is None


def contradicted(desk: PureDesk) -> PureDesk:
    does(desk, AGENT, c.NoteSign(sign="contradiction", note="先说没收到，后说碎了"))
    return desk


@pytest.mark.clause("FOO-ABU-01")
@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("石板碎了，不赔我就曝光你们！", ("不赔我就曝光",)),
        ("I will  EXPOSE You.", ("expose you",)),
        ("不赔。曝光过度的照片见附件", ()),
    ],
)
def test_a_threat_in_the_customers_words_is_a_sign_from_the_first_moment(content: str, found: tuple[str, ...]) -> None:
    desk = desk_of(content)
    assert noted(desk) == ([("threat_words", 3, found)] if found else [])
    assert abuse.score(desk.case) == (3 if found else 0)
    assert not desk.case.presumed


@pytest.mark.clause("FOO-ABU-01")
def test_words_are_looked_for_in_everything_the_customer_writes_and_each_row_counts_once() -> None:
    desk = desk_of()
    desk.file.record(CUSTOMER, [j.Declined(number=1, reason="不赔十倍我就曝光")])
    desk.file.record(CUSTOMER, [j.Appealed(number=1, grounds="不赔十倍我就曝光", decided_by_role=Role.MANAGER)])
    assert noted(desk) == [("threat_words", 3, ("不赔十倍我就曝光",))]
    # What our own people write is no sign of the customer's.
    other = desk_of()
    does(other, AGENT, c.Respond(message="不赔的话会曝光吗"))
    assert noted(other) == []


@pytest.mark.clause("FOO-ABU-01", "FOO-ABU-05")
def test_words_are_looked_for_in_what_is_written_with_the_survey_too() -> None:
    desk = desk_of()
    answered = j.SurveyAnswered(answers={"solved": "no"}, dissatisfied=True, comment="不赔我就曝光")
    [sign] = signs.signs_in(desk.case, desk.pack, answered)
    assert (sign.sign, sign.found) == ("threat", ("不赔我就曝光",))


def test_people_note_what_they_see_and_only_signs_that_the_procedure_knows() -> None:
    desk = desk_of()
    does(desk, AGENT, c.NoteSign(sign="contradiction", note="先说没收到，后说碎了"))
    does(desk, LEGAL, c.NoteSign(sign="contradiction", note="又改口"))
    does(desk, AGENT, c.NoteSign(sign="excessive_demand", note="要求十倍赔偿"))
    assert abuse.score(desk.case) == 4
    refused = desk.does(AGENT, c.NoteSign(sign="unreasonable", note="x"))
    assert refused is not None
    assert (refused.code, refused.field) == ("no_such_sign", "sign")
    assert "contradiction" in refused.zh
    assert refusal(desk, CUSTOMER, c.NoteSign(sign="contradiction", note="x")) == "wrong_role"


@pytest.mark.clause("FOO-ABU-05")
def test_repeated_complaints_count_from_as_many_as_the_procedure_says() -> None:
    desk = desk_of()
    asked = signs.to_count(desk.case, desk.pack)
    assert [(each.row.id, each.from_at) for each in asked] == [("many", AT - timedelta(days=30))]
    assert signs.signs_counted(desk.case, asked, (2,)) == []
    [sign] = signs.signs_counted(desk.case, asked, (3,))
    desk.file.say(sign)
    assert (abuse.score(desk.case), sign.count) == (2, 3)
    # Whoever noted it by hand meanwhile was first.
    assert signs.signs_counted(desk.case, asked, (3,)) == []
    assert signs.to_count(desk.case, desk.pack) == ()


def test_without_a_customer_id_nothing_is_counted() -> None:
    nameless = desk_of(customer={"name": "王芳", "email": "wang@customer.example"})
    assert signs.to_count(nameless.case, nameless.pack) == ()


@pytest.mark.clause("FOO-ABU-02")
def test_malice_is_presumed_by_a_person_and_only_from_the_score_that_the_procedure_names() -> None:
    desk = contradicted(desk_of())
    presume = c.PresumeMalice(reason="前后矛盾且威胁")
    refused = desk.does(AGENT, presume)
    assert refused is not None
    assert refused.code == "too_few_signs"
    assert "2 of 5" in refused.en
    desk.file.record(CUSTOMER, [j.Declined(number=1, reason="不赔我就曝光")])
    assert not desk.case.presumed
    does(desk, AGENT, presume)
    assert desk.case.presumed
    assert refusal(desk, AGENT, presume) == "already_presumed"
    [presumed] = [entry for entry in desk.journal if isinstance(entry.event, j.MalicePresumed)]
    assert (presumed.event.score, presumed.event.unanswered, presumed.clauses) == (5, False, ("WRY-ABU-02",))


@pytest.mark.clause("FOO-ABU-02")
def test_demanded_evidence_has_a_deadline_of_the_customers_own_and_missing_it_allows_the_presumption() -> None:
    desk = desk_of()
    does(desk, AGENT, c.DemandEvidence(what="购买凭证"))
    desk.plan()
    [proof] = [each for each in desk.case.deadlines if each.name == "proof"]
    assert proof.due_at == AT + timedelta(hours=48)
    assert not proof.ours
    presume = c.PresumeMalice(reason="没有凭证")
    desk.until(AT + timedelta(hours=48))
    breaches = desk.case.breaches
    assert refusal(desk, AGENT, presume) is None
    assert desk.case.presumed
    [event] = [entry.event for entry in desk.journal if isinstance(entry.event, j.MalicePresumed)]
    assert (event.score, event.unanswered) == (0, True)
    assert desk.case.breaches == breaches


@pytest.mark.clause("FOO-ABU-02")
def test_evidence_that_came_in_time_or_late_leaves_nothing_to_presume() -> None:
    for hours in (1, 49):
        desk = desk_of()
        does(desk, AGENT, c.DemandEvidence(what="购买凭证"))
        desk.until(AT + timedelta(hours=hours))
        does(desk, CUSTOMER, c.AttachEvidence(evidence=(PHOTO,)))
        desk.until(AT + timedelta(hours=hours + 100))
        assert refusal(desk, AGENT, c.PresumeMalice(reason="没有凭证")) == "too_few_signs"


@pytest.mark.clause("FOO-ABU-02")
def test_what_the_company_attaches_of_its_own_is_no_answer_of_the_customer() -> None:
    desk = desk_of()
    does(desk, AGENT, c.DemandEvidence(what="购买凭证"))
    desk.plan()
    does(desk, AGENT, c.AttachEvidence(evidence=(PHOTO,), ours=True))
    assert [each.name for each in desk.case.deadlines if each.name == "proof"] == ["proof"]
    # A customer cannot pass their own answer off as somebody else's.
    does(desk, CUSTOMER, c.AttachEvidence(evidence=(PHOTO,), ours=True))
    assert [each.name for each in desk.case.deadlines if each.name == "proof"] == []


@pytest.mark.clause("FOO-ABU-02", "FOO-ABU-03")
def test_a_complaint_is_refused_as_malicious_only_when_presumed_and_only_by_whom_the_procedure_names() -> None:
    desk = contradicted(desk_of("不赔我就曝光"))
    assert refusal(desk, MANAGER, REFUSE) == "not_presumed"
    does(desk, AGENT, c.PresumeMalice(reason="前后矛盾且威胁"))
    assert refusal(desk, AGENT, REFUSE) == "wrong_role"
    assert refusal(desk, SUPERVISOR, REFUSE) == "wrong_role"
    does(desk, MANAGER, REFUSE)
    assert desk.case.outcome == "refused_as_malicious"
    assert replay(desk.journal) == desk.case


def test_a_reopened_complaint_keeps_its_signs_and_is_presumed_of_nothing() -> None:
    desk = contradicted(desk_of("不赔我就曝光"))
    does(desk, AGENT, c.PresumeMalice(reason="前后矛盾且威胁"))
    does(desk, MANAGER, REFUSE)
    does(desk, CUSTOMER, c.Reopen(reason="我有录音"))
    assert (abuse.score(desk.case), desk.case.presumed, desk.case.with_legal) == (5, False, False)
    assert refusal(desk, MANAGER, REFUSE) == "not_presumed"


@pytest.mark.clause("FOO-ABU-03")
def test_a_supervisor_refers_it_to_legal_once() -> None:
    desk = desk_of()
    refer = c.ReferToLegal(reason="勒索")
    assert refusal(desk, AGENT, refer) == "wrong_role"
    does(desk, SUPERVISOR, refer)
    assert desk.case.with_legal
    assert refusal(desk, SUPERVISOR, refer) == "with_legal"


def test_a_pack_without_these_rows_asks_no_more_than_before() -> None:
    desk = PureDesk(AT, content="不赔我就曝光")
    assert noted(desk) == []
    assert refusal(desk, AGENT, c.NoteSign(sign="threat", note="x")) == "no_such_sign"
    for by, command in (
        (AGENT, c.DemandEvidence(what="x")), (AGENT, c.PresumeMalice(reason="x")), (SUPERVISOR, c.ReferToLegal(reason="x")),
    ):  # fmt: skip
        assert refusal(desk, by, command) == "no_malice_rule"
    does(desk, SUPERVISOR, REFUSE)


@pytest.mark.clause("FOO-OBJ-03", "FOO-QLT-04")
def test_blame_needs_evidence_that_is_attached_and_the_refusal_says_what_is_missing() -> None:
    desk = desk_of()
    does(desk, AGENT, c.Respond(message="已登记"))
    does(desk, AGENT, c.Verify(founded=True, findings="属实"))
    blame = c.Assess(facts={"damage": "severe"}, liable="customer")
    refused = desk.does(AGENT, blame)
    assert refused is not None
    assert (refused.code, refused.field) == ("evidence_missing", "rests_on")
    assert "none is attached" in refused.en
    assert "尚无附件" in refused.zh
    unknown = blame.model_copy(update={"rests_on": (PHOTO.sha256,)})
    refused = desk.does(AGENT, unknown)
    assert refused is not None
    assert (refused.code, refused.field) == ("evidence_unknown", "rests_on[0]")
    does(desk, AGENT, c.AttachEvidence(evidence=(PHOTO,)))
    refused = desk.does(AGENT, blame)
    assert refused is not None
    assert "choose of the 1 attached" in refused.en
    does(desk, AGENT, unknown)
    [(rests_on, clauses)] = [(e.event.rests_on, e.clauses) for e in desk.journal if isinstance(e.event, j.Assessed)]
    assert rests_on == (PHOTO.sha256,)
    assert "WRY-OBJ-01" in clauses


@pytest.mark.clause("FOO-OBJ-03")
def test_whom_the_procedure_does_not_name_is_found_liable_without_and_untrue_only_with_evidence() -> None:
    desk = desk_of()
    does(desk, AGENT, c.Respond(message="已登记"))
    untrue = c.Verify(founded=False, findings="照片是旧的")
    assert refusal(desk, AGENT, untrue) == "evidence_missing"
    does(desk, AGENT, c.AttachEvidence(evidence=(PHOTO,)))
    other = desk_of()
    does(other, AGENT, c.Respond(message="已登记"))
    does(other, AGENT, c.Verify(founded=True, findings="属实"))
    does(other, AGENT, c.Assess(facts={"damage": "severe"}, liable="company"))
    does(desk, AGENT, untrue.model_copy(update={"rests_on": (PHOTO.sha256,)}))
    assert desk.case.outcome == "unfounded"


def test_a_customer_sees_what_is_asked_of_them_and_nothing_of_what_is_held_against_them() -> None:
    desk = contradicted(desk_of("不赔我就曝光"))
    does(desk, AGENT, c.DemandEvidence(what="购买凭证"))
    does(desk, AGENT, c.PresumeMalice(reason="前后矛盾且威胁"))
    does(desk, SUPERVISOR, c.ReferToLegal(reason="勒索"))
    shown = [seen for entry in desk.journal if (seen := entry_for_customer(entry, desk.case)) is not None]
    kinds = {seen.event.kind for seen in shown}
    assert "evidence_demanded" in kinds
    assert not kinds & {"sign_noted", "malice_presumed", "referred_to_legal"}
    case = case_for_customer(desk.case)
    assert (case.signs, case.presumed, case.with_legal) == ((), False, False)


def test_the_story_says_who_noted_counted_or_found_a_sign() -> None:
    desk = contradicted(desk_of("不赔我就曝光"))
    entries = [entry for entry in desk.journal if isinstance(entry.event, j.SignNoted)]
    english = [tell(entry, desk.case, desk.pack, "en") for entry in entries]
    assert "A sign was found in the customer's words: a threat, “不赔我就曝光” (weight 3). [WRY-ABU-01]" in english[0]
    assert "Agent lin noted a sign: statements that contradict each other (weight 2)" in english[1]
    assert "客服 lin 记录恶意特征：陈述前后矛盾（权重 2）" in tell(entries[1], desk.case, desk.pack, "zh-CN")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("presumed_from = 5", "presumed_from = 50", "all [[abuse]] rows together weigh 9"),
        ('evidence_within = "proof"', 'evidence_within = "answer"', "unknown deadline 'answer'"),
        ('starts = ["evidence_demanded"]', 'starts = ["responded"]', 'must have starts = ["evidence_demanded"]'),
        ('refused_by = "manager"', 'refused_by = "agent"', "refused_by"),
        ('sign = "contradiction"', 'sign = "rudeness"', "sign"),
        ("at_least = 3\n", "", "`at_least` and `window` go together"),
        ('blame = ["customer", "carrier"]', "blame = []", "blame"),
        ('when = { group = "transport" }\nwords', 'when = { group = "transprot" }\nwords', "group is never 'transprot'"),
    ],
)
def test_a_row_that_makes_no_sense_is_told_with_its_line(old: str, new: str, told: str) -> None:
    text = changed(WARY.replace("LADDER", home().ladder[0].id), old, new)
    with pytest.raises(PackInvalid) as invalid:
        parse_pack(text, "wary.toml", home())
    assert [problem for problem in invalid.value.problems if told in problem.en and problem.line > 1], str(invalid.value)
