"""The office's sign-in provider, as its discovery document describes it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from chassis.clock import Clock
from gateway.accounts import is_subject
from gateway.oidc.fetching import ProviderAway, is_safe, read_json, redeem
from gateway.oidc.id_token import Keys, WrongIdToken, check, claims_of
from gateway.oidc.settings import OidcSettings
from gateway.oidc.tickets import Ticket

DISCOVERY = "/.well-known/openid-configuration"
KEPT = timedelta(hours=1)
"""How long the provider's description and its keys are believed."""

LOOKED_FOR = timedelta(minutes=1)
"""An unknown key id makes the keys be read anew, once in this time."""

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Provider:
    """Sends people to the provider, and finds out who came back."""

    def __init__(self, settings: OidcSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._description: dict[str, Any] = {}
        self._described_at: datetime | None = None
        self._keys: Keys = ()
        self._keys_read_at: datetime | None = None

    def authorization_url(self, ticket: Ticket) -> str:
        """Where the browser goes to sign in. Raises ProviderAway."""
        endpoint = str(self._described()["authorization_endpoint"])
        query = urlencode(
            {
                "response_type": "code",
                "client_id": self._settings.oidc_client_id,
                "redirect_uri": ticket.redirect_uri,
                "scope": self._settings.oidc_scope,
                "state": ticket.state,
                "nonce": ticket.nonce,
                "code_challenge": ticket.challenge,
                "code_challenge_method": "S256",
            }
        )
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"

    def subject(self, code: str, ticket: Ticket) -> str:
        """Who signed in, by the provider's name for them.

        Raises CodeRefused, WrongIdToken, ProviderAway.
        """
        settings, described = self._settings, self._described()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": ticket.redirect_uri,
            "code_verifier": ticket.verifier,
        }
        methods = described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        given = redeem(
            described["token_endpoint"],
            form,
            settings.oidc_client_id,
            settings.oidc_client_secret,
            basic="client_secret_basic" in methods,
        )
        now = int(self._clock.now().timestamp())
        claims = claims_of(given.get("id_token"), self._keys_for, now)
        check(claims, settings.oidc_issuer, settings.oidc_client_id, ticket.nonce)
        subject = claims.get(settings.oidc_subject_claim)
        if not isinstance(subject, str) or not is_subject(subject):
            raise WrongIdToken("subject")
        return subject

    def _described(self) -> Mapping[str, Any]:
        if not _is_recent(self._described_at, KEPT, self._clock.now()):
            issuer = self._settings.oidc_issuer
            found = read_json(issuer.rstrip("/") + DISCOVERY)
            if found.get("issuer") != issuer:
                raise ProviderAway("other_issuer")
            if not all(is_safe(str(found.get(endpoint))) for endpoint in _ENDPOINTS):
                raise ProviderAway("unsafe_endpoint")
            self._description, self._described_at = found, self._clock.now()
        return self._description

    def _keys_for(self, key_id: str | None) -> Keys:
        """The keys, read anew when they are old, or when none of them has that id."""
        now = self._clock.now()
        is_known = key_id is None or any(key.get("kid") == key_id for key in self._keys)
        if not _is_recent(self._keys_read_at, KEPT if is_known else LOOKED_FOR, now):
            found = read_json(str(self._described()["jwks_uri"])).get("keys")
            if not isinstance(found, list):
                raise ProviderAway("no_keys")
            self._keys = [key for key in found if isinstance(key, dict)]
            self._keys_read_at = now
        return self._keys


def _is_recent(then: datetime | None, span: timedelta, now: datetime) -> bool:
    return then is not None and then <= now < then + span
