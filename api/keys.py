"""Idempotency keys as callers send them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header

_VISIBLE_ASCII = r"^[\x21-\x7e]+$"

FilingKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=_VISIBLE_ASCII,
        description=(
            "Chosen by the caller, one for each complaint: 1 to 255 visible ASCII characters, such as a UUID or the number of "
            "the caller's own record of the complaint, never of an order (which may be complained of twice). Sent again with the "
            "same body it answers the same complaint and files nothing; with another body it is refused, however long ago that "
            "was. After a time-out or a 503 always send the same key again."
        ),
        examples=["hotline-20261121-000123"],
    ),
]
CommandKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=_VISIBLE_ASCII,
        description=(
            "Optional, chosen by the caller: 1 to 255 visible ASCII characters. The same person, command and key again answers "
            "the first receipt and does nothing, also after the complaint has ended or was taken up again; with another body it "
            "is refused. Send it whenever a command may be tried again."
        ),
        examples=["0b5b0c0e-6d0f-4d9a-9a53-3b1c7d0f8a11"],
    ),
]
