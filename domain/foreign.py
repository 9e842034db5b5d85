"""Words of other systems, which nobody can be asked to write again: what no database or mail can hold is replaced."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

_UNHOLDABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def readable(value: Any) -> Any:
    """The text with a � for each control character (line feed and tab may stay) and each half of a surrogate pair."""
    return _UNHOLDABLE.sub("\ufffd", value) if isinstance(value, str) else value


# To refuse the whole message for one such character would lose the news that money has arrived.
Foreign = Annotated[str, BeforeValidator(readable)]
