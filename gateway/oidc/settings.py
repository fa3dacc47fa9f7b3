"""Where staff sign in, if not here."""

from typing import Self

from pydantic import Field, field_validator, model_validator

from chassis.settings import Settings
from gateway.oidc.fetching import is_safe

NAMED = ("oidc_client_id", "oidc_redirect_uris")
"""What a provider needs beside its address."""


class OidcSettings(Settings):
    """The sign-in provider: none, unless `oidc_issuer` is set."""

    oidc_issuer: str = Field(
        "", max_length=200, description="the sign-in provider; empty: local accounts only"
    )
    oidc_client_id: str = Field("", description="by what name the provider knows the gateway")
    oidc_client_secret: str = Field(
        "", repr=False, description="the gateway's secret at the provider; a public client has none"
    )
    oidc_redirect_uris: str = Field(
        "", description="pages that the provider may send browsers back to, separated by commas"
    )
    oidc_scope: str = Field("openid", pattern=r"^(\S+ )*openid( \S+)*$", description="asked for")
    oidc_subject_claim: str = Field(
        "sub", min_length=1, description="what in the ID token tells who somebody is, for ever"
    )
    local_login: bool = Field(True, description="sign-in with passwords of local accounts")

    @field_validator("oidc_issuer")
    @classmethod
    def _is_an_issuer(cls, value: str) -> str:
        if value and (not is_safe(value) or "?" in value):
            raise ValueError("not an address with https, without a query")
        return value

    @field_validator("oidc_redirect_uris")
    @classmethod
    def _are_pages(cls, value: str) -> str:
        if not all(map(is_safe, _parts(value))):
            raise ValueError("not addresses with https, without a fragment")
        return value

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        missing = [f"SIGAP_{name.upper()}" for name in NAMED if not getattr(self, name)]
        if self.oidc_issuer and missing:
            raise ValueError(f"with SIGAP_OIDC_ISSUER, {' and '.join(missing)} must be set")
        if not (self.oidc_issuer or self.local_login):
            raise ValueError("without SIGAP_OIDC_ISSUER, SIGAP_LOCAL_LOGIN=0 lets nobody in")
        return self

    @property
    def redirect_uris(self) -> frozenset[str]:
        """The pages, each to the letter as it must be asked for."""
        return frozenset(_parts(self.oidc_redirect_uris))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
