"""Notices: the pack's text in the reader's language, on every channel the reader has. Customers: by mail, or else by SMS."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from pydantic import SecretStr, ValidationError
from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity

from activities.contract import Notice, NoticeReceipt, NoticeReceipts, Notices, SendNotices
from activities.decision_links import DecisionLinks, where_to_look
from activities.errors import no_row, of_partner, pinned_pack, tenant_for
from activities.precedence import Precedence
from adapters.chat import Chat, Message
from adapters.errors import PartnerError, PartnerRefused
from adapters.mail import Letter, Mail
from domain.actor import Role
from domain.calendar import calendar_of
from domain.delegation import Delegation, decides
from domain.order import Customer, Locale
from domain.policy.pack import Pack
from domain.policy.talk_rows import NoticeRule
from domain.tenant import Staff, Tenant
from storage.tenants import TenantShelf
from telemetry import metrics

# The longest time between two attempts, by the retry policy of those who ask.
_LONGEST_WAIT = timedelta(minutes=6)
# E.164 has at most 15 digits. ASCII only: \d would take the digits of every script.
_NUMBER = re.compile(r"\+?[0-9]{5,15}")
# What people wrote may end its own sentence, before the full stop of the text that it stands in.
_ENDED_TWICE = re.compile(r"([。！？!?]|(?<!\.)\.)[。.](?![.\w])")
# The delegations of a company that hold at an instant.
Holding = Callable[[str, datetime], Awaitable[Sequence[Delegation]]]


@dataclass(frozen=True)
class _Way:
    """One channel of one reader. `id` is stable and tells no address: it names the way in receipts and at the next attempt.

    `kind` is email, chat or sms; the address of an sms is empty where the number can not be one. `person` is set where nobody
    else reads it.
    """

    id: str
    kind: str
    address: str
    locale: Locale
    person: str | None = None


class NoticesActivities(Notices):
    """`mail` gives the mail system that writes in a tenant's name, `holding` who decides on proposals in whose place."""

    def __init__(
        self,
        tenants: TenantShelf,
        mail: Callable[[Tenant], Mail],
        chat: Chat,
        precedence: Precedence | None = None,
        links: DecisionLinks | None = None,
        holding: Holding | None = None,
    ) -> None:
        self._links = links or DecisionLinks()
        self._holding = holding
        self._tenants = tenants
        self._precedence = precedence or Precedence()
        self._mail = mail
        self._chat = chat

    @activity.defn
    async def send_notices(self, batch: SendNotices) -> NoticeReceipts:
        """One way that fails for good stops no other; one that fails for now is tried again, alone, while there is time.

        Raises ApplicationError TenantMissing, PackMissing, or the error of a partner that may still take it.
        """
        tenant = tenant_for(self._tenants, batch.tenant)
        pack = pinned_pack(batch.pack, batch.pack_digest)
        mail = self._mail(tenant)
        # What an earlier attempt has sent: chats would show it again, a mail would only be recognised by its Message-ID.
        sent = set(activity.info().heartbeat_details)
        receipts: list[NoticeReceipt] = []
        waiting: PartnerError | None = None
        await self._precedence.after()
        for notice in batch.notices:
            rule = _rule(pack, notice)
            told = _Told()
            for way in _ways(notice, rule, tenant, await self._delegates(notice, tenant)):
                mark = f"{notice.key}/{way.id}"
                try:
                    if mark not in sent:
                        await self._send(way, notice, rule, mail, self._decision_link(way, notice, tenant))
                        sent.add(mark)
                        metrics.notices.labels(way.kind, "sent").inc()
                        activity.heartbeat(*sorted(sent))
                except PartnerRefused as error:
                    told.failures.append(f"{way.id}: {error.code}")
                    metrics.notices.labels(way.kind, "refused").inc()
                except PartnerError as error:
                    told.failures.append(str(error))
                    metrics.notices.labels(way.kind, "failed").inc()
                    waiting = error
                else:
                    told.channels.append(way.kind)
            receipts.append(told.receipt())
        if waiting is not None and not _last_attempt():
            raise of_partner(waiting) from waiting
        return NoticeReceipts(receipts=tuple(receipts))

    async def _delegates(self, notice: Notice, tenant: Tenant) -> tuple[Staff, ...]:
        """Who decides today in the place of those who are asked to; nobody while the database is away, for mail does not wait."""
        if notice.decision is None or self._holding is None:
            return ()
        asked = {person.id for person in tenant.staff_with(notice.to)} - {notice.without}
        try:
            holding = await self._holding(tenant.id, datetime.now(UTC))
        except (SQLAlchemyError, OSError):
            return ()
        found = (tenant.person(each.to_person) for each in holding if each.from_person in asked)
        return tuple(person for person in found if person is not None and person.id != notice.without)

    def _decision_link(self, way: _Way, notice: Notice, tenant: Tenant) -> str:
        """A link in a mail that one approver reads; everywhere else, where to look: whoever holds a link decides with it."""
        if notice.decision is not None and way.kind == "email" and way.person is not None and decides((notice.to,)):
            link = self._links.to(tenant.id, way.person, notice.decision)
            if link is not None:
                return link
        return where_to_look(notice.decision, way.locale)

    async def _send(self, way: _Way, notice: Notice, rule: NoticeRule, mail: Mail, decision_link: str) -> None:
        if not way.address:
            raise PartnerRefused(way.kind, "bad_phone", "this is no telephone number")
        subject, body = _text(notice, rule, way.locale, decision_link)
        try:
            if way.kind in ("chat", "sms"):
                await self._chat.send(Message(channel=SecretStr(way.address), title=subject, body=body))
            else:
                key = f"{notice.key}/{way.id}"
                await mail.send(Letter(key=key, to=way.address, subject=subject, text=body, locale=way.locale))
        except ValidationError as error:
            # Told without the value: it may be an address.
            fields = ", ".join(str(each["loc"][0]) for each in error.errors())
            raise PartnerRefused(way.kind, f"bad_{fields}", f"{way.kind} cannot be sent: {fields}") from None


@dataclass
class _Told:
    """How far one notice has come."""

    channels: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def receipt(self) -> NoticeReceipt:
        if self.channels:
            return NoticeReceipt(channels=tuple(dict.fromkeys(self.channels)))
        why = ", ".join(self.failures) or "no e-mail address and no chat is known / 没有可用的邮箱或聊天地址"
        return NoticeReceipt(failed=why[:300])


def _last_attempt() -> bool:
    """Whether another attempt would come too late, so that what is known now is the answer."""
    info = activity.info()
    if info.schedule_to_close_timeout is None:
        return False
    waited = info.current_attempt_scheduled_time - info.scheduled_time
    return waited + _LONGEST_WAIT >= info.schedule_to_close_timeout


def _rule(pack: Pack, notice: Notice) -> NoticeRule:
    for rule in pack.notice:
        if rule.id == notice.notice:
            return rule
    raise no_row(pack, "notice", notice.notice)


def _text(notice: Notice, rule: NoticeRule, locale: Locale, decision_link: str) -> tuple[str, str]:
    worded = {name: words.in_language(locale) for name, words in notice.worded.items()}
    fields = {**notice.fields, **worded, "decision_link": decision_link}
    try:
        subject, body = (text.in_language(locale).format_map(fields) for text in (rule.subject, rule.body))
    except KeyError as error:
        raise PartnerRefused("notice", "incomplete", f"{rule.id} names {error}, which was not given") from error
    return " ".join(subject.split()), _ENDED_TWICE.sub(r"\1", body).strip()


def _ways(notice: Notice, rule: NoticeRule, tenant: Tenant, delegates: Sequence[Staff] = ()) -> Iterator[_Way]:
    if notice.to is Role.CUSTOMER:
        if notice.customer is not None:
            yield from _ways_to_customer(notice.customer, tenant)
        return
    readers = _readers(notice, tenant)
    if notice.department is not None:
        office = next((each for each in tenant.departments if each.id == notice.department), None)
        # A shared address is read whoever is there; its people are written to where there is none.
        if office is not None and office.email:
            yield _Way(f"email:{office.id}", "email", office.email, tenant.locale)
        if office is not None and office.chat:
            yield _Way(f"chat:{office.id}", "chat", office.chat, tenant.locale)
        if office is not None and (office.email or office.chat):
            return
    for person in {each.id: each for each in (*readers, *delegates)}.values():
        locale = person.locale or tenant.locale
        if person.email:
            yield _Way(f"email:{person.id}", "email", person.email, locale, person.id)
        if person.chat:
            yield _Way(f"chat:{person.id}", "chat", person.chat, locale, person.id)
    if "escalated" in rule.on:
        for number, room in enumerate(tenant.notifications.chats, 1):
            yield _Way(f"chat:room-{number}", "chat", room, tenant.locale)


def _ways_to_customer(customer: Customer, tenant: Tenant) -> Iterator[_Way]:
    """By mail where there is an address, else by text message where the company has a channel for them."""
    if customer.email:
        yield _Way("email:customer", "email", customer.email, customer.locale)
    elif customer.phone and tenant.notifications.sms:
        yield _Way("sms:customer", "sms", _texting(tenant.notifications.sms, customer.phone), customer.locale)


def _texting(template: str, phone: str) -> str:
    """The channel to this number. What a customer typed must not lead anywhere else: the number alone gets in, encoded, and
    without spaces and hyphens, at which channels would take it apart."""
    number = re.sub(r"[ -]", "", phone)
    return template.replace("{phone}", quote(number, safe="")) if _NUMBER.fullmatch(number) else ""


def _readers(notice: Notice, tenant: Tenant) -> tuple[Staff, ...]:
    """The person or their stand-in, or everybody who acts in the role today; the absent one when nobody stands in."""
    today = calendar_of(tenant).local_date(datetime.now(UTC))
    if notice.person is None:
        acting = tenant.acting(notice.to, today, notice.department, notice.without)
        return acting or tuple(each for each in tenant.staff_with(notice.to, notice.department) if each.id != notice.without)
    reader = tenant.stand_in(notice.person, today, notice.without) or tenant.person(notice.person)
    return (reader,) if reader is not None and reader.id != notice.without else ()
