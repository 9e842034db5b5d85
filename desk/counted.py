"""What is asked of the desk, counted by what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from desk.errors import DeskError
from domain.commands import COMMANDS
from telemetry import metrics

_INNER_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@contextmanager
def counted_command(name: str) -> Iterator[None]:
    """One command that is given inside."""
    command, result = name if name in COMMANDS else "other", "accepted"
    try:
        yield
    except Exception as error:
        result = _named(error)
        raise
    finally:
        metrics.commands.labels(command, result).inc()


@contextmanager
def counted_filing() -> Iterator[None]:
    """A filing that may fail inside; one that succeeds says itself whether it was the first (`count_filed`)."""
    try:
        yield
    except Exception as error:
        metrics.filings.labels(_named(error)).inc()
        raise


def count_filed(created: bool) -> None:
    metrics.filings.labels("filed" if created else "repeated").inc()


def _named(error: Exception) -> str:
    """As the error of the desk is called: refused, complaint_closed, nobody_answered, temporal_away ..."""
    return _INNER_CAPITAL.sub("_", type(error).__name__).lower() if isinstance(error, DeskError) else "failed"
