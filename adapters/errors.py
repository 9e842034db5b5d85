"""What can go wrong with an outside system, named by what the caller may do next."""

from __future__ import annotations

from datetime import timedelta


class PartnerError(Exception):
    """The partner did not do what was asked, or did not say so. `detail` reaches logs: it tells of no person."""

    def __init__(self, partner: str, detail: str) -> None:
        super().__init__(f"{partner}: {detail}")
        self.partner = partner
        self.detail = detail


class PartnerRefused(PartnerError):
    """A final no, nothing happened for sure: asking again is pointless. `code` is the partner's word, such as `over_paid`."""

    def __init__(self, partner: str, code: str, detail: str) -> None:
        super().__init__(partner, f"{code}: {detail}")
        self.code = code
        self.detail = detail


class PartnerUnavailable(PartnerError):
    """This request did nothing. Try again with the same key, not before `retry_after` when the partner named it."""

    def __init__(self, partner: str, detail: str, retry_after: timedelta | None = None) -> None:
        super().__init__(partner, detail)
        self.retry_after = retry_after


class OutcomeUnknown(PartnerError):
    """The request left and no answer to trust came back: it may have happened. Ask again with the same key, never a new one.

    Not before `retry_after` when the partner named it, as for a first request under the key that still runs.
    """

    def __init__(self, partner: str, detail: str, retry_after: timedelta | None = None) -> None:
        super().__init__(partner, detail)
        self.retry_after = retry_after
