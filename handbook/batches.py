"""Many complaints of one thing, as a reader of the procedure sees them: what counts together and what the lead may decide."""

from __future__ import annotations

from collections.abc import Iterator

from domain.budget import parse_duration
from domain.policy.batch_rows import SAME_DAY, BatchRule, ExtraRule
from handbook import names
from handbook.reader import Reader, number


def batches(r: Reader) -> Iterator[str]:
    """One line a row, and below it what its lead may decide."""
    for row in r.pack.batch:
        alike = r.list(r.named(key, names.BATCH_KEYS) for key in row.key)
        where = f" ({r.when(row.when)})" if row.when else ""
        many = r.say("; or ", "；或").join(_how_many(r, row))
        yield r.say(
            f"- **{r.word(row.title)}**{where}: alike in {alike}; {many} ({r.clauses(row.clauses)}).",
            f"- **{r.word(row.title)}**{where}：{alike}相同；{many}（{r.clauses(row.clauses)}）。",
        )
        yield from (f"  - {line}" for line in _decisions(r, row))


def _how_many(r: Reader, row: BatchRule) -> Iterator[str]:
    if row.window == SAME_DAY:
        en, zh = "on one day", "同一天内"
    else:
        length = r.length(parse_duration(row.window))
        en, zh = f"within {length}", f"{length}内"
    if row.threshold is not None:
        yield r.say(f"{row.threshold} or more {en}", f"{zh}达 {row.threshold} 起")
    if row.rise is not None:
        times, least, weeks = number(row.rise.factor), row.rise.at_least, row.rise.weeks
        yield r.say(
            f"{least} or more {en} and {times} times as many as in the {weeks} weeks before",
            f"{zh}达 {least} 起且为前 {weeks} 周同期平均的 {times} 倍",
        )


def _decisions(r: Reader, row: BatchRule) -> Iterator[str]:
    if row.urgent:
        yield r.say("every complaint of it becomes urgent", "其中每起投诉均转为紧急")
    lead = r.named(row.lead, names.ROLES)
    team = r.list(row.team)
    yield r.say(f"led by: {lead}", f"牵头：{lead}") + (r.say(f"; with {team}", f"；参与部门：{team}") if team else "")
    for what, en, zh in (
        ("suspension", "the sale of a lot may be stopped", "可暂停批次销售"),
        ("recall", "a lot may be recalled", "可召回批次"),
        ("statement", "a statement may be published", "可公开说明"),
    ):
        allowed = getattr(row, what)
        if allowed is not None:
            yield r.say(f"{en} ({allowed.clause})", f"{zh}（{allowed.clause}）")
    if row.extra is not None:
        yield _extra(r, row.extra)


def _extra(r: Reader, extra: ExtraRule) -> str:
    kinds = r.list(r.named(kind, names.KINDS) for kind in extra.kinds)
    limits = [f"{number(extra.percent_max)} %"] if extra.percent_max is not None else []
    limits += [f"{number(amount)} {currency}" for currency, amount in extra.amount_max.items()]
    limits += [r.say(f"{extra.points_max} points", f"{extra.points_max} 分")] if extra.points_max is not None else []
    most = r.say(f", each at most {r.list(limits)}", f"，每起最多 {r.list(limits)}") if limits else ""
    by = r.named(extra.approved_by, names.ROLES)
    return r.say(
        f"on top for every complaint: {kinds}{most}; approved by: {by} ({extra.clause})",
        f"可对每起投诉额外补偿：{kinds}{most}；审批：{by}（{extra.clause}）",
    )
