"""The screen: a line for each entry of a journal, with the virtual time, the clause it follows, and money made visible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from domain.words import Words
from settings.language import reads_chinese, text

_MARGIN = 12  # the time and the spaces around it
_CLOSING = tuple("，。；：、！？）”》%")
_MONEY = r"\d+(?:\.\d+)? [A-Z]{3}\b"
_STYLES = {
    "received": "bold",
    "escalated": "bold red",
    "deadline_missed": "bold red",
    "step_failed": "bold red",
    "deadline_met": "green",
    "approved": "bold cyan",
    "acknowledged": "bold cyan",
    "appealed": "bold magenta",
    "step_done": "bold",
    "closed": "bold green",
    "deadline_set": "dim",
    "deadline_dropped": "dim",
    "notice_sent": "dim",
}


class Screen:
    """Everything the person at the terminal sees. Instants are shown in the tenant's zone."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.clauses: dict[str, str] = {}
        self._day: date | None = None
        self._worded: set[str] = set()
        # What happened after an instant, shown as soon as the journal has told everything up to it.
        self._later: list[tuple[Text, Text]] = []
        self._later_than: datetime | None = None

    def title(self, number: int, of: int, title: str, intro: str) -> None:
        """A story begins."""
        self._flush()
        self._day, self._worded = None, set()
        self.console.print()
        self.console.print(Rule(Text(f"{number}/{of}  {title}", style="bold yellow"), style="yellow", align="left"))
        self.console.print(Text(intro, style="italic"))

    def entry(self, entry: dict[str, Any], zone: ZoneInfo) -> None:
        """One entry of the journal, with the wording of each clause behind it: whole the first time, then on one line."""
        at = datetime.fromisoformat(entry["at"]).astimezone(zone)
        # What is written late (that a notice was sent) belongs before the time that has passed since.
        if self._later_than is None or at > self._later_than:
            self._flush()
        if at.date() != self._day:
            self._day = at.date()
            self.console.print(Text(f"  {_words(zone).on(at.date(), year=True)}  {zone.key}", style="bold cyan"))
        told = Text(sentence(entry, zone), style=_STYLES.get(entry["event"]["kind"], ""))
        told.highlight_regex(_MONEY, "bold green")
        self._row(Text(f"{at:%H:%M:%S}", style="cyan"), told)
        for clause in entry["clauses"]:
            worded = Text(f"{clause}  {self.clauses.get(clause, '')}", style="dim blue")
            if clause in self._worded:
                worded.truncate(self._width, overflow="ellipsis")
            self._worded.add(clause)
            self._row(Text(""), worded)

    def passes(self, duration: timedelta, since: datetime, now: datetime, zone: ZoneInfo) -> None:
        """Virtual time has passed."""
        self._flush()
        words = _words(zone)
        span = words.length(timedelta(minutes=max(1, round(duration / timedelta(minutes=1)))))
        at = words.at(now.replace(microsecond=0))
        told = Text(text(f"{span} later: {at}", f"{span}后：{at}"), style="yellow")
        self._later, self._later_than = [(Text("»»", style="yellow"), told)], since

    def behind(self, told: str) -> None:
        """What happens beside the journal: a command line, typed by an operator."""
        self._later.append((Text("$", style="dim"), Text(told, style="dim italic")))
        if self._later_than is None:
            self._flush()

    def _flush(self) -> None:
        for left, right in self._later:
            self._row(left, right)
        self._later, self._later_than = [], None

    def note(self, told: str) -> None:
        self.console.print(Text(told))

    @contextmanager
    def waiting(self, told: str) -> Iterator[Callable[[str], None]]:
        """Shows that something takes its time; gives a function that changes the words."""
        if not self.console.is_terminal:
            self.note(told)
            yield lambda _: None
            return
        with self.console.status(told) as status:
            yield lambda words: status.update(words)

    @property
    def _width(self) -> int:
        """Cells for a sentence, right of the time."""
        return max(20, self.console.width - _MARGIN)

    def _row(self, left: Text, right: Text) -> None:
        row = Table.grid(padding=(0, 1))
        row.add_column(width=8, justify="right")
        row.add_column(overflow="fold")
        row.add_row(left, _folded(right, self._width))
        self.console.print(Padding(row, (0, 0, 0, 2)))


def sentence(entry: dict[str, Any], zone: ZoneInfo) -> str:
    """The journal's own sentence, without the time and the clause ids that stand beside it."""
    words = _words(zone)
    at = words.at(datetime.fromisoformat(entry["at"]).replace(microsecond=0))
    told = str(entry["story"]).removeprefix(at).removeprefix(words.say(": ", "："))
    return told.removesuffix(f" [{', '.join(entry['clauses'])}]")


def _words(zone: ZoneInfo) -> Words:
    return Words("zh" if reads_chinese() else "en", zone)


def _folded(told: Text, width: int) -> Text:
    """Lines of Chinese, which has no spaces to break at: anywhere but inside a word or number of Latin letters."""
    if told.plain.isascii() or not reads_chinese():
        return told
    breaks: list[int] = []
    start = last = 0
    for index, character in enumerate(told.plain):
        if cell_len(told.plain[start : index + 1]) > width:
            start = last if last > start else index
            breaks.append(start)
        # Never before what closes: a line does not begin with a comma.
        following = told.plain[index + 1 : index + 2]
        if not (character.isascii() and following.isascii() and not character.isspace()) and following not in _CLOSING:
            last = index + 1
    return Text("\n").join(told.divide(breaks))
