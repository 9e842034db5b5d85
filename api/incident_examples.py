"""Examples of commands to incidents, for the reference."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "name_team": {"lead": "pan", "members": ["ning", "production", "logistics"], "note": "联合调查"},
    "record_finding": {"cause": "冷链断链超过 6 小时", "lots": ["SM20261117A"], "final": True},
    "suspend_lot": {"lot": "SM20261117A", "reason": "等待检验结果"},
    "release_lot": {"lot": "SM20261117A", "reason": "检验合格"},
    "recall": {
        "lot": "SM20261117A",
        "reason": "微生物超标",
        "announcement": {"zh": "请停止食用并联系我们。", "en": "Please do not eat it, and call us."},
    },
    "publish_statement": {
        "text": {"zh": "正在调查，预计三日内公布结果。", "en": "We are looking into it and expect to know more in three days."},
        "expected_at": "2026-11-25T10:00:00+08:00",
    },
    "tell_members": {"text": {"zh": "退款将于今日到账。", "en": "Your refund arrives today."}},
    "grant_extra": {"kind": "extra_payment", "percent": "100", "reason": "双倍退款"},
    "approve_extra": {"number": 1, "note": "同意"},
    "refuse_extra": {"number": 1, "reason": "待检验结果"},
    "settle": {"effect": "recall-1", "action": "retry", "reason": "合作方已恢复"},
    "close": {"reason": "召回完成，原因已消除"},
}
