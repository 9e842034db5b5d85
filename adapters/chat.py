"""Chat notices to staff and SMS to customers: WeCom, DingTalk, Feishu and whatever else apprise can reach."""

from __future__ import annotations

import asyncio
import logging
import warnings
from datetime import timedelta
from typing import Protocol

import apprise
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from adapters.errors import OutcomeUnknown, PartnerRefused

# Apprise logs whole addresses, with the channel's secret or a customer's telephone number in them; what matters is raised.
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)


class Message(BaseModel):
    """One notice to one channel."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: SecretStr = Field(description="Apprise URL of the channel, from the tenant; it holds the channel's secret.")
    title: str = Field(min_length=1)
    body: str = Field(min_length=1)


class Chat(Protocol):
    """Carries notices."""

    async def send(self, message: Message) -> None:
        """Post the notice.

        Raises PartnerRefused (`bad_channel`: no such kind of channel, or its address is incomplete) or OutcomeUnknown (not
        confirmed; posting again may show it twice).
        """


class AppriseChat(Chat):
    """Apprise is synchronous: each notice is posted in a thread."""

    def __init__(
        self, *, connect_timeout: timedelta = timedelta(seconds=2), read_timeout: timedelta = timedelta(seconds=10)
    ) -> None:
        self._connect_timeout = connect_timeout.total_seconds()
        self._read_timeout = read_timeout.total_seconds()
        with warnings.catch_warnings():
            # The first address makes apprise load its plugins: here, not in the first notice. One of them imports `imghdr`, which
            # is deprecated in Python 3.11 and missed without harm in 3.13.
            warnings.simplefilter("ignore", DeprecationWarning)
            apprise.Apprise.instantiate("json://127.0.0.1")

    async def send(self, message: Message) -> None:
        url = message.channel.get_secret_value()
        kind = url.partition(":")[0]  # the only part of the address that may be told
        channel = apprise.Apprise.instantiate(url)
        if not channel:
            raise PartnerRefused("chat", "bad_channel", f"the {kind} channel cannot be used: look at its address in the tenant")
        channel.socket_connect_timeout = self._connect_timeout
        channel.socket_read_timeout = self._read_timeout
        if not await asyncio.to_thread(channel.notify, title=message.title, body=message.body):
            raise OutcomeUnknown("chat", f"the {kind} channel did not confirm the notice")
