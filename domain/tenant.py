"""A tenant: one company that uses Redress, with its procedure, its hours, its people and its ways to reach them."""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from domain.actor import Role
from domain.money import Currency
from domain.order import Locale
from domain.public_holidays import is_country
from domain.service_hours import Hours, OpeningDay, OwnDay, ServiceHours, Weekday, WeeklyHours, covers, fault
from domain.webhooks import Secret, Subscription

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$", description="Lower-case letters, digits, - _ and dots.")]
PackRef = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*@\d{4}-\d{2}[a-z0-9.-]*$", description="Such as home@2026-11.")]
Address = Annotated[str, Field(pattern=r"^https?://[^\s/]+\S*$", description="Begins with http:// or https://.")]
Chat = Annotated[str, Field(pattern=r"^[a-z][a-z0-9+.-]*://\S+$", description="An Apprise address, such as wecombot://key.")]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
# What the file may say; customer, intake and system are no people of the company.
StaffRole = Literal[
    "agent", "senior_agent", "department", "supervisor", "manager", "general_manager", "risk_control", "legal", "operator",
    "administrator",
]  # fmt: skip


def _known_zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:  # unknown; not a name; the name of a folder, such as Asia
        en = f'"{zone}" is no IANA time zone; write one such as Asia/Shanghai'
        raise fault(en, f"“{zone}”不是 IANA 时区；请写例如 Asia/Shanghai") from error
    return zone


def _known_country(code: str) -> str:
    if not is_country(code):
        en = f'no holidays are known for "{code}"; write an ISO code such as CN'
        raise fault(en, f"没有“{code}”的节假日数据；请写 ISO 代码，例如 CN")
    return code


def _takes_a_phone(template: str) -> str:
    # Told without the value: it may hold the channel's secret.
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*://\S+", template) or re.findall(r"\{[^{}]*\}", template) != ["{phone}"]:
        en = "must be an Apprise address with {phone} in the number's place, once, such as twilio://sid:token@from/{phone}"
        raise fault(en, "应为 Apprise 地址，并在号码处写一次 {phone}，例如 twilio://sid:token@from/{phone}")
    return template


class _Part(BaseModel):
    # Errors are told by `tenant_file`, which keeps secrets to itself; pydantic would repeat whatever was written.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True, hide_input_in_errors=True)


class Name(_Part):
    """A name in both languages."""

    zh: str = Field(min_length=1, max_length=80)
    en: str = Field(min_length=1, max_length=80)

    def in_(self, locale: str) -> str:
        return self.zh if locale.startswith("zh") else self.en


class Absence(_Part):
    """A run of local days, both ends included, on which a person is away."""

    from_on: date = Field(alias="from")
    to_on: date = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to_on < self.from_on:
            raise fault("to lies before from", "to 早于 from")
        return self


class Staff(_Part):
    """A person of the company. `stand_in` names who acts for them while they are absent."""

    id: Id
    name: str = Field(min_length=1, max_length=80)
    roles: tuple[StaffRole, ...] = Field(min_length=1)
    department: Id | None = None
    email: Email | None = None
    chat: Chat | None = Field(default=None, repr=False)
    locale: Locale | None = Field(default=None, description="Language of notices to this person; default: the tenant's.")
    stand_in: Id | None = None
    supervisor: Id | None = Field(default=None, description="Who handles complaints about this person.")
    absent: tuple[Absence, ...] = ()

    def is_absent(self, on: date) -> bool:
        """Whether the person is away on that local day."""
        return any(away.from_on <= on <= away.to_on for away in self.absent)


class Department(_Part):
    """A department that complaints can be handed to."""

    id: Id
    name: Name
    email: Email | None = None
    chat: Chat | None = Field(default=None, repr=False)


class Notifications(_Part):
    """The company's own channels; what is left out comes from the settings."""

    mail_from: Email | None = None
    chats: tuple[Chat, ...] = Field(default=(), repr=False, description="Rooms that hear of every escalation.")
    sms: Annotated[str, AfterValidator(_takes_a_phone)] | None = Field(
        default=None, repr=False, description="Apprise address with {phone}: texts to customers who gave no e-mail address."
    )


_Secrets = Annotated[tuple[Secret, ...], Field(repr=False, max_length=4)]


class PartnerSecrets(_Part):
    """What each of this company's partners signs its news with, so that none of them can speak for another."""

    logistics: _Secrets = ()
    payments: _Secrets = ()
    benefits: _Secrets = ()
    accounts: _Secrets = ()
    lots: _Secrets = ()


class PartnerAddresses(_Part):
    """Where this company's partner systems answer; what is left out comes from the settings."""

    orders: Address | None = None
    logistics: Address | None = None
    payments: Address | None = None
    benefits: Address | None = None
    accounts: Address | None = None
    lots: Address | None = None
    webhook_secrets: tuple[Secret, ...] = Field(
        default=(),
        repr=False,
        max_length=4,
        description="Its partners sign their news with one of these, and nobody else's count.",
    )
    secrets: PartnerSecrets = Field(default=PartnerSecrets(), repr=False)

    def secrets_of(self, system: str) -> tuple[str, ...]:
        """With what this system signs: with its own, or with what all of the company's partners share. Empty: with what those of
        all companies do."""
        own = getattr(self.secrets, system) if system in PartnerSecrets.model_fields else ()
        return own or self.webhook_secrets

    @property
    def sharing_the_secret(self) -> tuple[str, ...]:
        """Systems at an address of the company's own that sign with what partners of other companies know too."""
        return tuple(each for each in PartnerSecrets.model_fields if getattr(self, each) and not self.secrets_of(each))


class Tenant(_Part):
    """One company's file, checked. Every figure that depends on the company and not on the procedure stands here."""

    id: Id
    name: Name
    pack: PackRef
    variants: tuple[PackRef, ...] = Field(default=(), description="Further packs that a complaint may be opened under.")
    zone: Annotated[str, AfterValidator(_known_zone)]
    currency: Currency
    locale: Locale = "zh-CN"
    service_hours: WeeklyHours
    working_week: tuple[Weekday, ...] = Field(default=("mon", "tue", "wed", "thu", "fri"), min_length=1)
    holidays: Annotated[str, AfterValidator(_known_country)] | None = Field(default=None, description="ISO code, such as CN.")
    known_until: int | None = Field(
        default=None, ge=2000, le=2100, description="Last year whose make-up workdays the company has entered as its own days."
    )
    closing_days: tuple[OwnDay, ...] = ()
    opening_days: tuple[OpeningDay, ...] = ()
    departments: tuple[Department, ...] = ()
    staff: tuple[Staff, ...] = Field(min_length=1)
    notifications: Notifications = Notifications()
    partners: PartnerAddresses = PartnerAddresses()
    webhooks: tuple[Subscription, ...] = Field(default=(), description="Who else hears what happens to its complaints.")

    @cached_property
    def hours(self) -> ServiceHours:
        """What the calendar is made of."""
        return ServiceHours(
            zone=self.zone, weekly=self.service_hours, working_week=self.working_week, country=self.holidays,
            known_until=self.known_until, closing_days=self.closing_days, opening_days=self.opening_days,
        )  # fmt: skip

    def person(self, staff_id: str) -> Staff | None:
        return next((each for each in self.staff if each.id == staff_id), None)

    def subscription(self, webhook_id: str) -> Subscription | None:
        return next((each for each in self.webhooks if each.id == webhook_id), None)

    def staff_with(self, role: Role | str, department: str | None = None) -> tuple[Staff, ...]:
        """Those who hold the role themselves, in the order of the file, in that department where one is given."""
        wanted = str(role)
        return tuple(each for each in self.staff if wanted in each.roles and department in (None, each.department))

    def stand_in(self, staff_id: str, on: date, without: str | None = None) -> Staff | None:
        """Who acts on that local day for the person: they themselves when present, else the first present along the chain of
        stand-ins; None when the whole chain is absent or the person is unknown. `without` is passed over like an absent one."""
        each = self.person(staff_id)
        while each is not None and (each.is_absent(on) or each.id == without):
            each = self.person(each.stand_in) if each.stand_in else None
        return each

    def acting(self, role: Role | str, on: date, department: str | None = None, without: str | None = None) -> tuple[Staff, ...]:
        """Who acts in the role on that local day, each person once: the present ones and the stand-ins of the absent ones.

        `without` never acts; where nobody else holds the role, whoever stands in for them does.
        """
        holders = self.staff_with(role, department)
        others = tuple(each for each in holders if each.id != without) or holders
        found = (self.stand_in(each.id, on, without) for each in others)
        return tuple({each.id: each for each in found if each is not None}.values())


def uncovered_hours(tenant: Tenant) -> tuple[str, Hours] | None:
    """The first day of the table whose hours reach beyond those of the working day that may take its place.

    A make-up workday or an opening day must never leave less time than the free day it replaces: it would make a deadline later.
    """
    hours, weekly = tenant.hours, tenant.service_hours
    free = {day: weekly.of(day) for day in ("sat", "sun", "mon", "tue", "wed", "thu", "fri") if day not in tenant.working_week}
    for name, narrow in {**free, "holiday": weekly.holiday}.items():
        if not covers(hours.make_up_hours, narrow):
            return name, hours.make_up_hours
    for day in tenant.working_week:
        if not covers(weekly.of(day), weekly.holiday):
            return "holiday", weekly.of(day)
    return None
