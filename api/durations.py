"""How long something holds, as callers say it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


def _not_a_number(value: Any) -> Any:
    # Pydantic takes numbers for seconds; whoever meant minutes or days would not be told.
    if isinstance(value, int | float):
        raise PydanticCustomError("time_delta_parsing", "write an ISO 8601 duration, such as P90D or PT15M")
    return value


Duration = Annotated[timedelta, BeforeValidator(_not_a_number)]
