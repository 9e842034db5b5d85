"""What a finding rests on: pieces of evidence by their SHA-256, and whom a pack lets be blamed on evidence only."""

from __future__ import annotations

from collections.abc import Sequence

from domain.case import Case
from domain.commands import Verify
from domain.policy.abuse_rows import EvidenceRule
from domain.policy.conditions import Facts, matches
from domain.policy.pack import Pack
from domain.policy.vocabulary import Liable
from domain.refusal import Refusal
from domain.story.handling import LIABLE


def check_blame(case: Case, pack: Pack, liable: Liable, facts: Facts, rests_on: Sequence[str]) -> None:
    """Raises Refusal when whoever is found liable may be blamed on evidence only and none that is attached is named.

    `facts` are the whole finding: some need evidence whoever is liable.
    """
    check_known(case, rests_on)
    rule = pack.evidence
    if rule is None or rests_on:
        return
    if liable in rule.blame:
        en, zh = LIABLE[liable]
        raise _missing(case, rule, f"认定责任在{zh}", f"To find {en} liable")
    if _asks(rule, facts):
        raise _missing(case, rule, "此项认定", "For this finding")


def check_verified(case: Case, pack: Pack, command: Verify) -> None:
    """The same for finding that a complaint is not true, where the pack asks for it."""
    check_known(case, command.rests_on)
    rule = pack.evidence
    if rule is not None and rule.unfounded and not command.founded and not command.rests_on:
        raise _missing(case, rule, "认定投诉不成立", "To find the complaint untrue")


def check_known(case: Case, rests_on: Sequence[str]) -> None:
    """Raises Refusal `evidence_unknown` for a piece that is not attached."""
    attached = {piece.sha256 for piece in case.evidence}
    for place, digest in enumerate(rests_on):
        if digest not in attached:
            raise Refusal(
                "evidence_unknown",
                field=f"rests_on[{place}]",
                zh="该证据未附于本投诉，请先以 attach_evidence 添加",
                en="this piece is not attached to the complaint; add it first with attach_evidence",
            )


def _missing(case: Case, rule: EvidenceRule, zh: str, en: str) -> Refusal:
    have_zh = f"已附 {len(case.evidence)} 份，请选择" if case.evidence else "尚无附件，请先以 attach_evidence 添加"
    have = f"choose of the {len(case.evidence)} attached" if case.evidence else "none is attached, so add it with attach_evidence"
    return Refusal(
        "evidence_missing",
        field="rests_on",
        zh=f"{zh}须有证据（{rule.clause}）：请在 rests_on 中写明所依据证据的 SHA-256（{have_zh}）",
        en=f"{en}, evidence is needed ({rule.clause}): name in rests_on the SHA-256 of the pieces it rests on; {have}",
    )


def clauses(pack: Pack, liable: str, facts: Facts) -> tuple[str, ...]:
    """What asks for evidence behind such a finding."""
    rule = pack.evidence
    return rule.clauses if rule is not None and (liable in rule.blame or _asks(rule, facts)) else ()


def _asks(rule: EvidenceRule, facts: Facts) -> bool:
    return bool(rule.when) and matches(rule.when, facts)
