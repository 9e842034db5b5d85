"""A decision link goes to one approver's own mailbox and nowhere else."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from activities.contract import DecisionAsked, Notice, SendNotices
from activities.decision_links import DecisionLinks
from activities.notices import Holding, NoticesActivities
from adapters.chat import AppriseChat
from adapters.mail import SmtpMail
from domain.actor import Role
from domain.delegation import Delegation
from domain.policy import registry
from domain.policy.wording import Wording
from tests.activities.conftest import Shelf, person, run
from tests.domain.shop import shop
from tests.doubles import MailSink

SECRET = "a secret for tests of 32 characters or more"
ASKED = DecisionAsked(complaint_id="cmp_1", number=2)
LOOK = "open proposal 2 of complaint cmp_1 in your complaint system"


@pytest.fixture
def name() -> str:
    """A name of this test alone, for addresses and chat channels."""
    return f"n{uuid.uuid4().hex[:10]}"


async def send(
    shelf: Shelf,
    sink: MailSink,
    *,
    to: Role = Role.SUPERVISOR,
    base: str = "https://redress.example",
    holding: Holding | None = None,
    without: str | None = None,
) -> None:
    registry.install([shop()])
    links = DecisionLinks(base, SECRET)
    activities = NoticesActivities(
        shelf.tenants,
        lambda tenant: SmtpMail("127.0.0.1", sink.smtp_port, "care@redress.example"),
        AppriseChat(),
        None,
        links,
        holding,
    )
    notice = Notice(
        notice="approval_wanted", key=f"cmp_{uuid.uuid4().hex[:26]}/approval_wanted/1", to=to, fields={"complaint_id": "cmp_1"},
        worded={"plan": Wording(zh="补偿", en="Amends")}, decision=ASKED, without=without,
    )  # fmt: skip
    await run(activities.send_notices, SendNotices(tenant="shop", pack=shop().ref, pack_digest=shop().digest, notices=(notice,)))


@pytest.mark.clause("LOY-FLW-05")
async def test_each_approver_gets_a_link_of_their_own(shelf: Shelf, mail_sink: MailSink, name: str) -> None:
    shelf.write(*(person(id, "supervisor", f'email = "{name}-{id}@shop.example"\nlocale = "en"') for id in ("ann", "bob")))
    await send(shelf, mail_sink)
    texts = [mail_sink.mails(f"{name}-{id}@shop.example")[0]["text"] for id in ("ann", "bob")]
    assert all("Decide: https://redress.example/v1/decisions/" in text for text in texts)
    assert len({text.split("/v1/decisions/")[1] for text in texts}) == 2


async def test_a_chat_tells_where_to_look(shelf: Shelf, mail_sink: MailSink, name: str) -> None:
    shelf.write(person("ann", "supervisor", f'chat = "{mail_sink.chat_url(name)}"\nlocale = "en"'))
    await send(shelf, mail_sink)
    told = str(mail_sink.chat(name))
    assert LOOK in told
    assert "/v1/decisions/" not in told


@pytest.mark.parametrize(("to", "base"), [(Role.AGENT, "https://redress.example"), (Role.SUPERVISOR, "")])
async def test_who_decides_on_nothing_or_where_no_address_is_set_gets_no_link(
    shelf: Shelf, mail_sink: MailSink, name: str, to: Role, base: str
) -> None:
    shelf.write(person("ann", to, f'email = "{name}@shop.example"\nlocale = "en"'))
    await send(shelf, mail_sink, to=to, base=base)
    (mail,) = mail_sink.mails(f"{name}@shop.example")
    assert LOOK in mail["text"]
    assert "/v1/decisions/" not in mail["text"]


async def test_without_the_database_the_approvers_are_written_to_all_the_same(
    shelf: Shelf, mail_sink: MailSink, name: str
) -> None:
    async def away(tenant: str, at: datetime) -> Sequence[Delegation]:
        raise OperationalError("select", {}, Exception("away"))

    shelf.write(person("ann", "supervisor", f'email = "{name}@shop.example"'))
    await send(shelf, mail_sink, holding=away)
    assert len(mail_sink.mails(f"{name}@shop.example")) == 1


async def test_who_stands_for_an_approver_is_written_to_and_for_nobody_else(shelf: Shelf, mail_sink: MailSink, name: str) -> None:
    now = datetime.now(UTC)

    async def holding(tenant: str, at: datetime) -> Sequence[Delegation]:
        pairs = (("ann", "cem"), ("mia", "dan"), ("ann", "gone"))
        return [
            Delegation(
                delegation_id=delegate, from_person=giver, to_person=delegate, from_at=now, until_at=now + timedelta(days=1),
                reason="x", made_by=giver, made_at=now,
            )
            for giver, delegate in pairs
        ]  # fmt: skip

    roles = {"ann": "supervisor", "cem": "agent", "dan": "agent", "mia": "manager"}
    shelf.write(*(person(id, role, f'email = "{name}-{id}@shop.example"') for id, role in roles.items()))
    await send(shelf, mail_sink, holding=holding)
    assert {id: len(mail_sink.mails(f"{name}-{id}@shop.example")) for id in roles} == {"ann": 1, "cem": 1, "dan": 0, "mia": 0}
    await send(shelf, mail_sink, holding=holding, without="cem")
    told = {id: len(mail_sink.mails(f"{name}-{id}@shop.example")) for id in roles}
    assert told == {"ann": 2, "cem": 1, "dan": 0, "mia": 0}, "whoever is complained of stands for nobody"
