"""Signing in."""

from typing import Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from contracts.envelope import Role
from contracts.errors import ErrorCode
from gateway.access import client
from gateway.accounts import DEMO_PASSWORD, LONGEST_PASSWORD, account_of, password_fits
from gateway.answers import answer
from gateway.api.forms import NO_CONTROL_CHARACTERS, Form, with_example
from gateway.context import here
from gateway.problems import ApiProblem
from gateway.throttle import LOGINS_OF_A_USER, QUARTER, Tried

api = APIBlueprint(
    "login",
    __name__,
    url_prefix="/v1/login",
    abp_tags=[Tag(name="login", description="Staff sign in with their local accounts")],
)


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
    """Sign in

    Send the token as `Authorization: Bearer <token>`. Demo accounts work in the demo only.
    Too many failed tries, of one user name or from one address, are refused for a while.
    """
    gateway = here()
    tried = (
        Tried("logins of a user", body.username, LOGINS_OF_A_USER, QUARTER),
        Tried("logins of a client", client(), gateway.settings.failed_logins_per_client, QUARTER),
    )
    gateway.throttle.count(*tried)  # before the password is looked at: many may come at once
    with gateway.store.reading() as session:
        account = account_of(session, body.username, demo=gateway.settings.demo)
    if not password_fits(account, body.password) or account is None:
        raise ApiProblem(ErrorCode.LOGIN_FAILED)
    gateway.throttle.forgive(*tried)
    signed_in = SignedIn(
        access_token=gateway.tokens.issue(account.actor, account.stamp, demo=account.demo),
        expires_in=int(gateway.tokens.lifetime.total_seconds()),
        role=account.actor.role,
        districts=account.actor.districts,
    )
    return answer(signed_in)
