"""What a person calls the fields that a category may require, and where they stand."""

from __future__ import annotations

# Where a required thing of the packs stands in the intake, and what a person calls it.
PLACES: dict[str, tuple[str, str, str]] = {
    "contact": ("customer", "联系方式（phone 或 email）", "contact: phone or email"),
    "customer.customer_id": ("customer.customer_id", "客户编号", "the customer's id"),
    "order_number": ("order_number", "订单号", "the order number"),
    "expectation": ("expectation", "客户期望的处理结果", "what the customer wants done"),
    "installation_address": ("installation_address", "安装地址", "the installation address"),
    "evidence": ("evidence", "凭证（照片或视频）", "evidence (photographs or video)"),
    "product": ("product", "产品信息", "what the product is"),
    "product.sku": ("product.sku", "商品编号", "the number of the article"),
    "product.name": ("product.name", "产品名称", "the name of the product"),
    "product.specification": ("product.specification", "规格", "the specification"),
    "product.lot": ("product.lot", "批号", "the lot number"),
    "product.produced_on": ("product.produced_on", "生产日期", "the production date"),
    "occurred_at": ("occurred_at", "发生时间", "when it happened"),
    "bought_through": ("bought_through", "购买渠道", "where it was bought"),
    "address": ("address", "地址", "the address"),
    "region": ("region", "地区", "the region"),
    "against": ("against", "被投诉方", "whom the complaint is against"),
    "against_staff": ("against_staff", "被投诉的员工", "the employee complained of"),
    "member_tier": ("member_tier", "会员等级", "the member's tier"),
    "urgent_causes": ("urgent_causes", "紧急原因", "the causes of urgency"),
    "answer_by_at": ("answer_by_at", "上级要求的答复期限", "by when the superior department wants an answer"),
}
