from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from domain.case import Case
from domain.intake import Opening


class Start(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    opening: Opening | None = None
    carried: Case | None = None
