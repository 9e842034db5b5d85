"""Which of the two languages a caller reads. Both say the same."""

from __future__ import annotations

from starlette.requests import Request

from domain.order import Locale


def reader(request: Request) -> Locale:
    """The one of zh-CN and en that `Accept-Language` likes best; English where it names neither."""
    best: tuple[float, Locale] = (0.0, "en")
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, parameters = part.strip().partition(";")
        locale: Locale | None = "zh-CN" if tag.lower().startswith("zh") else "en" if tag.lower().startswith("en") else None
        weight = _weight(parameters)
        if locale is not None and weight > best[0]:
            best = (weight, locale)
    return best[1]


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
