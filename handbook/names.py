"""What a reader calls the things that packs name by id: entries, steps, actions, fields and built-in facts."""

from __future__ import annotations

from domain.policy.wording import Wording
from domain.story import teller


def _w(en: str, zh: str) -> Wording:
    return Wording(en=en, zh=zh)


ROLES = {role.value: _w(en.removeprefix("the "), zh) for role, (en, zh) in teller.ROLES.items()}
READERS = {
    **ROLES,
    "owner": _w("owner", "负责人"),
    "approver": _w("approver", "审批人"),
    "escalated_to": _w("whom the ladder names", "升级对象"),
    "offered_to": _w("who is to take it over", "拟接手人"),
}
OUTCOMES: dict[str, Wording] = {id: _w(en, zh) for id, (en, zh) in teller.OUTCOMES.items()}

# As a cause: "first response: from <entry>, kept by <entry>".
ENTRIES = {
    "received": _w("receipt", "受理"),
    "order_checked": _w("the order's check", "订单核对"),
    "assigned": _w("assignment", "分派"),
    "responded": _w("the first response", "首次回应"),
    "inspection_ordered": _w("the order to look on site", "安排现场核实"),
    "visit_reported": _w("the report of the visit", "上门结果"),
    "verified": _w("the finding whether it is true", "核实"),
    "assessed": _w("the assessment", "认定"),
    "proposed": _w("the plan", "提出方案"),
    "approval_asked": _w("the request for approval", "提请审批"),
    "approved": _w("approval", "批准"),
    "sent_back": _w("the plan sent back", "退回方案"),
    "refused": _w("the plan refused", "驳回方案"),
    "offered": _w("the offer to the customer", "向客户提出方案"),
    "accepted": _w("the customer's yes", "客户同意"),
    "declined": _w("the customer's no", "客户不同意"),
    "appealed": _w("the customer's appeal", "客户申诉"),
    "step_ordered": _w("the step's order", "步骤下达"),
    "step_done": _w("the step's completion", "步骤完成"),
    "step_failed": _w("the step's failure", "步骤失败"),
    "step_settled": _w("the decision on a failed step", "对失败步骤的决定"),
    "call_off_asked": _w("the wish to call a step off", "要求撤回步骤"),
    "call_off_refused": _w("a step that could not be called off", "步骤无法撤回"),
    "progress_reported": _w("word on progress", "进度反馈"),
    "carried_out": _w("completion of the plan", "方案执行完毕"),
    "callback_attempted": _w("a call back", "回访"),
    "confirmed": _w("the customer's word on the result", "客户确认结果"),
    "evidence_attached": _w("new evidence", "补充证据"),
    "paused": _w("a pause", "暂停"),
    "resumed": _w("the end of a pause", "恢复"),
    "handed_over": _w("the hand-over", "移交"),
    "escalated_by_hand": _w("an escalation by hand", "人工升级"),
    "withdrawn": _w("withdrawal", "撤回"),
    "reopened": _w("reopening", "重新受理"),
    "closed": _w("the end", "结案"),
    "command_refused": _w("a refused command", "被拒绝的操作"),
    "deadline_set": _w("a promise set", "设定时限"),
    "deadline_moved": _w("a promise moved", "时限变更"),
    "deadline_met": _w("a promise kept", "时限履行"),
    "deadline_missed": _w("a promise missed", "时限逾期"),
    "deadline_dropped": _w("a promise dropped", "时限取消"),
    "escalated": _w("an escalation", "升级"),
    "acknowledged": _w("an acknowledgement", "确认知悉"),
    "notice_sent": _w("a notice sent", "通知已发"),
    "notice_failed": _w("a notice that reached nobody", "通知未达"),
    "consulted": _w("the question to a department", "征询责任部门"),
    "opinion_given": _w("the department's opinion", "责任部门反馈意见"),
    "hand_over_offered": _w("the offer to hand over", "提出移交"),
    "hand_over_declined": _w("a hand-over turned down", "拒绝接手"),
    "incident_joined": _w("joining an incident", "并入批量事件"),
    "extra_granted": _w("extra compensation by an incident", "批量事件的额外补偿"),
    "incident_told": _w("a message to all of an incident", "批量事件统一告知"),
    "lot_suspended": _w("the stop of a lot's sale", "批次暂停销售"),
    "lot_released": _w("the release of a lot", "批次恢复销售"),
}
ACTIONS = {
    "notify": _w("is told", "收到通知"),
    "raise": _w("the priority rises", "提高优先级"),
    "hand_over": _w("takes the complaint over", "接手投诉"),
}
KINDS = {
    "refund": _w("refund", "退款"),
    "discount": _w("discount", "折扣"),
    "extra_payment": _w("extra payment", "赔付"),
    "coupon": _w("coupon", "优惠券"),
    "gift": _w("gift", "礼品"),
    "points": _w("points", "积分"),
    "reship": _w("reshipment", "补发"),
    "exchange": _w("exchange", "换货"),
    "return": _w("return", "退货"),
    "collection": _w("collection", "取回"),
    "new_invoice": _w("new invoice", "重开发票"),
    "cod_restriction": _w("cash on delivery restricted", "限制货到付款"),
    "cod_restoration": _w("cash on delivery restored", "恢复货到付款"),
    "account_freeze": _w("account frozen", "冻结账户"),
    "account_release": _w("account released", "解冻账户"),
    "inspection_visit": _w("look on site", "现场核实"),
    "repair_visit": _w("repair on site", "上门维修"),
    "rectification_visit": _w("put right on site", "上门整改"),
    "reinstallation": _w("new installation", "重新安装"),
    "explain": _w("explanation", "说明"),
    "apology": _w("apology", "致歉"),
    "carrier_claim": _w("claim against the carrier", "承运商索赔"),
    "replace_installer": _w("another installer", "更换安装人员"),
    "internal_report": _w("internal report", "内部报告"),
    "task": _w("task", "任务"),
    "void_waybill": _w("waybill voided", "作废运单"),
    "listing_correction": _w("listing corrected", "更正商品信息"),
    "sample_test": _w("sample tested", "样品检测"),
    "eligibility": _w("eligibility granted", "恢复资格"),
    "goodwill_call": _w("goodwill call", "致电安抚"),
}
EXECUTORS = {
    "software": _w("by the software", "由系统执行"),
    "person": _w("by a person", "由人员执行"),
    "partner": _w("by a partner", "由合作方执行"),
    "advice": _w("as advice", "作为提示"),
}
CARRIERS = {
    "intake": _w("intake", "受理"),
    "verification": _w("verification", "核实"),
    "assessment": _w("assessment", "认定"),
    "proposal": _w("the plan", "方案"),
    "agreement": _w("agreement with the customer", "与客户商定"),
    "carrying_out": _w("carrying out", "执行"),
    "closing": _w("closing", "结案"),
    "journal": _w("the journal", "处理记录"),
    "reports": _w("summaries", "报表"),
    "assignment": _w("assignment", "分派"),
    "incident": _w("incidents", "批量事件"),
    "follow_up": _w("follow-up", "跟踪回访"),
    "people": _w("people", "人员"),
    "abuse": _w("malicious complaints", "恶意投诉"),
    "knowledge": _w("the knowledge base", "知识库"),
}
FIELDS = {
    "contact": _w("telephone number or e-mail", "电话或邮箱"),
    "order_number": _w("order number", "订单号"),
    "expectation": _w("wanted outcome", "客户期望"),
    "installation_address": _w("installation address", "安装地址"),
    "content": _w("content", "投诉内容"),
    "origin": _w("where the goods leave", "发货地"),
    "destination": _w("where they go", "收货地"),
    "evidence": _w("evidence", "证据"),
}
FACTS = {
    "category": _w("category", "类别"),
    "group": _w("group", "大类"),
    "level": _w("level", "级别"),
    "channel": _w("channel", "渠道"),
    "step_kind": _w("kind of step", "步骤类型"),
    "outcome": _w("outcome", "结案方式"),
    "founded": _w("founded", "投诉成立"),
    "satisfied": _w("customer satisfied", "客户满意"),
    "answered": _w("call answered", "电话接通"),
    "department": _w("department consulted last", "最近征询的部门"),
    "presumed": _w("presumed malicious", "推定恶意"),
    "batch": _w("part of an incident", "属于批量事件"),
}
VALUES = {
    "normal": _w("normal", "一般"),
    "urgent": _w("urgent", "紧急"),
    "hotline": _w("hotline", "热线"),
    "email": _w("e-mail", "邮件"),
    "online": _w("online service", "在线客服"),
    "app": _w("app", "应用"),
    "shop": _w("shop", "门店"),
    "social": _w("social media", "社交媒体"),
    **OUTCOMES,
    **KINDS,
}
# What complaints of a batch have in common.
BATCH_KEYS = {
    "category": _w("category", "类别"),
    "group": _w("group", "大类"),
    "product": _w("product", "产品"),
    "lot": _w("lot", "批次"),
    "region": _w("region", "地区"),
    "order_origin": _w("where the goods left", "发货地"),
}
