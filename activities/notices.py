"""Notices: the pack's text in the reader's language, on every channel the reader has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import SecretStr, ValidationError
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contract import Notice, NoticeReceipt, NoticeReceipts, Notices, SendNotices
from activities.errors import no_row, of_partner, pinned_pack, tenant_for
from adapters.chat import Chat, Message
from adapters.errors import PartnerError, PartnerRefused
from adapters.mail import Letter, Mail
from domain.actor import Role
from domain.calendar import calendar_of
from domain.order import Locale
from domain.policy.pack import Pack
from domain.policy.talk_rows import NoticeRule
from domain.tenant import Staff, Tenant
from storage.tenants import TenantShelf


@dataclass(frozen=True)
class _Way:
    """One channel of one reader. `id` is stable and tells no address: it names the way in receipts and at the next attempt."""

    id: str
    kind: str
    address: str
    locale: Locale


class NoticesActivities(Notices):
    """`mail` gives the mail system that writes in a tenant's name."""

    def __init__(self, tenants: TenantShelf, mail: Callable[[Tenant], Mail], chat: Chat) -> None:
        self._tenants = tenants
        self._mail = mail
        self._chat = chat

    @activity.defn
    async def send_notices(self, batch: SendNotices) -> NoticeReceipts:
        """One way that fails for good stops no other; what fails for now is tried again, alone.

        Raises the partners' errors while a notice may still succeed.
        """
        tenant = tenant_for(self._tenants, batch.tenant)
        pack = pinned_pack(batch.pack, batch.pack_digest)
        mail = self._mail(tenant)
        # What an earlier attempt has sent: chats would show it again, a mail would only be recognised by its Message-ID.
        sent: list[str] = list(activity.info().heartbeat_details)
        waiting: list[PartnerError] = []
        receipts: list[NoticeReceipt] = []
        for notice in batch.notices:
            rule = _rule(pack, notice)
            receipts.append(await self._deliver(notice, rule, tenant, mail, sent, waiting))
        if waiting:
            raise of_partner(waiting[0]) from waiting[0]
        return NoticeReceipts(receipts=tuple(receipts))

    async def _deliver(
        self, notice: Notice, rule: NoticeRule, tenant: Tenant, mail: Mail, sent: list[str], waiting: list[PartnerError]
    ) -> NoticeReceipt:
        """Send one notice on all ways of its readers; notes what was sent in `sent`, and what may yet succeed in `waiting`."""
        reached: list[str] = []
        refused: list[str] = []
        for way in _ways(notice, rule, tenant):
            mark = f"{notice.key}/{way.id}"
            if mark not in sent:
                try:
                    await self._send(way, notice, rule, mail)
                except PartnerRefused as error:
                    refused.append(f"{way.id}: {error.code}")
                    continue
                except PartnerError as error:
                    waiting.append(error)
                    continue
                sent.append(mark)
                activity.heartbeat(*sent)
            reached.append(way.kind)
        if reached:
            return NoticeReceipt(channels=tuple(dict.fromkeys(reached)))
        return NoticeReceipt(failed=", ".join(refused) or "no e-mail address and no chat is known / 没有可用的邮箱或聊天地址")

    async def _send(self, way: _Way, notice: Notice, rule: NoticeRule, mail: Mail) -> None:
        subject, body = _text(notice, rule, way.locale)
        try:
            if way.kind == "chat":
                await self._chat.send(Message(channel=SecretStr(way.address), title=subject, body=body))
            else:
                key = f"{notice.key}/{way.id}"
                await mail.send(Letter(key=key, to=way.address, subject=subject, text=body, locale=way.locale))
        except ValidationError as error:
            # Told without the value: it may be an address.
            fields = ", ".join(str(each["loc"][0]) for each in error.errors())
            raise PartnerRefused(way.kind, f"bad_{fields}", f"{way.kind} cannot be sent: {fields}") from None


def _rule(pack: Pack, notice: Notice) -> NoticeRule:
    for rule in pack.notice:
        if rule.id == notice.notice:
            return rule
    raise no_row(pack, "notice", notice.notice)


def _text(notice: Notice, rule: NoticeRule, locale: Locale) -> tuple[str, str]:
    worded = {name: words.in_language(locale) for name, words in notice.worded.items()}
    fields = {**notice.fields, **worded}
    try:
        subject, body = (text.in_language(locale).format_map(fields) for text in (rule.subject, rule.body))
    except KeyError as error:
        raise ApplicationError(
            f"notice {rule.id} names {error}, which was not given", type="NoticeIncomplete", non_retryable=True
        ) from error
    return " ".join(subject.split()), body


def _ways(notice: Notice, rule: NoticeRule, tenant: Tenant) -> Iterator[_Way]:
    if notice.to is Role.CUSTOMER:
        if notice.customer is not None and notice.customer.email:
            yield _Way("email:customer", "email", notice.customer.email, notice.customer.locale)
        return
    for person in _readers(notice, tenant):
        locale = person.locale or tenant.locale
        if person.email:
            yield _Way(f"email:{person.id}", "email", person.email, locale)
        if person.chat:
            yield _Way(f"chat:{person.id}", "chat", person.chat, locale)
    if "escalated" in rule.on:
        for number, room in enumerate(tenant.notifications.chats, 1):
            yield _Way(f"chat:room-{number}", "chat", room, tenant.locale)


def _readers(notice: Notice, tenant: Tenant) -> tuple[Staff, ...]:
    """The person or their stand-in, or everybody who acts in the role today; the absent one when nobody stands in."""
    today = calendar_of(tenant).local_date(datetime.now(UTC))
    if notice.person is None:
        return tenant.acting(notice.to, today) or tenant.staff_with(notice.to)
    reader = tenant.stand_in(notice.person, today) or tenant.person(notice.person)
    return (reader,) if reader is not None else ()
