"""What says nothing is left out of stored text: these messages travel in every history and in every journal."""

from __future__ import annotations


def empty(value: object) -> bool:
    """For `exclude_if`: nothing, zero, false, or a text or list without anything in it."""
    return not value


def absent(value: object) -> bool:
    """For `exclude_if`: nothing at all; zero and the empty text say something."""
    return value is None
