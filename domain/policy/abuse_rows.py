"""Rows about complaints that may not be honest: signs, what they may lead to, and what a finding against others must rest on.

Nothing here decides by itself: a sign is a hint, a presumption is a person's with a reason, and so is everything behind it.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from domain.actor import Role
from domain.policy.conditions import When
from domain.policy.figures import Duration
from domain.policy.rows import Ruled
from domain.policy.vocabulary import Liable, Sign
from domain.policy.wording import ClauseId, Name, Row, Wording, fault

Leader = Literal[Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER]


class AbuseRule(Ruled):
    """A sign that a complaint may be malicious. It is noted by people, found in words (`words`) or counted (`at_least`)."""

    id: Name
    title: Wording
    sign: Sign
    weight: StrictInt = Field(ge=1, le=10, description="What it adds to the score; each row counts once in a complaint.")
    words: tuple[str, ...] = Field(
        default=(), description="Any of these in what the customer wrote; … stands for a few characters of the same sentence."
    )
    at_least: StrictInt | None = Field(default=None, ge=2, description="Complaints of the same customer, this one counted.")
    window: Duration | None = Field(default=None, description="Counted back from receipt.")

    @model_validator(mode="after")
    def _counted_or_found(self) -> Self:
        counted = self.at_least is not None or self.window is not None
        if counted and (self.sign != "repetition" or self.at_least is None or self.window is None):
            raise fault(
                '`at_least` and `window` go together and belong to sign = "repetition"',
                'at_least 与 window 须同时填写，且只用于 sign = "repetition"',
            )
        if self.words and counted:
            raise fault("a row is found by `words` or counted by `at_least`, not both", "words 与 at_least 只能二选一")
        return self


class BlacklistRule(Row):
    """Limits for a customer whose complaint was refused as malicious. Always a person's decision, and it ends."""

    clause: ClauseId | None = Field(default=None, description="The table's clause when absent.")
    days_max: StrictInt = Field(ge=1, le=3650, description="Days after which an entry ends at the latest.")
    decided_by: Leader = Field(description="Role that may enter a customer.")
    removed_by: Leader = Field(
        default=Role.SUPERVISOR, description="Role that may remove one, and decides on appeals: never the person who entered it."
    )


class MaliceRule(Ruled):
    """What signs may lead to: presumption, refusal, legal, blacklist. With this table a refusal needs a presumption first."""

    presumed_from: StrictInt = Field(ge=1, description="Score from which a person may presume malice.")
    evidence_within: Name | None = Field(
        default=None,
        description="Deadline that starts with evidence_demanded; missed, malice may be presumed whatever the score.",
    )
    refused_by: Leader = Field(description="Role that may refuse the complaint as malicious.")
    legal: Role = Field(default=Role.LEGAL, description="Role that a complaint is referred to.")
    blacklist: BlacklistRule | None = None


class EvidenceRule(Ruled):
    """Who may be blamed on evidence only: the assessment names attached pieces, or is refused."""

    blame: tuple[Liable, ...] = Field(min_length=1)
    unfounded: StrictBool = Field(default=False, description="A complaint is found untrue on evidence only, too.")
    when: When = Field(default_factory=dict, description="Findings that need evidence too, whoever is liable; none when absent.")
