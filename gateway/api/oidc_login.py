"""Signing in at the office's sign-in provider (OpenID Connect)."""

from typing import NoReturn

import structlog
from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from contracts.errors import ErrorCode
from gateway.access import client
from gateway.accounts import linked_account
from gateway.answers import answer
from gateway.api.forms import Form, with_example
from gateway.api.login import SignedIn, signed_in
from gateway.context import here
from gateway.field_errors import field_error
from gateway.oidc.fetching import CodeRefused, ProviderAway
from gateway.oidc.id_token import WrongIdToken
from gateway.oidc.provider import Provider
from gateway.oidc.tickets import Ticket, WrongTicket
from gateway.problems import ApiProblem
from gateway.spent import spend
from gateway.throttle import QUARTER, Tried

api = APIBlueprint(
    "oidc_login",
    __name__,
    url_prefix="/v1/login/oidc",
    abp_tags=[Tag(name="login", description="Staff sign in and out")],
)

log = structlog.get_logger()


class SignInQuery(BaseModel):
    redirect_uri: str = Field(
        max_length=2000,
        description="One of the pages of `SIGAP_OIDC_REDIRECT_URIS`; the provider sends the "
        "browser back there with `code` and `state`",
    )


class SignInBegun(BaseModel):
    """Send the browser to `authorization_url`. Keep `state` and `ticket` in its session storage,
    where no other page can read them; both are good for ten minutes and for one attempt."""

    authorization_url: str
    state: str
    ticket: str


class SignInForm(Form):
    model_config = with_example(
        {"code": "SplxlOBeZQQYbYS6WxSbIA", "state": "af0ifjsldkj", "ticket": "q83vEjRWeJA="},
        "What the provider sent back, and the ticket that was kept",
    )

    code: str = Field(min_length=1, max_length=4000, description="From the address")
    state: str = Field(min_length=1, max_length=200, description="From the address")
    ticket: str = Field(min_length=1, max_length=8000, description="As it was kept")


@api.get("", responses={200: SignInBegun})
def begin(query: SignInQuery) -> Response:
    """Begin to sign in at the provider

    Only where the office has one. When the browser is back, compare `state` with the one that was
    kept, and send it on with `POST /v1/login/oidc`.
    """
    gateway = here()
    provider = _provider()
    if query.redirect_uri not in gateway.settings.redirect_uris:
        raise ApiProblem(
            ErrorCode.VALIDATION_FAILED, [field_error("redirect_uri", "unknown_value")]
        )
    ticket = gateway.tickets.new(query.redirect_uri)
    try:
        address = provider.authorization_url(ticket)
    except ProviderAway as away:
        _give_up(away)
    return answer(
        SignInBegun(
            authorization_url=address, state=ticket.state, ticket=gateway.tickets.sealed(ticket)
        )
    )


@api.post("", responses={200: SignedIn})
def finish(body: SignInForm) -> Response:
    """Finish signing in at the provider

    The answer is that of `POST /v1/login`. An attempt is used up by this call, whatever comes of
    it: after a refusal or a `503` begin anew. Who is not linked to an account of the office's gets
    `account_not_linked`.
    """
    gateway = here()
    provider = _provider()
    limit = gateway.settings.failed_logins_per_client
    tried = Tried("logins of a client", client(), limit, QUARTER)
    gateway.throttle.count(tried)
    try:
        ticket = _used_up(body)
        subject = provider.subject(body.code, ticket)
    except ProviderAway as away:
        gateway.throttle.forgive(tried)
        _give_up(away)
    except (WrongTicket, CodeRefused, WrongIdToken) as error:
        why = getattr(error, "why", "")
        log.warning("sign_in_refused", reason=type(error).__name__, why=why)
        raise ApiProblem(ErrorCode.SIGN_IN_FAILED) from None
    with gateway.store.reading() as session:
        account = linked_account(session, gateway.settings.oidc_issuer, subject)
    if account is None:
        log.warning("sign_in_refused", reason="AccountNotLinked", why="")
        raise ApiProblem(ErrorCode.ACCOUNT_NOT_LINKED)
    gateway.throttle.forgive(tried)
    return answer(signed_in(account, "oidc"))


def _provider() -> Provider:
    provider = here().provider
    if provider is None:
        raise ApiProblem(ErrorCode.SIGN_IN_NOT_OFFERED)
    return provider


def _used_up(body: SignInForm) -> Ticket:
    """The attempt, which is good no more from now on. Raises WrongTicket."""
    gateway = here()
    ticket = gateway.tickets.opened(body.ticket, body.state)
    key = gateway.store.digest(f"ticket\0{ticket.state}")
    with gateway.store.unit("sign_in") as work:
        first = spend(work.session, key, ticket.ends_at)
    if not first:
        raise WrongTicket
    return ticket


def _give_up(away: ProviderAway) -> NoReturn:
    log.warning("sign_in_provider_away", why=away.why)
    raise ApiProblem(ErrorCode.SIGN_IN_PROVIDER_UNAVAILABLE) from None
