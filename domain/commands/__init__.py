"""What people may do to a complaint: one frozen model a command, the same in HTTP, in the workflow and in its history.

`Signed` joins a command with the person behind it; the name of a command's class in snake case is the name of its Update and
of its HTTP endpoint.
"""

from __future__ import annotations

from domain.commands.abuse import DemandEvidence as DemandEvidence
from domain.commands.abuse import NoteSign as NoteSign
from domain.commands.abuse import PresumeMalice as PresumeMalice
from domain.commands.abuse import ReferToLegal as ReferToLegal
from domain.commands.agreement import Accept as Accept
from domain.commands.agreement import Appeal as Appeal
from domain.commands.agreement import Approve as Approve
from domain.commands.agreement import Decline as Decline
from domain.commands.agreement import Propose as Propose
from domain.commands.agreement import Refuse as Refuse
from domain.commands.agreement import SendBack as SendBack
from domain.commands.carrying_out import CompleteStep as CompleteStep
from domain.commands.carrying_out import Confirm as Confirm
from domain.commands.carrying_out import RecordCallback as RecordCallback
from domain.commands.carrying_out import ReportProgress as ReportProgress
from domain.commands.carrying_out import SettleStep as SettleStep
from domain.commands.classification import Reclassify as Reclassify
from domain.commands.command import Command as Command
from domain.commands.command import Receipt as Receipt
from domain.commands.command import Signed as Signed
from domain.commands.command import name_of as name_of
from domain.commands.course import Acknowledge as Acknowledge
from domain.commands.course import AttachEvidence as AttachEvidence
from domain.commands.course import CloseByDecision as CloseByDecision
from domain.commands.course import Escalate as Escalate
from domain.commands.course import HandOver as HandOver
from domain.commands.course import Pause as Pause
from domain.commands.course import Reopen as Reopen
from domain.commands.course import Resume as Resume
from domain.commands.course import Withdraw as Withdraw
from domain.commands.follow_up import AnswerSurvey as AnswerSurvey
from domain.commands.follow_up import RecordFollowUp as RecordFollowUp
from domain.commands.hand_over import DeclineHandOver as DeclineHandOver
from domain.commands.hand_over import GiveOpinion as GiveOpinion
from domain.commands.hand_over import TakeOver as TakeOver
from domain.commands.handling import Assess as Assess
from domain.commands.handling import OrderInspection as OrderInspection
from domain.commands.handling import ReportVisit as ReportVisit
from domain.commands.handling import Respond as Respond
from domain.commands.handling import Verify as Verify
from domain.commands.promised_times import PromiseTime as PromiseTime

COMMANDS: dict[str, type[Command]] = {name_of(command): command for command in Command.__subclasses__()}
