"""Column types that come back as they went in, on SQLite and on PostgreSQL: instants, amounts and JSON texts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Numeric, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

# No currency that Money knows has more decimals.
_DECIMALS = 3


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC. SQLite knows no time zones, so it keeps a text of fixed width, which sorts as the instants do."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(27) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant without a time zone cannot be stored: {value}")
        moment = value.astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)


class Amount(TypeDecorator[Decimal]):
    """An exact decimal amount of money. SQLite would make a float of it, so it keeps whole thousandths, which also add up."""

    impl = Numeric(20, _DECIMALS)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else Numeric(20, _DECIMALS))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        thousandths = value.scaleb(_DECIMALS)
        if thousandths != thousandths.to_integral_value():
            raise ValueError(f"an amount has at most {_DECIMALS} decimals: {value}")
        return int(thousandths) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value).scaleb(-_DECIMALS) if dialect.name == "sqlite" else Decimal(value)


class JsonText(TypeDecorator[str]):
    """JSON that our models wrote and read again: text on our side, JSONB inside PostgreSQL so that reports can look into it."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSONB(none_as_null=True) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        return json.loads(value) if value is not None and dialect.name == "postgresql" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return json.dumps(value, ensure_ascii=False) if value is not None and dialect.name == "postgresql" else value
