"""Phrases of a pack in what people wrote: "没…筷子" means the second within ten characters of the first, in the same sentence."""

from __future__ import annotations

import re
from functools import lru_cache

# What may stand between two parts of a phrase: a few characters of the same sentence.
_GAP = "[^。！？!?；;，,\\n]{0,10}?"


def plain(text: str) -> str:
    """The text as phrases are looked for in it: capitals and spaces make no difference."""
    return " ".join(text.casefold().split())


def phrases_in(said: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
    """What of these phrases stands in a `plain` text, as it stands there, each once."""
    found = (match[0] for match in (pattern.search(said) for pattern in _patterns(phrases)) if match)
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def _patterns(phrases: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_GAP.join(re.escape(part) for part in phrase.casefold().split("…"))) for phrase in phrases)
