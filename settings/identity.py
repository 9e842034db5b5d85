"""Whose access tokens count: those of an OIDC issuer, or of the issuer inside this program; and what signs customers' links."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from settings.language import text

SHORTEST_SECRET = 32


class IdentitySettings(BaseSettings):
    """Part of `Settings`. As it stands, tokens come from `python -m api token`."""

    model_config = SettingsConfigDict(use_attribute_docstrings=True)

    oidc_issuer: str = ""
    """The issuer (iss) of access tokens. Empty: only tokens of `python -m api token` count; set: those no longer do."""
    oidc_audience: str = "redress"
    """The audience (aud) that a token of the issuer has to name."""
    oidc_jwks_url: str = ""
    """Where the issuer's public keys are. Empty: where its discovery says, <issuer>/.well-known/openid-configuration."""
    oidc_person_claim: str = "sub"
    """The claim that names the person or program, for staff by their id in the tenant's file."""
    oidc_tenant_claim: str = "tenant"
    """The claim that names the tenant; a path such as company.id looks inside."""
    oidc_roles_claim: str = "roles"
    """The claim that lists the roles; a path such as realm_access.roles looks inside."""
    oidc_roles: str = ""
    """What the issuer calls our roles, such as `cs-team=agent, cs-leads=supervisor`. Empty: as we do; set: no others count."""

    customer_link_keys: Annotated[str, Field(repr=False)] = ""
    """Secrets of 32 characters or more that sign customers' links, parted by commas: the first signs, all are accepted, and
    what the one signed that is taken out is void. Empty: the token key, where tokens are our own."""
    customer_link_url: str = ""
    """The page that customers open, with {token} and, if need be, {complaint_id} in it. Empty: only the token is made."""

    decision_link_keys: Annotated[str, Field(repr=False)] = ""
    """Secrets of 32 characters or more that sign approvers' links, parted by commas: the first signs, all are accepted. Empty:
    the token key, where tokens are our own. API and worker need the same."""
    decision_link_url: str = ""
    """Where approvers reach this API from their mail, such as https://redress.example. Empty: their mail says where to look."""

    @field_validator("oidc_issuer", "oidc_jwks_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError(
                text("expected an address that begins with http:// or https://", "应为以 http:// 或 https:// 开头的地址")
            )
        return value  # to the letter: an issuer is compared as it stands

    @field_validator("oidc_audience", "oidc_person_claim", "oidc_tenant_claim", "oidc_roles_claim")
    @classmethod
    def _is_named(cls, value: str) -> str:
        if not value.strip():
            raise ValueError(text("may not be empty", "不得为空"))
        return value

    @field_validator("oidc_roles")
    @classmethod
    def _are_pairs(cls, value: str) -> str:
        if not all(theirs and ours for theirs, ours in pairs(value)):
            raise ValueError(text("expected pairs such as cs-team=agent", "应为成对的名称，例如 cs-team=agent"))
        return value

    @field_validator("customer_link_keys", "decision_link_keys")
    @classmethod
    def _are_long_enough(cls, value: str) -> str:
        if any(len(each) < SHORTEST_SECRET for each in listed(value)):
            raise ValueError(text("expected 32 characters or more for each", "每个至少需要 32 个字符"))
        return value

    @field_validator("decision_link_url")
    @classmethod
    def _is_a_base(cls, value: str) -> str:
        if value and (not value.startswith(("http://", "https://")) or "?" in value or "#" in value):
            raise ValueError(
                text("expected an address that begins with http:// or https://", "应为以 http:// 或 https:// 开头的地址")
            )
        return value.rstrip("/")

    @field_validator("customer_link_url")
    @classmethod
    def _takes_a_token(cls, value: str) -> str:
        fields = re.findall(r"\{([^{}]*)\}", value)
        if value and ("token" not in fields or not set(fields) <= {"token", "complaint_id"} or not value.startswith("http")):
            raise ValueError(text("expected an address with {token} in it", "应为含有 {token} 的地址"))
        return value


def listed(value: str) -> tuple[str, ...]:
    """What stands between the commas."""
    return tuple(each.strip() for each in value.split(",") if each.strip())


def pairs(value: str) -> tuple[tuple[str, str], ...]:
    """`theirs=ours`, parted by commas; a name may hold an equals sign, a role does not."""
    return tuple((theirs.strip(), ours.strip()) for theirs, _, ours in (each.rpartition("=") for each in listed(value)))
