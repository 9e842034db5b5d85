"""The tenant's calendar: which days are working days, and which stretches of time are service.

Two ideas are kept apart. A *working day* is what T+n counts: the working week, without public holidays and own closing days, with
make-up workdays (调休) and own opening days. *Service hours* are when somebody is there, which may include weekends. All counting
is done in UTC on each day's stretches, so that a change of the clocks can neither add nor lose time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.explanation import DayKind
from domain.public_holidays import PublicHoliday, holiday_year, known_until, last_known_day
from domain.service_hours import WEEKDAYS, OpeningDay, OwnDay, ServiceHours, minutes_of
from domain.tenant import Tenant

Span = tuple[datetime, datetime]

_ONE_DAY = timedelta(days=1)
_ZERO = timedelta(0)
_PLAIN = PublicHoliday(zh="", en="")
# A company may close for a season; a calendar without service for longer than this is a mistake, not a wait.
_LONGEST_CLOSURE = 800


class CalendarError(Exception):
    """The calendar can not answer: no service in sight."""

    def __init__(self, after: date) -> None:
        super().__init__(f"no service within {_LONGEST_CLOSURE} days after {after}; check service_hours and closing_days")
        self.zh = f"{after} 之后 {_LONGEST_CLOSURE} 天内没有服务时间，请检查 service_hours 和 closing_days"


@dataclass(frozen=True)
class ServiceDay:
    """One local day: whether it counts for T+n, why, and its stretches of service in UTC (ends excluded, in order)."""

    on: date
    working: bool
    kind: DayKind
    name: PublicHoliday
    intervals: tuple[Span, ...]

    @property
    def close_at(self) -> datetime:
        return self.intervals[-1][1]


class ServiceCalendar:
    """Days and service time of one tenant. Days are computed once and kept; instants are aware, answers are UTC."""

    def __init__(self, hours: ServiceHours) -> None:
        self.zone = ZoneInfo(hours.zone)
        self._hours = hours
        self._closing = _by_day(hours.closing_days)
        self._opening = _by_day(hours.opening_days)
        self._days: dict[date, ServiceDay] = {}
        library = known_until(hours.country) if hours.country else None
        own = last_known_day(hours.known_until) if hours.known_until else None
        self.known_until: date | None = max(library, own) if library and own else library

    def beyond_known(self, instant: datetime) -> bool:
        """Whether the instant lies past the days whose make-up workdays are announced or entered by the company."""
        return self.known_until is not None and self.local_date(instant) > self.known_until

    def local_date(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def is_working_day(self, day: date) -> bool:
        """Whether T+n counts the day."""
        return self.day(day).working

    def day(self, day: date) -> ServiceDay:
        """The day with its reason and its stretches of service."""
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = self._make(day)
        return known

    def service_intervals(self, day: date) -> tuple[Span, ...]:
        """The stretches of service of one local day, in UTC."""
        return self.day(day).intervals

    def spans_from(self, start_at: datetime) -> Iterator[Span]:
        """Stretches of service from an instant on, the first one cut; without end. Raises CalendarError when none is in sight."""
        day = last_served = self.local_date(start_at)
        while True:
            for begin, end in self.service_intervals(day):
                if end > start_at:
                    last_served = day
                    yield max(begin, start_at), end
            if (day - last_served).days > _LONGEST_CLOSURE:
                raise CalendarError(last_served)
            day += _ONE_DAY

    def add_service_time(self, start_at: datetime, budget: timedelta) -> datetime:
        """The first instant at which that much service time has passed; for none, the first instant of service."""
        for begin, end in self.spans_from(start_at.astimezone(UTC)):
            if budget <= end - begin:
                return begin + budget
            budget -= end - begin
        raise AssertionError("spans_from ends only by raising")

    def service_time_between(self, from_at: datetime, until_at: datetime) -> timedelta:
        """Service time from one instant to a later one; zero when it is not later."""
        total, day, last = _ZERO, self.local_date(from_at), self.local_date(until_at)
        while day <= last:
            for begin, end in self.service_intervals(day):
                total += max(min(end, until_at) - max(begin, from_at), _ZERO)
            day += _ONE_DAY
        return total

    def working_days_after(self, received_at: datetime) -> Iterator[ServiceDay]:
        """The working days after the local day of receipt; without end. Raises CalendarError when none is in sight."""
        day = last_worked = self.local_date(received_at)
        while True:
            day += _ONE_DAY
            found = self.day(day)
            if found.working:
                last_worked = day
                yield found
            elif (day - last_worked).days > _LONGEST_CLOSURE:
                raise CalendarError(last_worked)

    def close_of_working_day(self, received_at: datetime, n: int) -> datetime:
        """T+n: close of service on the n-th working day after the day of receipt (n from 1)."""
        if n < 1:
            raise ValueError("T+n counts from 1")
        return next(day.close_at for place, day in enumerate(self.working_days_after(received_at), 1) if place == n)

    def same_day(self, received_at: datetime) -> datetime:
        """Close of service today, or, received after closing or on a day without service, of the next day with service."""
        begin, _ = next(self.spans_from(received_at.astimezone(UTC)))
        return self.day(self.local_date(begin)).close_at

    def _make(self, day: date) -> ServiceDay:
        working, kind, name, hours = self._ruling(day)
        spans = ((self._instant(day, begin), self._instant(day, end)) for begin, end in map(minutes_of, hours))
        served = tuple(span for span in spans if span[0] < span[1])
        # A change of the clocks can swallow a short day whole; what has no close of service is no working day.
        return ServiceDay(day, working and bool(served), kind, name, served)

    def _ruling(self, day: date) -> tuple[bool, DayKind, PublicHoliday, tuple[str, ...]]:
        """The company's own days come before the public calendar, make-up workdays before holidays, holidays before the week."""
        hours, weekday = self._hours, WEEKDAYS[day.weekday()]
        in_week = weekday in hours.working_week
        workday_hours = hours.weekly.of(weekday) if in_week else hours.make_up_hours
        if closed := self._closing.get(day):
            return False, "closing_day", PublicHoliday(zh=closed.reason_zh, en=closed.reason_en), ()
        opened = self._opening.get(day)
        if isinstance(opened, OpeningDay):
            own = workday_hours if opened.hours is None else opened.hours
            return True, "opened", PublicHoliday(zh=opened.reason_zh, en=opened.reason_en), own
        if hours.country:
            public = holiday_year(hours.country, day.year)
            if made_up := public.made_up.get(day):
                return True, "workday" if in_week else "made_up", made_up, workday_hours
            if holiday := public.off.get(day):
                return False, "holiday", holiday, hours.weekly.holiday
        return in_week, "workday" if in_week else "weekend", _PLAIN, hours.weekly.of(weekday)

    def _instant(self, day: date, minutes: int) -> datetime:
        """A wall time of a local day as UTC. A time that the clocks skip is the instant of the skip; of two, the first."""
        wall = datetime.combine(day, time(), tzinfo=self.zone) + timedelta(minutes=minutes)
        found = wall.astimezone(UTC)
        if found.astimezone(self.zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
            return found
        low, high = wall.replace(fold=1).astimezone(UTC), found
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) // 2
            before_skip = middle.astimezone(self.zone).utcoffset() == wall.utcoffset()
            low, high = (middle, high) if before_skip else (low, middle)
        return high.replace(microsecond=0)


def _by_day(own: tuple[OwnDay, ...]) -> dict[date, OwnDay]:
    return {each.first + timedelta(days=offset): each for each in own for offset in range((each.last - each.first).days + 1)}


@lru_cache(maxsize=128)
def _calendar_of(hours: ServiceHours) -> ServiceCalendar:
    return ServiceCalendar(hours)


def calendar_of(tenant: Tenant) -> ServiceCalendar:
    """The tenant's calendar; the same one as long as the tenant's hours and days stay the same."""
    return _calendar_of(tenant.hours)
