"""Webhooks: where bots and other systems are told, and what became of each message."""

from http import HTTPStatus
from typing import Annotated, Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from contracts.envelope import Done
from contracts.errors import ErrorCode
from contracts.notifications import (
    AddWebhook,
    Deliveries,
    ListDeliveries,
    ListWebhooks,
    RemoveWebhook,
    ReplayDelivery,
    WebhookAdded,
    WebhookKind,
    Webhooks,
)
from gateway.access import caller
from gateway.answers import answer
from gateway.api.forms import Form, NothingForm, with_example
from gateway.asking import ask, send
from gateway.context import here
from gateway.problems import ApiProblem
from gateway.visibility import complaints_about, hidden_among

api = APIBlueprint(
    "webhooks",
    __name__,
    url_prefix="/v1",
    abp_tags=[Tag(name="webhooks", description="Where bots and other systems are told")],
)


class WebhookForm(Form):
    model_config = with_example(
        {"url": "https://bot.example/sigap", "kind": "status"},
        "Every case's progress, without personal data",
    )

    url: Annotated[str, Field(max_length=500, pattern=r"^https?://[!-~]+$")]
    kind: WebhookKind = Field(
        description="whatsapp, telegram: residents' messages to pass on; status: every case's "
        "progress, without personal data"
    )


class WebhookPath(BaseModel):
    webhook: str = Field(json_schema_extra={"pattern": "^[A-Za-z0-9-]{1,64}$"})


class DeliveryPath(BaseModel):
    notification: str = Field(json_schema_extra={"pattern": "^[A-Za-z0-9-]{1,64}$"})


class RemovedWebhook(BaseModel):
    webhook: str
    state: str


class DeliveryQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    state: Literal["waiting", "sent", "failed", "dropped"] | None = None
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=200, description="next_cursor of the page before")


@api.post("/webhooks", responses={201: WebhookAdded})
def add_webhook(body: WebhookForm) -> Response:
    """Add a webhook

    `secret` signs what is sent to it (Standard Webhooks); it is shown in this answer only.
    """
    return answer(send(AddWebhook(url=body.url, kind=body.kind)), HTTPStatus.CREATED)


@api.get("/webhooks", responses={200: Webhooks})
def list_webhooks() -> Response:
    """The webhooks, with what waits and what failed"""
    return answer(ask(ListWebhooks()))


@api.post("/webhooks/<webhook>/removal", responses={200: RemovedWebhook})
def remove_webhook(path: WebhookPath, body: NothingForm) -> Response:
    """Remove a webhook

    Nothing is delivered to it any more; the log of its deliveries stays.
    """
    done: Done = send(RemoveWebhook(webhook=path.webhook))
    return answer(RemovedWebhook(webhook=path.webhook, state=done.state))


@api.get("/webhooks/<webhook>/deliveries", responses={200: Deliveries})
def list_deliveries_of_webhook(path: WebhookPath, query: DeliveryQuery) -> Response:
    """What was sent to a webhook, newest first"""
    known: Webhooks = ask(ListWebhooks())
    if path.webhook not in {each.webhook for each in known.webhooks}:
        raise ApiProblem(ErrorCode.WEBHOOK_NOT_FOUND)
    return _deliveries(ListDeliveries(webhook=path.webhook, **dict(query)))


@api.get("/deliveries", responses={200: Deliveries})
def list_deliveries(query: DeliveryQuery) -> Response:
    """Every message on its way, by mail and to webhooks, newest first"""
    return _deliveries(ListDeliveries(**dict(query)))


@api.post("/deliveries/<notification>/replay", responses={200: Done})
def replay_delivery(path: DeliveryPath, body: NothingForm) -> Response:
    """Send a message again

    Under the same id: a receiver that has it can tell.
    """
    with here().store.reading() as session:
        kept = complaints_about(session, caller().actor)
    return answer(send(ReplayDelivery(notification=path.notification, kept_from=kept)))


def _deliveries(query: ListDeliveries) -> Response:
    """The page, without what is about a complaint that is kept from the caller."""
    page: Deliveries = ask(query)
    hidden = _hidden(*(each.tracking_number for each in page.deliveries))
    shown = tuple(each for each in page.deliveries if each.tracking_number not in hidden)
    return answer(page.model_copy(update={"deliveries": shown}))


def _hidden(*tracking_numbers: str) -> frozenset[str]:
    with here().store.reading() as session:
        return hidden_among(session, caller().actor, tracking_numbers)
