"""What pydantic finds wrong with a pack's shape, as places in the file and words in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from domain.policy.raw import Found

# Members of unions and validators stand in pydantic's paths beside the keys of the file.
_NOT_KEYS = {"range", "list", "value", "bool", "int", "str"}
_KEY = re.compile(r"[a-z_]+|[A-Z]{3}")


def shape_problems(error: ValidationError) -> Iterator[Found]:
    """One problem for each slip: which key of which table, what is wrong and what to write."""
    for each in error.errors():
        # A row that is wrong leaves its list short as well; that is not a second slip.
        if each["type"] == "too_short" and each["input"]:
            continue
        yield _problem(dict(each))


def _problem(error: dict[str, Any]) -> Found:
    path = tuple(part for part in error["loc"] if isinstance(part, int) or (_KEY.fullmatch(part) and part not in _NOT_KEYS))
    keys = [part for part in path if isinstance(part, str)]
    key = keys[-1] if keys else "file"
    table = f"[{keys[0]}]" if len(keys) > 1 or isinstance(path[-1] if path else "", int) else "file"
    if error["type"] == "extra_forbidden":
        return path, f"{table} has no key {key!r}; remove or correct it", f"{table} 中没有“{key}”这一键，请删除或更正"
    if error["type"] == "missing":
        return path, f"{table} needs the key {key!r}; add it", f"{table} 缺少“{key}”，请补充"
    en, zh = _words(error)
    said = _short(error["input"])
    got = ("", "") if isinstance(error["input"], dict | list) else (f" (got {said})", f"（现为 {said}）")
    return path, f"{table} {key}: {en}{got[0]}", f"{table} 的 {key}：{zh}{got[1]}"


def _words(error: dict[str, Any]) -> tuple[str, str]:
    context = error.get("ctx", {})
    match error["type"]:
        case "pack":
            return context["en"], context["zh"]
        case "literal_error" | "enum":
            return f"must be {context['expected']}", f"应为 {str(context['expected']).replace(' or ', '、')} 之一"
        case "string_pattern_mismatch":
            return f"must look like {context['pattern']}", f"格式应为 {context['pattern']}"
        case "greater_than_equal" | "greater_than" | "less_than_equal" | "less_than":
            ((bound, limit),) = context.items()
            sign = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}[bound]
            return f"must be {sign} {limit}", f"须 {sign} {limit}"
        case "too_short" | "string_too_short":
            return "must not be empty", "不能为空"
        case kind:
            wanted_en, wanted_zh = _KINDS.get(kind, (error["msg"], "取值类型不正确"))
            return wanted_en, wanted_zh


_KINDS = {
    "string_type": ("must be text in quotes", "应为引号内的文字"),
    "int_type": ("must be a whole number", "应为整数"),
    "int_parsing": ("must be a whole number", "应为整数"),
    "bool_type": ("must be true or false", "应为 true 或 false"),
    "tuple_type": ("must be a list", "应为列表"),
    "model_type": ("must be a table", "应为表"),
    "dict_type": ("must be a table", "应为表"),
    "decimal_parsing": ("must be a number", "应为数字"),
    "decimal_type": ("must be a number", "应为数字"),
}


def _short(value: Any) -> str:
    said = str(value) if isinstance(value, Decimal) else repr(value)
    return said if len(said) <= 60 else f"{said[:57]}..."
