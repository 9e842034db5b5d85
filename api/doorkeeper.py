"""The door: who comes in with which token or key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from api.identity import Me, unauthenticated
from api.local_issuer import customer_links, development
from api.machine_keys import MachineKeys
from api.remote_keys import RemoteKeys, fetcher
from api.tokens import Issuer, Tokens
from domain.actor import Role
from settings import PREFIX, Settings, SettingsError
from settings.identity import listed, pairs
from settings.language import text
from storage.database import Database
from storage.keys import KEY_PREFIX, ApiKeys, Scope

_IN_ADDRESS = frozenset({"access_token", "token", "api_key", "apikey", "key"})


@dataclass(frozen=True)
class Doorkeeper:
    """Tells who calls. `link_secret` signs customers' links (empty: none are made), `link_url` is their page."""

    tokens: Tokens
    keys: MachineKeys
    link_secret: str = ""
    link_url: str = ""

    async def admit(self, request: Request, by_scope: Mapping[Scope, Role]) -> Me:
        """The caller. `by_scope` says which roles an API key plays on this route. Raises the problems of identity."""
        given = request.headers.getlist("authorization")
        if request.scope["query_string"] and not _IN_ADDRESS.isdisjoint(request.query_params):
            raise unauthenticated(
                "令牌不得写在网址中，请放入 Authorization 头；网址会留在日志里，请作废该令牌",
                "a token does not belong into the address, which ends in logs: send it in the header Authorization, as a new one",
            )
        scheme, _, token = (given[0] if len(given) == 1 else "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise unauthenticated(
                "缺少访问令牌，请在 Authorization 头中提供 Bearer 令牌", "send an access token: Authorization: Bearer <token>"
            )
        if token.startswith(KEY_PREFIX):
            return await self.keys.admit(token, by_scope)
        return await self.tokens.read(token)


def doorkeeper(settings: Settings, database: Database) -> Doorkeeper:
    """The door as it is set. Raises SettingsError."""
    own = (settings.token_key,) if settings.token_key and not settings.oidc_issuer else ()
    link_secrets = listed(settings.customer_link_keys) or own
    issuers = [customer_links(*link_secrets)] if link_secrets else []
    if settings.oidc_issuer:
        issuers.append(_company(settings))
    elif settings.token_key:
        issuers.append(development(settings.token_key))
    return Doorkeeper(
        tokens=Tokens(issuers),
        keys=MachineKeys(ApiKeys(database)),
        link_secret=link_secrets[0] if link_secrets else "",
        link_url=settings.customer_link_url,
    )


def _company(settings: Settings) -> Issuer:
    return Issuer(
        name=settings.oidc_issuer,
        audience=settings.oidc_audience,
        keys=RemoteKeys(fetcher(settings.oidc_issuer, settings.oidc_jwks_url)),
        roles=company_roles(settings),
        person_claim=settings.oidc_person_claim,
        tenant_claim=settings.oidc_tenant_claim,
        roles_claim=settings.oidc_roles_claim,
        strict=False,
    )


def company_roles(settings: Settings) -> dict[str, Role]:
    """Our roles by the names that the issuer has for them. Raises SettingsError for a role that is none."""
    ours: dict[str, Role] = {role.value: role for role in Role if role is not Role.SYSTEM}
    named = dict(pairs(settings.oidc_roles))
    if unknown := sorted(set(named.values()) - set(ours)):
        raise SettingsError(
            text(
                f"The variable {PREFIX}OIDC_ROLES names {', '.join(unknown)}; roles are {', '.join(ours)}.",
                f"环境变量 {PREFIX}OIDC_ROLES 含有未知角色 {', '.join(unknown)}；可用角色：{', '.join(ours)}。",
            )
        )
    return {theirs: ours[role] for theirs, role in named.items()} or ours
