"""What pydantic found wrong, as fields with words in both languages. The value that was sent is never repeated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from api.problems import FieldProblem

_CONTROL = re.compile(r"contains the control character (U\+[0-9A-F]{4})")
_DECIMALS = re.compile(r"([A-Z]{3}) amounts have at most (\d) decimals")
# Parts of a pydantic location that name a member of a union or a step inside it, not a field.
_NO_FIELDS = {"bool", "int", "str", "float", "decimal", "[key]", "function-after", "tagged-union"}

_KNOWN: dict[str, tuple[str, str, str]] = {
    "missing": ("missing", "必须填写", "is required"),
    "extra_forbidden": ("unknown_field", "没有这个字段，请检查拼写或删除", "is not a known field; correct or remove it"),
    "string_too_long": ("too_long", "最多 {max_length} 个字符", "may have at most {max_length} characters"),
    "string_too_short": ("too_short", "至少 {min_length} 个字符", "needs at least {min_length} characters"),
    "string_pattern_mismatch": ("wrong_form", "格式不符，应匹配 {pattern}", "has the wrong form; it has to match {pattern}"),
    "string_type": ("wrong_type", "应为文本", "has to be text"),
    "string_unicode": ("control_character", "含有不完整的字符，请删除", "contains half a character; take it out"),
    "literal_error": ("not_a_choice", "请选择：{expected}", "has to be one of {expected}"),
    "enum": ("not_a_choice", "请选择：{expected}", "has to be one of {expected}"),
    "greater_than_equal": ("too_small", "不得小于 {ge}", "has to be {ge} or more"),
    "greater_than": ("too_small", "须大于 {gt}", "has to be more than {gt}"),
    "less_than_equal": ("too_large", "不得大于 {le}", "has to be {le} or less"),
    "less_than": ("too_large", "须小于 {lt}", "has to be less than {lt}"),
    "int_type": ("wrong_type", "应为整数", "has to be a whole number"),
    "int_parsing": ("wrong_type", "应为整数", "has to be a whole number"),
    "int_parsing_size": ("too_large", "整数过大", "is too large a number"),
    "int_from_float": ("wrong_type", "应为整数", "has to be a whole number"),
    "bool_type": ("wrong_type", "应为 true 或 false", "has to be true or false"),
    "bool_parsing": ("wrong_type", "应为 true 或 false", "has to be true or false"),
    "decimal_type": ("wrong_type", "应为十进制数", "has to be a decimal number"),
    "decimal_parsing": ("wrong_type", "应为十进制数", "has to be a decimal number"),
    "finite_number": ("wrong_type", "应为有限的数", "has to be a finite number"),
    "decimal_max_digits": ("too_large", "最多 {max_digits} 位数字", "may have at most {max_digits} digits"),
    "decimal_max_places": ("too_many_decimals", "小数位过多", "has too many decimals"),
    "time_delta_parsing": ("wrong_type", "应为 ISO 8601 时长，例如 P90D", "has to be an ISO 8601 duration such as P90D"),
    "date_parsing": ("wrong_type", "应为日期，例如 2026-11-21", "has to be a date such as 2026-11-21"),
    "date_from_datetime_parsing": ("wrong_type", "应为日期，例如 2026-11-21", "has to be a date such as 2026-11-21"),
    "date_from_datetime_inexact": ("wrong_type", "应为日期，例如 2026-11-21", "has to be a date such as 2026-11-21"),
    "timezone_aware": ("no_time_zone", "时间须带时区，例如 +08:00", "needs a time zone, such as +08:00"),
    "too_long": ("too_many", "最多 {max_length} 项", "may have at most {max_length} items"),
    "too_short": ("too_few", "至少 {min_length} 项", "needs at least {min_length} items"),
    "tuple_type": ("wrong_type", "应为列表", "has to be a list"),
    "list_type": ("wrong_type", "应为列表", "has to be a list"),
    "dict_type": ("wrong_type", "应为对象", "has to be an object"),
    "model_type": ("wrong_type", "应为对象", "has to be an object"),
    "model_attributes_type": ("wrong_type", "应为 JSON 对象", "has to be a JSON object"),
}  # fmt: skip
_OTHER = ("invalid", "填写内容无效", "is not valid")
_ANY_FACT = ("wrong_type", "应为文本、整数或 true/false", "has to be text, a whole number, or true or false")


def field_problems(errors: Iterable[Mapping[str, Any]]) -> tuple[FieldProblem, ...]:
    """One line a field, in the order of the request."""
    found: dict[str, FieldProblem] = {}
    for error in errors:
        field = path(error["loc"])
        code, zh, en = _ANY_FACT if field in found and error["loc"][-1] in _NO_FIELDS else words(error)
        if field not in found or found[field].code == "wrong_type":
            found[field] = FieldProblem(field=field, code=code, zh=zh, en=en)
    return tuple(found.values())


def path(location: Iterable[int | str]) -> str:
    """`("body", "evidence", 0, "uri")` is evidence[0].uri; a parameter is called by its name."""
    parts = [part for part in list(location)[1:] if part not in _NO_FIELDS]
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".") or "body"


def words(error: Mapping[str, Any]) -> tuple[str, str, str]:
    """Code, Chinese and English of one error."""
    kind, context, message = str(error["type"]), dict(error.get("ctx") or {}), str(error["msg"])
    if kind == "value_error":
        return _of_ours(message)
    if kind.startswith(("datetime", "date_", "timezone")) and kind not in _KNOWN:
        en = "has to be an instant such as 2026-11-21T09:00:00+08:00"
        return ("wrong_type", "应为时间，例如 2026-11-21T09:00:00+08:00", en)
    if kind in ("too_long", "too_short") and context.get("field_type") not in ("Tuple", "List", "Dictionary"):
        kind = f"string_{kind}"  # the length of a text that went through a validator of ours
    code, zh, en = _KNOWN.get(kind, _OTHER)
    return code, zh.format(**context), en.format(**context)


def _of_ours(message: str) -> tuple[str, str, str]:
    """Errors that the domain's own types raise."""
    if found := _CONTROL.search(message):
        en = f"contains the control character {found[1]}; take it out"
        return "control_character", f"含有控制字符 {found[1]}，请删除", en
    if "surrogate" in message:
        return "control_character", "含有不完整的字符，请删除", "contains half a character (a lone surrogate); take it out"
    if "is blank" in message:
        return "missing", "不能为空白", "is blank; say something"
    if "names nothing" in message:
        return "missing", "请至少填写其中一项", "says nothing; give at least one of its fields"
    if found := _DECIMALS.search(message):
        en = f"has too many decimals; {found[1]} amounts have at most {found[2]}"
        return "too_many_decimals", f"小数位过多，{found[1]} 金额最多 {found[2]} 位小数", en
    return _OTHER
