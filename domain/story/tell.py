"""One entry of the journal as one line that tells when, who, what and by which clause."""

from __future__ import annotations

import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from domain.case import Case
from domain.journal import Entry
from domain.order import Locale
from domain.policy.pack import Pack
from domain.policy.wording import Wording
from domain.story.abuse import abuse
from domain.story.agreement import agreement
from domain.story.classification import classification
from domain.story.course import course
from domain.story.follow_up import follow_up
from domain.story.hand_over import hand_over
from domain.story.handling import handling
from domain.story.incidents import incidents
from domain.story.teller import Teller
from domain.words import Words

# A quotation with a full stop of its own ends the sentence; a question or a cry in it does not take a second mark either.
_ENDED_TWICE = re.compile(r"([。！？.!?…]”)[。.]")


def tell(entry: Entry, case: Case, pack: Pack | None, locale: Locale, departments: Mapping[str, Wording] | None = None) -> str:
    """The line in the reader's language and the tenant's time: Fri 30 Jan 2026 17:50: Agent lin approved proposal 1. [HOM-DMG-03]

    `case` is the complaint as it stands, `pack` the one it is pinned to; without it, rows are called by their ids. `departments`
    says what the company calls its departments; one that it does not name is called by its id.
    """
    words = Words("zh" if locale == "zh-CN" else "en", ZoneInfo(case.zone))
    teller = Teller(words, case, pack, departments or {})
    event, who = entry.event, teller.who(entry.by)
    sentence = handling(event, who, teller) or agreement(event, who, teller)
    sentence = sentence or course(event, who, entry.by, teller)
    sentence = sentence or incidents(event, who, teller) or abuse(event, who, teller)
    sentence = sentence or follow_up(event, who, teller) or hand_over(event, who, teller)
    sentence = sentence or classification(event, who, teller)
    # An entry of a later version of this program is told by its kind rather than not at all.
    sentence = _sentence(sentence or event.kind) + teller.how(entry.by)
    at = words.at(entry.at.replace(microsecond=0))
    clauses = f" [{', '.join(dict.fromkeys(entry.clauses))}]" if entry.clauses else ""
    return words.say(f"{at}: {sentence}{clauses}", f"{at}：{sentence}{clauses}")


def _sentence(text: str) -> str:
    """A capital at its beginning, one full stop at its end."""
    text = _ENDED_TWICE.sub(r"\1", text.replace("。。", "。"))
    return text[:1].upper() + text[1:]
