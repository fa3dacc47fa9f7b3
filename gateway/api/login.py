"""Signing in."""

from typing import Literal

import structlog
from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from contracts.envelope import Role
from contracts.errors import ErrorCode
from gateway.access import client
from gateway.accounts import (
    DEMO_PASSWORD,
    LONGEST_PASSWORD,
    StaffAccount,
    account_of,
    password_fits,
)
from gateway.answers import answer
from gateway.api.forms import NO_CONTROL_CHARACTERS, Form, with_example
from gateway.context import here
from gateway.problems import ApiProblem
from gateway.throttle import LOGINS_OF_A_USER, QUARTER, Tried

api = APIBlueprint(
    "login",
    __name__,
    url_prefix="/v1/login",
    abp_tags=[Tag(name="login", description="Staff sign in and out")],
)

log = structlog.get_logger()


class LoginForm(Form):
    model_config = with_example(
        {"username": "counter_officer", "password": DEMO_PASSWORD},
        "The demo's counter officer; each role has an account, named like the role",
    )

    username: str = Field(min_length=1, max_length=40, pattern=NO_CONTROL_CHARACTERS)
    password: str = Field(
        min_length=1, max_length=LONGEST_PASSWORD, json_schema_extra={"format": "password"}
    )


class SignedIn(BaseModel):
    """A bearer token; `expires_in` in seconds. `districts` are those of a designated verifier."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of the scheme
    expires_in: int
    role: Role
    districts: tuple[str, ...]


@api.post("", responses={200: SignedIn})
def sign_in(body: LoginForm) -> Response:
    """Sign in with a local account

    Send the token as `Authorization: Bearer <token>`. Demo accounts work in the demo only.
    Too many failed tries, of one user name or from one address, are refused for a while. Where the
    office has a sign-in provider, passwords may be switched off.
    """
    gateway = here()
    if not gateway.settings.local_login:
        raise ApiProblem(ErrorCode.SIGN_IN_NOT_OFFERED)
    tried = (
        Tried("logins of a user", body.username, LOGINS_OF_A_USER, QUARTER),
        Tried("logins of a client", client(), gateway.settings.failed_logins_per_client, QUARTER),
    )
    gateway.throttle.count(*tried)  # before the password is looked at: many may come at once
    with gateway.store.reading() as session:
        account = account_of(session, body.username, demo=gateway.settings.demo)
    if not password_fits(account, body.password) or account is None:
        # A name that is none is not logged: it may be a password in the wrong field.
        known = account.username if account else None
        log.warning("sign_in_refused", reason="WrongPassword", actor=known)
        raise ApiProblem(ErrorCode.LOGIN_FAILED)
    gateway.throttle.forgive(*tried)
    return answer(signed_in(account, "password"))


def signed_in(account: StaffAccount, by: str) -> SignedIn:
    """The answer to who has shown to be the account's owner; `by` tells the log how."""
    tokens = here().tokens
    log.info("signed_in", actor=account.username, by=by)
    return SignedIn(
        access_token=tokens.issue(account.actor, account.stamp, demo=account.demo),
        expires_in=int(tokens.lifetime.total_seconds()),
        role=account.actor.role,
        districts=account.actor.districts,
    )
