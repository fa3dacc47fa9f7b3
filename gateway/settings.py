"""The gateway's own settings."""

import re

from pydantic import Field, field_validator

from gateway.clamd import Clamd
from gateway.clients import Network, networks
from gateway.oidc.settings import OidcSettings

_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?")


class GatewaySettings(OidcSettings):
    """What the HTTP side reads beside every process's settings. Secrets: `access_code`, `token`."""

    cors_origins: str = Field(
        "", description="origins that may call from a browser, separated by commas; * for any"
    )
    token_ttl_minutes: int = Field(480, ge=1, description="how long a sign-in lasts")
    max_attachment_bytes: int = Field(
        5 * 1024 * 1024,
        ge=1024,
        le=5 * 1024 * 1024,  # what intake takes
        description="size of the largest attachment",
    )

    clamd: str = Field(
        "",
        description="virus scanner for uploads, tcp://host:port or unix:/path; empty: none",
    )
    clamd_timeout_seconds: float = Field(
        10.0, gt=0, description="how long a file may take to be scanned"
    )

    trusted_proxy: str = Field(
        "",
        description="addresses or networks of proxies whose X-Forwarded-For is believed, separated "
        "by commas",
    )
    wrong_codes_per_client: int = Field(
        100, ge=1, description="wrong access codes from one address in 15 minutes"
    )
    failed_logins_per_client: int = Field(
        50, ge=1, description="failed sign-ins from one address in 15 minutes"
    )
    hsts_seconds: int = Field(
        0, ge=0, description="for how long browsers use https only; 0 says nothing of it"
    )

    @field_validator("cors_origins")
    @classmethod
    def _is_origins(cls, value: str) -> str:
        for part in filter(None, map(str.strip, value.split(","))):
            if part != "*" and not _ORIGIN.fullmatch(part):  # a browser would never send it so
                raise ValueError("not origins, as https://depan.example or http://localhost:3000")
        return value

    @field_validator("trusted_proxy")
    @classmethod
    def _is_networks(cls, value: str) -> str:
        try:
            networks(value)
        except ValueError:
            raise ValueError("not addresses or networks, as 10.0.0.5 or 10.0.0.0/24") from None
        return value

    @field_validator("clamd")
    @classmethod
    def _is_a_scanner(cls, value: str) -> str:
        if value:
            Clamd.at(value, seconds=1)
        return value

    @property
    def scanner(self) -> Clamd | None:
        return Clamd.at(self.clamd, self.clamd_timeout_seconds) if self.clamd else None

    @property
    def trusted_proxies(self) -> tuple[Network, ...]:
        return networks(self.trusted_proxy)

    @property
    def allowed_origins(self) -> frozenset[str]:
        return frozenset(part.strip() for part in self.cors_origins.split(",") if part.strip())
