"""How the domain says no: a code for programs, and a sentence in each language for the person."""

from __future__ import annotations


class Refusal(Exception):
    """A command that the procedure does not allow now. Nothing was changed."""

    def __init__(self, code: str, *, zh: str, en: str, field: str | None = None) -> None:
        super().__init__(en)
        self.code = code
        self.zh = zh
        self.en = en
        self.field = field
