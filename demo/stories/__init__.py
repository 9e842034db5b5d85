"""The stories, in the order in which they are told."""

from __future__ import annotations

from demo.play import Story
from demo.stories.appealed import APPEALED
from demo.stories.approved import APPROVED
from demo.stories.installed import INSTALLED
from demo.stories.late import LATE
from demo.stories.lost import LOST

STORIES: tuple[Story, ...] = (LATE, APPROVED, APPEALED, LOST, INSTALLED)
