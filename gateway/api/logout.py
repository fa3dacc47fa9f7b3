"""Signing out."""

import structlog
from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel

from gateway.access import holder, token_key
from gateway.answers import answer
from gateway.api.forms import NothingForm
from gateway.context import here
from gateway.spent import spend

api = APIBlueprint(
    "logout",
    __name__,
    url_prefix="/v1/logout",
    abp_tags=[Tag(name="login", description="Staff sign in and out")],
)


class SignedOut(BaseModel):
    signed_out: bool = True


@api.post("", responses={200: SignedOut})
def sign_out(body: NothingForm) -> Response:
    """Sign out

    The token of this call is refused from now on, everywhere; others of the same account are not.
    A call that is repeated is answered with `not_signed_in`: that has been done.
    """
    gateway, token = here(), holder()
    with gateway.store.unit("sign_out") as work:
        spend(work.session, token_key(token.token), token.ends_at)
    structlog.get_logger().info("signed_out", actor=token.actor.id)
    return answer(SignedOut())
