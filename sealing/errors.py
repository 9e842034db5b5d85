"""What can go wrong with keys and what they seal, named by cause."""

from __future__ import annotations


class SealingError(Exception):
    """Something could not be sealed or opened."""


class KeysUnusable(SealingError):
    """The key file is missing or is not one; the message is one line that says what to do."""


class KeyUnknown(SealingError):
    """Sealed under a key that the key file does not hold: another file, or a key that was retired."""


class Erased(SealingError):
    """The key of this complaint has been destroyed, on request of the customer: nothing of it is opened or sealed again."""


class Forged(SealingError):
    """What was sealed has been changed, or belongs to another complaint."""
