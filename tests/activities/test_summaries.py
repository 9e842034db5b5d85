"""A summary reaches every supervisor and manager once, whatever becomes of the mail of one of them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.contract import Summarise, SummaryReceipt
from activities.summaries import SummariesActivities
from adapters.errors import PartnerUnavailable
from adapters.mail import Letter, SmtpMail
from domain.policy.pack import Pack
from domain.summary.period import Period
from storage.database import Database, open_database
from storage.journal import Journal
from storage.packs import install_packs
from storage.summaries import Summaries
from tests.activities.conftest import Shelf, person, run
from tests.doubles import ROOT, MailSink
from tests.storage.stories import Story

NOVEMBER = Period(from_on=date(2026, 11, 1), to_on=date(2026, 12, 1), zone="Asia/Shanghai")


class _PartlyAway:
    """Takes letters for everybody but one."""

    def __init__(self, away_for: str) -> None:
        self.away_for: str | None = away_for
        self.sent: list[str] = []

    async def send(self, letter: Letter) -> None:
        if letter.to == self.away_for:
            raise PartnerUnavailable("mail", "not now")
        self.sent.append(letter.to)


def _ask(pack: Pack, report: str = "transport_summary", key: str = "review") -> Summarise:
    return Summarise(
        tenant="shop", pack=pack.ref, pack_digest=pack.digest, report=report, period=NOVEMBER, key=key
    )  # fmt: skip


def _staff(name: str) -> tuple[str, ...]:
    return (
        person("ann", "agent", f'email = "ann.{name}@shop.example"'),
        person("sue", "supervisor", f'email = "sue.{name}@shop.example"'),
        person("max", "manager", f'email = "max.{name}@shop.example"\nlocale = "en"'),
        person("mia", "manager"),
        person("gus", "general_manager", f'email = "gus.{name}@shop.example"'),
    )


@pytest.fixture
def name() -> str:
    return f"n{uuid.uuid4().hex[:10]}"


@pytest.mark.clause("HOM-SUM-01")
async def test_supervisors_and_managers_get_it_in_their_own_language(
    shelf: Shelf, pack: Pack, database: Database, mail_sink: MailSink, name: str
) -> None:
    shelf.write(*_staff(name))
    story = Story("shop")
    await Journal(database).record(story.entries, story.case)
    activities = SummariesActivities(
        shelf.tenants, Summaries(database), lambda _: SmtpMail("127.0.0.1", mail_sink.smtp_port, "care@shop.example")
    )
    receipt = await run(activities.summarise, _ask(pack))
    assert receipt == SummaryReceipt(sent_to=("sue", "max"), unreached=("mia",), received=1, improvements=0)
    (chinese,) = mail_sink.mails(f"sue.{name}@shop.example")
    (english,) = mail_sink.mails(f"max.{name}@shop.example")
    assert chinese["subject"] == "小店 | 运输投诉总结：2026-11-01 – 2026-11-30"
    assert english["subject"] == "Shop | Summary of transport complaints, 2026-11-01 – 2026-11-30"
    assert "- 货物损坏：1" in chinese["text"]
    assert "- Goods damaged in transport: 1" in english["text"]
    for other in ("ann", "gus"):
        assert mail_sink.mails(f"{other}.{name}@shop.example") == []

    # Tried again as if nothing were known of the first time: the same Message-ID, which the reader's mail shows once.
    await run(activities.summarise, _ask(pack))
    again = mail_sink.mails(f"sue.{name}@shop.example")
    assert len({each["message_id"] for each in again}) == 1
    await run(activities.summarise, _ask(pack, key="asked for again"))
    assert len({each["message_id"] for each in mail_sink.mails(f"sue.{name}@shop.example")}) == 2


async def test_a_second_attempt_writes_only_to_those_who_have_not_got_it(
    shelf: Shelf, pack: Pack, database: Database, name: str
) -> None:
    shelf.write(*_staff(name))
    mail: Any = _PartlyAway(f"max.{name}@shop.example")
    activities = SummariesActivities(shelf.tenants, Summaries(database), lambda _: mail)
    environment, told = ActivityEnvironment(), []
    environment.on_heartbeat = lambda *details: told.append(details)
    with pytest.raises(ApplicationError) as error:
        await environment.run(activities.summarise, _ask(pack))
    assert (error.value.type, error.value.non_retryable) == ("PartnerUnavailable", False)
    assert told == [("sue",)]

    mail.away_for = None
    second = ActivityEnvironment()
    second.info = second.info.__class__(**{**second.info.__dict__, "heartbeat_details": ["sue"], "attempt": 2})
    receipt = await second.run(activities.summarise, _ask(pack))
    assert receipt.sent_to == ("sue", "max")
    assert mail.sent == [f"sue.{name}@shop.example", f"max.{name}@shop.example"]


async def test_what_is_missing_is_told_by_type(shelf: Shelf, pack: Pack, database: Database, tmp_path: Any, name: str) -> None:
    mail: Any = _PartlyAway("nobody")
    empty = open_database(f"sqlite+aiosqlite:///{tmp_path}/empty.db")
    try:
        for reader, asked, expected in (
            (Summaries(database), _ask(pack), "TenantMissing"),
            (Summaries(database), _ask(pack, "weekly"), "PackMissing"),
            (Summaries(empty), _ask(pack), "DatabaseAway"),
        ):
            with pytest.raises(ApplicationError) as error:
                await run(SummariesActivities(shelf.tenants, reader, lambda _: mail).summarise, asked)
            assert (error.value.type, error.value.non_retryable) == (expected, False)
            shelf.write(*_staff(name))
    finally:
        await empty.close()
    assert mail.sent == []


@pytest.mark.clause("HOM-SUM-01")
async def test_it_comes_as_a_page_with_a_workbook(shelf: Shelf, pack: Pack, database: Database, name: str) -> None:
    shelf.write(*_staff(name))
    letters: list[Letter] = []

    class Kept:
        async def send(self, letter: Letter) -> None:
            letters.append(letter)

    await run(SummariesActivities(shelf.tenants, Summaries(database), lambda _: Kept()).summarise, _ask(pack))
    supervisor, manager = letters
    assert supervisor.html is not None
    assert '<html lang="zh-CN">' in supervisor.html
    assert manager.html is not None
    assert '<html lang="en">' in manager.html
    assert [file.name for file in supervisor.attachments] == ["transport_summary-2026-11-01.xlsx"]
    assert supervisor.attachments[0].content.startswith(b"PK")


@pytest.mark.clause("FOO-FBK-06")
async def test_what_recurs_is_reported_to_production_and_quality_without_anybodys_name(
    shelf: Shelf, database: Database, name: str
) -> None:
    food = next(each for each in install_packs(ROOT / "policies") if each.ref == "food@2026-11")
    departments = (
        f'[[departments]]\nid = "{each}"\nname = {{ zh = "{each}", en = "{each}" }}\nemail = "{each}@shop.example"\n\n'
        for each in ("production", "quality", "logistics")
    )
    shelf.write(*departments, *_staff(name))
    mail: Any = _PartlyAway("nobody")
    activities = SummariesActivities(shelf.tenants, Summaries(database), lambda _: mail)
    for filed in (1, 2):
        await Journal(database).record((story := Story("shop")).entries, story.case)
        receipt = await run(activities.summarise, _ask(food, "recurring", f"after {filed}"))
        assert receipt.departments == ()

    letters: list[Letter] = []

    class Kept:
        async def send(self, letter: Letter) -> None:
            letters.append(letter)

    await Journal(database).record((story := Story("shop")).entries, story.case)
    receipt = await run(
        SummariesActivities(shelf.tenants, Summaries(database), lambda _: Kept()).summarise, _ask(food, "recurring")
    )
    assert receipt.departments == ("department/production", "department/quality")
    texts = {letter.to: letter.text for letter in letters}
    assert "反复出现\n\n- 问题 transport_damage：3" in texts["production@shop.example"]
    # One customer complained three times: the supervisor reads who.
    assert "c-1：3 起" in texts[f"sue.{name}@shop.example"]
    assert "c-1" not in texts["quality@shop.example"]
