"""What the figures ask to be changed: each proposal says what it was read off, and under which clauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.policy.pack import Pack
from domain.policy.talk_rows import ReportRule
from domain.policy.wording import Wording
from domain.summary.figures import Improvement, PromiseFigures, Recurring, RouteFigures
from domain.summary.names import CAUSES, named
from domain.summary.tally import Tally

_NO_ROUTE_PROPOSAL = Wording(zh="查明这条线路为何经常延迟", en="Find out why this route is often late")
_NO_RECURRING_PROPOSAL = Wording(zh="查明原因并改进", en="Find out why, and mend it")
_RECURS = {"product": ("商品", "The product"), "lot": ("批次", "The lot"), "category": ("问题", "The trouble")}
# Nothing can be changed about these: nobody's fault, and a cause on the customer's side.
_NOT_OURS = ("nobody", "customer")


def improvements(
    report: ReportRule,
    routes: Sequence[RouteFigures],
    promises: Sequence[PromiseFigures],
    tally: Tally,
    recurring: Sequence[Recurring] = (),
) -> tuple[Improvement, ...]:
    """Of a report by route its flagged routes; of any other the weakest promise and the most frequent cause.

    What a row proposes is about each route or product that stands out; where it looks for none, it is proposed every time.
    """
    if report.by_route:
        return tuple(_route(each, report) for each in routes if each.flagged)
    every_time = [Improvement(kind="regular", clauses=report.clauses, text=report.proposal)] if report.proposal else []
    if report.recurring_at_least is not None:
        every_time = [_recurring(each, report) for each in recurring]
    return (*_promise(promises, report), *_cause(tally, report), *every_time)


def _recurring(each: Recurring, report: ReportRule) -> Improvement:
    proposal = report.proposal or _NO_RECURRING_PROPOSAL
    zh, en = _RECURS[each.kind]
    return Improvement(
        kind="recurring",
        clauses=report.clauses,
        text=Wording(
            zh=f"{zh}“{each.name.zh}”反复被投诉：{each.count} 起。{proposal.zh}",
            en=f"{en} “{each.name.en}” was complained of {each.count} times. {proposal.en}",
        ),
    )


def _route(route: RouteFigures, report: ReportRule) -> Improvement:
    proposal = report.proposal or _NO_ROUTE_PROPOSAL
    carriers = {language: _carriers(route, language) for language in ("zh", "en")}
    times = "once" if route.late == 1 else f"{route.late} times"
    return Improvement(
        kind="route",
        clauses=report.clauses,
        text=Wording(
            zh=f"线路 {route.origin} → {route.destination} 延迟 {route.late} 起（{carriers['zh']}）：{proposal.zh}",
            en=f"{route.origin} → {route.destination} was late {times} ({carriers['en']}). {proposal.en}",
        ),
    )


def _carriers(route: RouteFigures, language: str) -> str:
    unknown = "承运商不详" if language == "zh" else "carrier not known"
    between = "，" if language == "zh" else ", "
    return between.join(f"{each.carrier or unknown} {each.late}" for each in route.carriers)


def _promise(promises: Sequence[PromiseFigures], report: ReportRule) -> Iterator[Improvement]:
    """The promise most often missed; of several the one that was missed at the higher rate."""
    if not promises or not promises[0].missed:
        return
    worst = promises[0]
    among = worst.kept + worst.missed
    yield Improvement(
        kind="promise",
        clauses=tuple(dict.fromkeys(clause for clause in (worst.clause, *report.clauses) if clause)),
        text=Wording(
            zh=f"最常错过的时限是“{worst.title.zh}”：{among} 次中错过 {worst.missed} 次。先看人手是否足够、提醒是否够早",
            en=f"“{worst.title.en}” was missed most often: {worst.missed} of {among}. "
            "See first whether there are enough people and whether they are warned early enough",
        ),
    )


def _cause(tally: Tally, report: ReportRule) -> Iterator[Improvement]:
    """Who was most often liable, and for what most often."""
    ours = {cause: count for cause, count in tally.causes.items() if cause not in _NOT_OURS}
    if not ours:
        return
    cause = max(ours, key=lambda each: (ours[each], each))
    name, among = named(cause, CAUSES), tally.causes.total()
    found = {(fact, value): n for (liable, fact, value), n in tally.findings_of_cause.items() if liable == cause}
    most = max(found, key=lambda each: (found[each], each)) if found else None
    mostly = _finding(tally.pack, *most) if most else None
    yield Improvement(
        kind="cause",
        clauses=report.clauses,
        text=Wording(
            zh=f"最常见的责任方是{name.zh}：已认定的 {among} 起中占 {ours[cause]} 起"
            + (f"，多为“{mostly.zh}”" if mostly else "")
            + "。请与其商定改进措施，并在下次总结时核对",
            en=f"{name.en} was liable most often: {ours[cause]} of {among} assessed complaints"
            + (f", mostly “{mostly.en}”" if mostly else "")
            + ". Agree on measures there and look again in the next summary",
        ),
    )


def _finding(pack: Pack, fact: str, value: str) -> Wording:
    rule = pack.fact_of(fact)
    choice = next(each for each in rule.values if each.id == value)
    return Wording(zh=f"{rule.title.zh}：{choice.zh}", en=f"{rule.title.en}: {choice.en}")
