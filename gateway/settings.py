"""The gateway's own settings."""

from pydantic import Field

from chassis.settings import Settings


class GatewaySettings(Settings):
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

    @property
    def allowed_origins(self) -> frozenset[str]:
        return frozenset(part.strip() for part in self.cors_origins.split(",") if part.strip())
