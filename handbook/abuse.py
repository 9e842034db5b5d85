"""Complaints that may not be honest, and the knowledge base, as a reader of the procedure sees them."""

from __future__ import annotations

from collections.abc import Iterator

from domain.policy.abuse_rows import AbuseRule, EvidenceRule, MaliceRule
from domain.story.abuse import SIGNS
from domain.story.handling import LIABLE
from handbook import names
from handbook.reader import Reader


def abuse(r: Reader) -> Iterator[str]:
    """The signs with their weights, what they may lead to, and who may be blamed on evidence only."""
    for row in r.pack.abuse:
        sign = r.say(*SIGNS[row.sign])
        yield r.say(
            f"- **{r.word(row.title)}**: {sign}; {_told(r, row)}weight {row.weight} ({r.clauses(row.clauses)}).",
            f"- **{r.word(row.title)}**：{sign}；{_told(r, row)}权重 {row.weight}（{r.clauses(row.clauses)}）。",
        )
    if r.pack.malice is not None:
        yield from _malice(r, r.pack.malice)
    if r.pack.evidence is not None:
        yield _evidence(r, r.pack.evidence)


def _told(r: Reader, row: AbuseRule) -> str:
    if row.words:
        return r.say(f"found in {_words(r, row.words)}; ", f"文字中出现 {_words(r, row.words)}；")
    if row.at_least is not None and row.window is not None:
        window = r.length(row.window)
        return r.say(f"{row.at_least} or more complaints within {window}; ", f"{window}内达 {row.at_least} 起；")
    return ""


def _words(r: Reader, words: tuple[str, ...]) -> str:
    """The phrases that this reader can read; a Chinese one is no help in an English document."""
    readable = words if r.locale == "zh-CN" else tuple(each for each in words if each.isascii())
    return " / ".join(readable) or "the customer's words"


def _evidence(r: Reader, row: EvidenceRule) -> str:
    who = r.list(r.say(*LIABLE[each]) for each in row.blame)
    untrue = r.say("; the same to find a complaint untrue", "；认定投诉不成立亦同") if row.unfounded else ""
    found = r.say(f"; and to find: {r.when(row.when)}", f"；以及认定：{r.when(row.when)}") if row.when else ""
    return r.say(
        f"- Found liable on attached evidence only: {who}{untrue}{found} ({r.clauses(row.clauses)}).",
        f"- 认定以下各方责任须附证据：{who}{untrue}{found}（{r.clauses(row.clauses)}）。",
    )


def _malice(r: Reader, row: MaliceRule) -> Iterator[str]:
    proof = r.pack.deadline_of(row.evidence_within) if row.evidence_within else None
    late = r.say(f", or once the time of {r.word(proof.title)} is over", f"，或“{r.word(proof.title)}”逾期") if proof else ""
    by = r.clauses(row.clauses)
    yield r.say(
        f"- A person may presume malice from a score of {row.presumed_from}{late} ({by}).",
        f"- 得分达 {row.presumed_from}{late}时，可由人员推定为恶意投诉（{by}）。",
    )
    refused, legal = r.named(row.refused_by, names.ROLES), r.named(row.legal, names.ROLES)
    yield r.say(
        f"- Refused as malicious only when presumed, by: {refused}. Referred with the whole file to: {legal} ({by}).",
        f"- 推定后方可由{refused}以恶意投诉拒绝；可连同全部材料移交{legal}（{by}）。",
    )
    if row.blacklist is not None:
        b = row.blacklist
        clause = b.clause or row.clause
        enters, removes = r.named(b.decided_by, names.ROLES), r.named(b.removed_by, names.ROLES)
        yield r.say(
            f"- Blacklist: entered by a {enters}, for {b.days_max} days at most; another person ({removes}) removes an entry and "
            f"decides on appeals. Nothing is refused by itself ({clause}).",
            f"- 黑名单：由{enters}决定，最长 {b.days_max} 天；由另一人（{removes}）移除并处理申诉。"
            f"系统不自动拒绝任何事项（{clause}）。",
        )


def articles(r: Reader) -> Iterator[str]:
    """Each article with where it is offered."""
    for row in r.pack.article:
        about = [r.when(row.when)] if row.when else []
        about += [_words(r, row.words)] if row.words else []
        where = f" ({r.say('; ', '；').join(about)})" if about else ""
        link = f" <{row.link}>" if row.link else ""
        text = r.word(row.text).replace("\n", " ")
        yield r.say(
            f"- **{r.word(row.title)}**{where}: {text}{link} ({r.clauses(row.clauses)})",
            f"- **{r.word(row.title)}**{where}：{text}{link}（{r.clauses(row.clauses)}）",
        )
