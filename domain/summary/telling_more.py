"""In words: the figures that appear only where there is something."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from domain.order import Locale
from domain.summary import headings
from domain.summary.figures import RouteFigures, Summary
from domain.summary.names import RECURRING

Line = tuple[str, list[str]]


def late_by(late: timedelta, locale: Locale) -> str:
    """How late what was done after all was, to the minute; nothing where nothing was."""
    if not late:
        return ""
    return f"，共迟 {spell(late)}" if locale == "zh-CN" else f", late by {spell(late)} in all"


def spell(late: timedelta) -> str:
    """Hours and minutes, such as 26:05; what is less than a minute is one."""
    minutes = max(1, round(late.total_seconds() / 60))
    return f"{minutes // 60}:{minutes % 60:02}"


def carriers(route: RouteFigures, locale: Locale) -> str:
    """How often each carrier was late on a route."""
    unknown = headings.NO_CARRIER.in_language(locale)
    return ("；" if locale == "zh-CN" else "; ").join(f"{each.carrier or unknown} {each.late}" for each in route.carriers)


def more_sections(summary: Summary, locale: Locale) -> Iterator[Line]:
    """Title and lines of each; without lines it is left out."""
    zh = locale == "zh-CN"
    colon = "：" if zh else ": "
    yield (
        headings.STAFF.in_language(locale),
        [
            f"{each.person}：属实 {each.found_true}，计入考核 {each.recorded}，辅导 {each.coached}"
            if zh
            else f"{each.person}: found true {each.found_true}, recorded {each.recorded}, coached {each.coached}"
            for each in summary.staff
        ],
    )
    yield (
        headings.DEPARTMENTS.in_language(locale),
        [f"{each.title.in_language(locale)}{colon}{each.count}" for each in summary.by_department],
    )
    yield (
        headings.RECURRING.in_language(locale),
        [
            f"{RECURRING[each.kind].in_language(locale)} {each.name.in_language(locale)}{colon}{each.count}"
            for each in summary.recurring
        ],
    )
    yield headings.REPEATING.in_language(locale), list(_repeating(summary, zh))
    yield headings.INCIDENTS.in_language(locale), list(_incidents(summary, zh))
    yield headings.TREND.in_language(locale), list(_trend(summary, locale))


def _repeating(summary: Summary, zh: bool) -> Iterator[str]:
    if summary.repeat_complainants:
        yield f"共 {summary.repeat_complainants} 位" if zh else f"In all: {summary.repeat_complainants}"
    for each in summary.repeating:
        yield f"{each.customer_id}：{each.complaints} 起" if zh else f"{each.customer_id}: {each.complaints}"


def _incidents(summary: Summary, zh: bool) -> Iterator[str]:
    told = summary.incidents
    if told is not None:
        yield (
            f"{told.incidents} 个事件，涉及投诉 {told.complaints} 起"
            if zh
            else f"Incidents: {told.incidents}, with {told.complaints} of the complaints"
        )


def _trend(summary: Summary, locale: Locale) -> Iterator[str]:
    told = summary.trend
    if told is None:
        return
    zh = locale == "zh-CN"
    yield (
        f"收到 {summary.received} 起，上期（{told.period}）{told.received} 起"
        if zh
        else f"Received {summary.received}; before ({told.period}) {told.received}"
    )
    for title, now, then in changes(summary, locale):
        yield f"{title}：{then} → {now}" if zh else f"{title}: {then} → {now}"


def changes(summary: Summary, locale: Locale) -> Iterator[tuple[str, int, int]]:
    """By category: what it is called, how many now, how many before; only what changed."""
    told = summary.trend
    if told is None:
        return
    now = {each.id: each for each in summary.by_category}
    then = {each.id: each for each in told.by_category}
    for id, each in {**then, **now}.items():
        counts = (now[id].count if id in now else 0, then[id].count if id in then else 0)
        if counts[0] != counts[1]:
            yield each.title.in_language(locale), *counts
