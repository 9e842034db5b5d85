"""What can go wrong at the door to Temporal, named by cause. Everybody outside handles these and no error of Temporal's."""

from __future__ import annotations

from datetime import timedelta

from domain.refusal import Refusal


class DeskError(Exception):
    """Something asked of the desk did not happen, or nobody knows whether it did."""


class NotFileable(DeskError):
    """The intake does not fit the tenant's procedure. `faults` holds everything that is wrong: (field, code, zh, en)."""

    def __init__(self, faults: tuple[tuple[str, str, str, str], ...]) -> None:
        super().__init__("; ".join(f"{field}: {en}" for field, _, _, en in faults))
        self.faults = faults


class KeyReused(DeskError):
    """The idempotency key already filed another complaint; nothing was filed now."""


class Refused(DeskError):
    """The procedure does not allow the command now. Nothing was changed."""

    def __init__(self, code: str, field: str | None, zh: str, en: str) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.field = field
        self.zh = zh
        self.en = en

    @classmethod
    def of(cls, refusal: Refusal) -> Refused:
        """What the domain refused here, as a workflow would have."""
        return cls(refusal.code, refusal.field, refusal.zh, refusal.en)


class NoSuchComplaint(DeskError):
    """Nothing is known under this id."""


class ComplaintClosed(DeskError):
    """The complaint is closed; only reopening takes it up again."""


class ComplaintErased(DeskError):
    """The complaint was erased on its customer's request: it is not read, worked on or filed again."""


class KeysNotWritable(DeskError):
    """The key file could not be rewritten here, so no key was destroyed and nothing was erased."""


class MayStillHappen(DeskError):
    """No answer in time: what was asked may still be carried out. The same key asks again without doing it twice."""

    retry_after = timedelta(seconds=5)


class NobodyAnswered(MayStillHappen):
    """Temporal took it, but no worker answered in time."""


class ComplaintStuck(DeskError):
    """The complaint's own work fails again and again: a mistake of ours, which goes on by itself once it is mended.

    Nothing was changed. Temporal keeps the complaint and everything that is promised in it.
    """

    retry_after = timedelta(minutes=1)


class DeskBusy(DeskError):
    """Too much at once, for this complaint or for Temporal as a whole. Nothing was changed."""

    retry_after = timedelta(seconds=2)


class TemporalAway(DeskError):
    """Temporal does not answer. The same key later files, or commands, once."""

    retry_after = timedelta(seconds=5)
