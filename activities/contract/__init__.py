"""What workflows may ask of the world: the typed contract that `activities/` implements.

Workflow code imports this file and nothing else of `activities/`. Methods declare arguments and answers; a class of the same
methods, over real adapters and a real database, is registered in the worker.
"""

from __future__ import annotations

from activities.contract.incidents import AskLot as AskLot
from activities.contract.incidents import AskMembers as AskMembers
from activities.contract.incidents import AskStanding as AskStanding
from activities.contract.incidents import Attached as Attached
from activities.contract.incidents import AttachMember as AttachMember
from activities.contract.incidents import Incidents as Incidents
from activities.contract.incidents import IncidentStart as IncidentStart
from activities.contract.incidents import Members as Members
from activities.contract.incidents import PlacedExtra as PlacedExtra
from activities.contract.incidents import PlaceExtra as PlaceExtra
from activities.contract.incidents import RecordIncident as RecordIncident
from activities.contract.incidents import Standing as Standing
from activities.contract.incidents import TellClosed as TellClosed
from activities.contract.notices import DecisionAsked as DecisionAsked
from activities.contract.notices import Notice as Notice
from activities.contract.notices import NoticeReceipt as NoticeReceipt
from activities.contract.notices import NoticeReceipts as NoticeReceipts
from activities.contract.notices import Notices as Notices
from activities.contract.notices import SendNotices as SendNotices
from activities.contract.partners import CancelEffect as CancelEffect
from activities.contract.partners import FindOrder as FindOrder
from activities.contract.partners import FoundOrder as FoundOrder
from activities.contract.partners import Partners as Partners
from activities.contract.partners import PlaceEffect as PlaceEffect
from activities.contract.planning import Assign as Assign
from activities.contract.planning import Assignment as Assignment
from activities.contract.planning import DeadlineAsk as DeadlineAsk
from activities.contract.planning import PlanDeadlines as PlanDeadlines
from activities.contract.planning import PlannedDeadline as PlannedDeadline
from activities.contract.planning import PlannedDeadlines as PlannedDeadlines
from activities.contract.planning import Planning as Planning
from activities.contract.records import Recorded as Recorded
from activities.contract.records import RecordJournal as RecordJournal
from activities.contract.records import Records as Records
from activities.contract.reports import LateTold as LateTold
from activities.contract.reports import Reconcile as Reconcile
from activities.contract.reports import Reconciled as Reconciled
from activities.contract.reports import Reconciling as Reconciling
from activities.contract.reports import Summaries as Summaries
from activities.contract.reports import Summarise as Summarise
from activities.contract.reports import SummaryReceipt as SummaryReceipt
from activities.contract.reports import TellLate as TellLate
