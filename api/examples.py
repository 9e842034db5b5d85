"""Examples in the API reference: bodies that a stranger can send as they are to the demo tenant."""

from __future__ import annotations

from typing import Any

from fastapi.openapi.models import Example

_PHOTO = {
    "uri": "s3://evidence/2026/11/21/0001.jpg",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "media_type": "image/jpeg",
    "size": 482113,
    "note": "crack over the whole slab",
}

INTAKES: dict[str, Example] = {
    "transport_damage": {
        "summary": "Goods damaged in transit",
        "value": {
            "category": "transport_damage",
            "channel": "hotline",
            "customer": {"name": "王小明", "phone": "13800000001", "email": "wang@example.com", "locale": "zh-CN"},
            "content": "石材在运输途中破裂，无法使用。",
            "expectation": "全额退款",
            "order_number": "SO-2026-0001",
            "evidence": [_PHOTO],
        },
    },
    "transport_delay": {
        "summary": "Goods late",
        "value": {
            "category": "transport_delay",
            "channel": "online",
            "customer": {"name": "Ana Souza", "email": "ana@example.com", "locale": "en"},
            "content": "My order was promised for last Friday and has not arrived.",
            "expectation": "Tell me when it comes, or give the money back.",
            "order_number": "SO-2026-0002",
        },
    },
}

# The bodies of commands whose fields do not speak for themselves.
COMMANDS: dict[str, dict[str, Any]] = {
    "respond": {"message": "您的投诉已记录，今天 18:00 前会有专人核实并回复您。"},
    "order_inspection": {"note": "请检查台面裂缝的位置和长度"},
    "report_visit": {
        "step": "inspection-7",
        "findings": "台面有一条贯穿裂缝",
        "corrected": False,
        "evidence": [_PHOTO],
    },
    "verify": {"founded": True, "findings": "承运方签收照片显示包装破损", "sources": ["carrier: SF-1234567890", "warehouse log"]},
    "assess": {"facts": {"damage": "severe"}, "liable": "carrier", "note": "包装完好出库"},
    "propose": {"choices": [{"step": "compensation", "percent": "15"}], "reason": "老客户，且影响装修进度"},
    "approve": {"number": 1, "note": "同意"},
    "send_back": {"number": 1, "reason": "请先核实是否可以换货"},
    "refuse": {"number": 1, "reason": "客户未提供破损照片，责任无法认定"},
    "accept": {"number": 1},
    "decline": {"number": 1, "reason": "希望换货而不是退款"},
    "appeal": {"number": 1, "grounds": "破损为整块断裂，应按严重损坏处理"},
    "complete_step": {"step": "claim", "note": "承运方已赔付，索赔结案"},
    "settle_step": {"step": "refund", "action": "retry", "reason": "支付渠道已恢复"},
    "report_progress": {"message": "退款已提交银行，预计 1 至 3 个工作日到账。"},
    "record_callback": {"answered": False, "note": "无人接听", "next_at": "2026-11-23T10:00:00+08:00"},
    "confirm": {"satisfied": True, "rating": 5, "comment": "处理很及时"},
    "attach_evidence": {"evidence": [_PHOTO]},
    "pause": {"reason": "等待客户补充照片", "until_at": "2026-11-24T09:00:00+08:00"},
    "resume": {"reason": "客户已补充照片"},
    "hand_over": {"to": "zhao", "reason": "熟悉该客户的订单"},
    "take_over": {},
    "decline_hand_over": {"reason": "今天不当班"},
    "give_opinion": {"opinion": "仓库发货时漏检，建议补发并致歉", "responsible": "仓库三班"},
    "escalate": {"to": "supervisor", "reason": "客户要求主管回电"},
    "acknowledge": {"note": "已知悉，正在处理"},
    "withdraw": {"reason": "问题已自行解决"},
    "reopen": {"reason": "退款一直没有到账"},
    "note_sign": {"sign": "contradiction", "note": "先称未收到货，后称收到的是坏货"},
    "demand_evidence": {"what": "购买凭证和带批号的外包装照片"},
    "presume_malice": {"reason": "两次陈述相互矛盾，且未在期限内提供购买凭证"},
    "refer_to_legal": {"reason": "客户以曝光相要挟，索要十倍赔偿"},
    "promise_time": {"about": "callback", "at": "2026-11-24T15:00:00+08:00", "note": "客户方便的时间"},
    "record_follow_up": {"answered": True, "satisfied": True, "note": "使用正常，没有再出现问题"},
    "answer_survey": {"answers": {"solved": "yes", "service": "good"}, "comment": "谢谢"},
    "reclassify": {
        "category": "transport_loss",
        "urgent_causes": ["superior_asks"],
        "answer_by_at": "2026-11-24T17:00:00+08:00",
        "reason": "承运商确认包裹丢失；监管部门要求限时答复",
    },
    "close_by_decision": {"outcome": "explanation_accepted", "reason": "客户接受说明，不再要求赔偿"},
}
