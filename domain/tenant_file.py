"""Reading a tenant's file: from text to a checked Tenant, or to all its faults at once, each with key and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from domain.tenant import Staff, Tenant, uncovered_hours

_HEADER = re.compile(r"^\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*[.=]")
_AT_LINE = re.compile(r"at line (\d+)")
# What stands there may be a secret, or an address that holds one: messages end in logs.
_SECRET = re.compile(r"secret|webhooks|\bsms\b|\bchats?\b")


# Whom a person names as the next one: the key, who that is, and what such a chain is called.
_LINES_OF_PEOPLE: tuple[tuple[str, Callable[[Staff], str | None], str, str], ...] = (
    ("stand_in", lambda each: each.stand_in, "stand-ins", "代理"),
    ("supervisor", lambda each: each.supervisor, "supervisors", "主管"),
)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in the file. `key` is a path such as staff[2].stand_in; `line` counts from 1 where it is known."""

    key: str
    line: int | None
    en: str
    zh: str


class TenantInvalid(ValueError):
    """A tenant's file can not be used. `faults` holds everything that is wrong with it."""

    def __init__(self, source: str, faults: tuple[Fault, ...]) -> None:
        self.source, self.faults = source, faults
        super().__init__("\n".join(self.in_words("en")))

    def in_words(self, locale: str) -> list[str]:
        """One line a fault: file, line, key, what is wrong and what to write."""
        chinese = locale.startswith("zh")
        return [
            f"{self.source}{f':{each.line}' if each.line else ''}: {each.key}{'：' if chinese else ': '}"
            f"{each.zh if chinese else each.en}"
            for each in self.faults
        ]


def parse_tenant(text: str, source: str) -> Tenant:
    """The tenant that a TOML text describes. `source` is how messages name the file. Raises TenantInvalid with all faults."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # nested too deeply; a number of thousands of digits
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found else None
        raise TenantInvalid(source, (Fault("toml", line, f"not valid TOML: {error}", f"不是有效的 TOML：{error}"),)) from error
    lines = _lines(text)
    try:
        tenant = Tenant.model_validate(_with_tuples(data))
    except ValidationError as error:
        found_faults = tuple(_fault(dict(each), lines) for each in error.errors())
        raise TenantInvalid(source, found_faults) from error
    if wrong := tuple(Fault(key, _line(key, lines), en, zh) for key, en, zh in _contradictions(tenant)):
        raise TenantInvalid(source, wrong)
    return tenant


def _contradictions(tenant: Tenant) -> list[tuple[str, str, str]]:
    """What each field alone does not show: names that lead nowhere, missing hours, stand-ins or supervisors in a circle."""
    wrong: list[tuple[str, str, str]] = []
    for day in tenant.working_week:
        if not tenant.service_hours.of(day):
            en = f"{day} is in working_week but has no hours; give it hours or take it out of working_week"
            zh = f"{day} 在 working_week 中却没有服务时间；请填写时段或将其移出 working_week"
            wrong.append((f"service_hours.{day}", en, zh))
    if not wrong and (uncovered := uncovered_hours(tenant)):
        name, wide = uncovered
        en = f"must lie within {', '.join(wide)}, the hours of the working day that may replace it"
        wrong.append((f"service_hours.{name}", en, f"不得超出可能取代它的工作日的时段 {'、'.join(wide)}"))
    wrong += _twice("departments", [each.id for each in tenant.departments])
    wrong += _twice("staff", [each.id for each in tenant.staff])
    wrong += _twice("webhooks", [each.id for each in tenant.webhooks])
    departments = {each.id for each in tenant.departments}
    for place, each in enumerate(tenant.staff):
        if each.department is not None and each.department not in departments:
            unknown = each.department
            en = f'no department "{unknown}" is listed under departments'
            wrong.append((f"staff[{place}].department", en, f"departments 中没有“{unknown}”"))
        for key, named, en_of, zh_of in _LINES_OF_PEOPLE:
            next_one = named(each)
            if next_one is not None and tenant.person(next_one) is None:
                wrong.append((f"staff[{place}].{key}", f'nobody has the id "{next_one}"', f"没有 id 为“{next_one}”的人员"))
            elif circle := _circle(tenant, each.id, named):
                chain = " -> ".join(circle)
                en = f"{en_of} go in a circle: {chain}; leave one of them without {key}"
                wrong.append((f"staff[{place}].{key}", en, f"{zh_of}关系成环：{chain}；请去掉其中一人的 {key}"))
    return wrong


def _twice(key: str, ids: list[str]) -> list[tuple[str, str, str]]:
    return [
        (f"{key}[{place}].id", f'"{each}" is used twice; every id must be its own', f"“{each}”重复；每个 id 必须唯一")
        for place, each in enumerate(ids)
        if each in ids[:place]
    ]


def _circle(tenant: Tenant, start: str, named: Callable[[Staff], str | None]) -> list[str]:
    """The ids from `start` round to `start` again; empty when the chain of those whom each names ends or joins another circle."""
    chain, each = [start], tenant.person(start)
    while each is not None and (next_one := named(each)) is not None:
        chain.append(next_one)
        if next_one == start:
            return chain
        if next_one in chain[:-1]:
            return []
        each = tenant.person(next_one)
    return []


def _fault(error: dict[str, Any], lines: dict[str, int]) -> Fault:
    parts = [part for part in error["loc"] if part != "[key]"]
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".") or "file"
    context = error.get("ctx", {})
    match error["type"]:
        case "tenant":
            en, zh = context["en"], context["zh"]
        case "missing":
            en, zh = "is missing", "缺少此项"
        case "extra_forbidden":
            en, zh = "is not a known key; correct its spelling or take it out", "不是已知的键；请改正拼写或删除"
        case _ if _SECRET.search(key):
            en, zh = error["msg"], f"值不合要求（{error['msg']}）"
        case _:
            en = f"{error['msg']}, got {error['input']!r}"
            zh = f"值 {error['input']!r} 不合要求（{error['msg']}）"
    return Fault(key, _line(key, lines), en, zh)


def _with_tuples(value: Any) -> Any:
    """TOML arrays as tuples, which is what frozen models hold and strict validation asks for."""
    if isinstance(value, list):
        return tuple(_with_tuples(each) for each in value)
    if isinstance(value, dict):
        return {key: _with_tuples(each) for key, each in value.items()}
    return value


def _lines(text: str) -> dict[str, int]:
    """Line of every table header and of every key that begins a line, by path: staff[2], staff[2].stand_in."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            prefix = header[1]
            if line.lstrip().startswith("[["):
                counts[prefix] = counts.get(prefix, -1) + 1
                prefix = f"{prefix}[{counts[prefix]}]"
            lines.setdefault(prefix, number)
        elif key := _KEY.match(line):
            lines.setdefault(f"{prefix}.{key[1]}" if prefix else key[1], number)
    return lines


def _line(key: str, lines: dict[str, int]) -> int | None:
    """The line of the key, or of the nearest thing around it that has one."""
    while key and key not in lines:
        key = re.sub(r"(?:\.[^.\[\]]+|\[\d+\]|^[^.\[\]]+)$", "", key)
    return lines.get(key)
