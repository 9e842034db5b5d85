"""What summaries call things that no row of a pack names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.policy.wording import Wording
from domain.story import classification, teller


def _titles(told: Iterable[tuple[str, tuple[str, str]]]) -> dict[str, Wording]:
    """As a story calls them, with a capital."""
    return {id: Wording(zh=zh, en=en[:1].upper() + en[1:]) for id, (en, zh) in told}


LEVELS = _titles(classification.LEVELS.items())
SEVERITIES = {
    "severe": Wording(zh="严重", en="Severe"),
    "general": Wording(zh="一般", en="General"),
    "slight": Wording(zh="轻微", en="Slight"),
}
# Who may be found liable (`domain.commands.Assess`).
CAUSES = {
    "company": Wording(zh="本公司", en="The company"),
    "carrier": Wording(zh="承运商", en="The carrier"),
    "installer": Wording(zh="安装人员", en="The installer"),
    "supplier": Wording(zh="供应商", en="The supplier"),
    "merchant": Wording(zh="商户", en="The merchant"),
    "customer": Wording(zh="客户", en="The customer"),
    "nobody": Wording(zh="无人有责", en="Nobody"),
}
RECURRING = {
    "product": Wording(zh="商品", en="Product"),
    "lot": Wording(zh="批次", en="Lot"),
    "category": Wording(zh="问题", en="Trouble"),
}
OUTCOMES = _titles(teller.OUTCOMES.items())
ROLES = {role.value: Wording(zh=zh, en=en) for role, (en, zh) in teller.ROLES.items()}


def named(id: str, names: Mapping[str, Wording]) -> Wording:
    """The name, or the id where it is of another version."""
    return names.get(id) or Wording(zh=id or "-", en=id or "-")
