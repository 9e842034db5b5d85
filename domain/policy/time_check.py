"""Whether promises of named times, looks back and what asks partners make sense together."""

from __future__ import annotations

from collections.abc import Iterator

from domain.policy.pack import Pack
from domain.policy.rows import DeadlineRule
from domain.policy.vocabulary import NAMING_ENTRIES, executor_of

# (table, id) of the row at fault, and what is wrong in both languages.
Found = tuple[tuple[str, str], str, str]


def time_problems(pack: Pack) -> Iterator[Found]:
    """What no single row can say: named times with a ladder by shares, looks back that remind nobody."""
    for row in pack.deadline:
        if row.at is not None:
            yield from _named(pack, row)
        if any("ask_partner" in rung.do for rung in pack.ladder_of(row.ladder).rung):
            yield from _nobody_to_ask(pack, row)
    for rule in pack.follow_up:
        deadline = pack.deadline_of(rule.deadline)
        if deadline.starts != (rule.starts,) or "followed_up" not in deadline.met_by or deadline.scope != "complaint":
            en = f'deadline {deadline.id!r} of this follow-up needs starts = ["confirmed"] and met_by = ["followed_up"]'
            zh = f'该回访的时限“{deadline.id}”须写 starts = ["confirmed"]、met_by = ["followed_up"]'
            yield ("follow_up", rule.id), en, zh
    if pack.follow_up and not any("follow_up_due" in notice.on for notice in pack.notice):
        en = 'nobody is reminded when the time has come; add a [[notice]] with on = ["follow_up_due"], to = "owner"'
        zh = '到期时无人收到提醒，请增加 [[notice]]：on = ["follow_up_due"]、to = "owner"'
        yield ("follow_up", pack.follow_up[0].id), en, zh


def _nobody_to_ask(pack: Pack, row: DeadlineRule) -> Iterator[Found]:
    place = ("deadline", row.id)
    if row.scope != "step":
        en = f"deadline {row.id!r} is of no step, so ladder {row.ladder!r} has no partner to ask; use another ladder"
        yield place, en, f"时限“{row.id}”不属于步骤，阶梯“{row.ladder}”无合作方可催，请改用其他阶梯"
    for remedy in pack.remedy:
        for step in remedy.step:
            if step.deadline == row.id and executor_of(step.kind, step.by) in ("person", "none"):
                en = f"step {step.id!r} of remedy {remedy.id!r} is done by no partner whom ladder {row.ladder!r} could ask"
                yield place, en, f"方案“{remedy.id}”的步骤“{step.id}”不由合作方执行，阶梯“{row.ladder}”无合作方可催"


def _named(pack: Pack, row: DeadlineRule) -> Iterator[Found]:
    place = ("deadline", row.id)
    if row.pausable or row.scope == "step" or row.repeat:
        en = f"{row.id!r} is due at a named instant: it cannot be pausable, repeat, or belong to a step"
        yield place, en, f"“{row.id}”按约定时刻到期，不能设 pausable、repeat 或 scope = step"
    for entry in row.starts:
        if entry not in NAMING_ENTRIES:
            en = f"entry {entry!r} names no instant; start {row.id!r} with one of {', '.join(NAMING_ENTRIES)}"
            yield place, en, f"“{entry}”不含约定时刻，“{row.id}”的 starts 请选择：{'、'.join(NAMING_ENTRIES)}"
    if any(rung.place.percent is not None for rung in pack.ladder_of(row.ladder).rung):
        en = f"ladder {row.ladder!r} counts in shares of the time, which a named instant does not have; use durations"
        yield place, en, f"阶梯“{row.ladder}”按比例计算，约定时刻没有时长可分，请用时长（如 30m）"
