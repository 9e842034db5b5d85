"""One run: everything that stories need is connected, the stories are told one after the other, and the end is shown."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.client import Client

from demo import marketplace, summary
from demo.api import Api
from demo.edge import Edge
from demo.people import Cast
from demo.play import Play, Story
from demo.show import Screen
from demo.stage import Stage
from domain.actor import Role
from sealing.converter import sealing_converter
from settings import Settings
from settings.language import reads_chinese, text
from storage.tenants import load_tenants

SHOP = "home-demo"
MARKETPLACE = "olist-demo"


async def tell_stories(settings: Settings, screen: Screen, stories: tuple[Story, ...], orders: Path | None) -> None:
    """Tells the stories of the shop, and of the marketplace where its orders are there. Raises DemoFailed."""
    run = secrets.token_hex(3)
    async with playing(settings, screen, run, SHOP) as play:
        for number, story in enumerate(stories, 1):
            title = text(*story.title)
            screen.title(number, len(stories), title, text(*story.intro))
            await story.tell(play, title)
        await summary.show(play)
    async with playing(settings, screen, run, MARKETPLACE) as play:
        await marketplace.tell(play, orders)
        await summary.show(play)


@asynccontextmanager
async def playing(settings: Settings, screen: Screen, run: str, tenant: str) -> AsyncIterator[Play]:
    """The API, the partners and Temporal, connected for one tenant."""
    client = await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=sealing_converter(settings.data_keys_file),
    )
    cast = Cast(settings, load_tenants(settings.tenants_dir)[tenant])
    api, edge = Api(settings.api_url), Edge(settings.partners_url, run)
    try:
        screen.clauses |= await _clauses(api, cast)
        yield Play(settings, run, cast, api, edge, Stage(client), screen)
    finally:
        await api.close()
        await edge.close()


async def _clauses(api: Api, cast: Cast) -> dict[str, str]:
    """The wording of every clause of the tenant's pack, in the reader's language."""
    reader = cast.somebody(Role.AGENT)
    pack = await api.ask(reader, f"/v1/policies/{cast.tenant.pack}")
    return {clause["id"]: clause["zh" if reads_chinese() else "en"] for clause in pack["clause"]}
