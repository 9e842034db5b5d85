"""What a Temporal namespace must have before complaints can live in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from settings.language import text
from workflows import operator_view

_log = structlog.get_logger("redress.desk")
_PATIENCE = timedelta(seconds=5)
# Whoever may run workflows may not always read how the namespace is set up.
_NOT_OURS_TO_ASK = (RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNIMPLEMENTED)
_SHOWN: Mapping[str, int] = {
    key.name: key.indexed_value_type.value for key in vars(operator_view).values() if isinstance(key, SearchAttributeKey)
}


async def what_is_missing(client: Client) -> str | None:
    """One line that names what has to be set up first, and how; None when nothing is missing or nobody may ask."""
    try:
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace), timeout=_PATIENCE)
        there = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace), timeout=_PATIENCE
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            command = f"temporal operator namespace create --namespace {client.namespace}"
            return text(
                f"Temporal has no namespace {client.namespace}: {command}",
                f"Temporal 中没有命名空间 {client.namespace}：{command}",
            )
        if error.status in _NOT_OURS_TO_ASK:
            en = f"Temporal does not say which search attributes {client.namespace} has: {error.message}"
            _log.info(text(en, f"Temporal 未告知命名空间 {client.namespace} 的搜索属性：{error.message}"))
            return None
        return text(f"Temporal is away: {error.message}", f"Temporal 暂不可用：{error.message}")
    return _lacks(client.namespace, there.custom_attributes)


def _lacks(namespace: str, there: Mapping[str, IndexedValueType.ValueType]) -> str | None:
    wrong = [name for name, kind in _SHOWN.items() if name in there and there[name] != kind]
    if wrong:
        return text(
            f"These search attributes of namespace {namespace} have another type than ours: {', '.join(wrong)}.",
            f"命名空间 {namespace} 的以下搜索属性类型与本程序不符：{', '.join(wrong)}。",
        )
    missing = {name: _kind(kind) for name, kind in _SHOWN.items() if name not in there}
    if not missing:
        return None
    options = " ".join(f"--name {name} --type {kind}" for name, kind in missing.items())
    command = f"temporal operator search-attribute create --namespace {namespace} {options}"
    return text(f"Namespace {namespace} lacks search attributes: {command}", f"命名空间 {namespace} 缺少搜索属性：{command}")


def _kind(value: int) -> str:
    """`Keyword` for INDEXED_VALUE_TYPE_KEYWORD, as the command line writes it."""
    words = IndexedValueType.Name(IndexedValueType.ValueType(value)).removeprefix("INDEXED_VALUE_TYPE_").split("_")
    return "".join(word.capitalize() for word in words)
