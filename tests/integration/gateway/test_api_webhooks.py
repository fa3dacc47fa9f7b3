"""Webhooks: added and removed by the administrator, who sees what became of each message."""

from collections.abc import Iterator
from typing import Any

import pytest

from contracts.envelope import Done, Role
from contracts.errors import ErrorCode, Refusal
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
from tests.case_events import CASE
from tests.integration.gateway.desk import KEY, Desk, fields, problem
from tests.integration.gateway.replies import DELIVERY, WEBHOOK

EXAMPLE = {"url": "https://bot.example/sigap", "kind": "status"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway in the demo."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    yield desk
    desk.close()


@pytest.fixture
def desk(shared: Desk) -> Desk:
    """The gateway, with a notifications service that was asked nothing yet."""
    shared.rpc.calls.clear()
    shared.rpc.replies |= {
        AddWebhook: lambda ask: WebhookAdded(webhook="w-1", secret="whsec_dGVzdA=="),
        ListWebhooks: lambda ask: Webhooks(webhooks=(WEBHOOK,)),
        ListDeliveries: lambda ask: Deliveries(deliveries=(DELIVERY,), next_cursor="more"),
    }
    return shared


def post(desk: Desk, path: str, body: Any = None) -> Any:
    headers = KEY | desk.sign_in(Role.ADMINISTRATOR)
    return desk.http.post(path, json=body or {}, headers=headers)


def get(desk: Desk, path: str) -> Any:
    return desk.http.get(path, headers=desk.sign_in(Role.ADMINISTRATOR))


def test_a_webhook_is_added_and_its_secret_shown_once(desk: Desk) -> None:
    """The list does not hold it."""
    response = post(desk, "/v1/webhooks", EXAMPLE)
    assert (response.status_code, response.json["secret"]) == (201, "whsec_dGVzdA==")
    assert desk.asked() == [AddWebhook(url=EXAMPLE["url"], kind=WebhookKind.STATUS)]
    listed = get(desk, "/v1/webhooks")
    assert listed.json["webhooks"][0]["url"] == EXAMPLE["url"]
    assert "whsec" not in listed.text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "ftp://bot.example"}, "url"),
        ({"url": "https://bot.example/a b"}, "url"),
        ({"url": "https://" + "a" * 600}, "url"),
        ({"kind": "sms"}, "kind"),
        ({"secret": "mine"}, "secret"),
    ],
)
def test_a_wrong_webhook_is_refused(desk: Desk, change: dict[str, Any], field: str) -> None:
    """By the field that is wrong."""
    response = post(desk, "/v1/webhooks", EXAMPLE | change)
    assert problem(response) == (422, "validation_failed")
    assert list(fields(response)) == [field]
    assert not desk.asked()


def test_a_webhook_is_removed(desk: Desk) -> None:
    """One that is not known is not found."""
    removed = Done(tracking_number="w-1", state="removed")
    desk.rpc.replies[RemoveWebhook] = lambda ask: removed
    answered = post(desk, "/v1/webhooks/w-1/removal").json
    assert answered == {"webhook": "w-1", "state": "removed"}
    assert desk.asked() == [RemoveWebhook(webhook="w-1")]

    def refuse(ask: RemoveWebhook) -> None:
        raise Refusal(ErrorCode.WEBHOOK_NOT_FOUND)

    desk.rpc.replies[RemoveWebhook] = refuse
    assert problem(post(desk, "/v1/webhooks/w-2/removal")) == (404, "webhook_not_found")
    desk.rpc.calls.clear()
    assert problem(post(desk, "/v1/webhooks/w.2/removal")) == (404, "webhook_not_found")
    assert not desk.asked()


def test_deliveries_are_listed_page_by_page(desk: Desk) -> None:
    """Of one webhook or of all, by state."""
    page = get(desk, "/v1/deliveries?state=failed&limit=1&cursor=before").json
    assert page["deliveries"][0]["last_status"] == 500
    assert page["next_cursor"] == "more"
    get(desk, "/v1/webhooks/w-1/deliveries")
    assert desk.asked() == [
        ListDeliveries(state="failed", limit=1, cursor="before"),
        ListWebhooks(),
        ListDeliveries(webhook="w-1"),
    ]


def test_an_unknown_webhook_has_no_empty_list(desk: Desk) -> None:
    """It is not found."""
    response = get(desk, "/v1/webhooks/w-2/deliveries")
    assert problem(response) == (404, "webhook_not_found")


@pytest.mark.parametrize("query", ["state=lost", "limit=0", "colour=1"])
def test_a_wrong_query_is_named(desk: Desk, query: str) -> None:
    """As a field."""
    response = get(desk, f"/v1/deliveries?{query}")
    assert list(fields(response)) == [query.split("=")[0]]


def test_a_delivery_is_replayed(desk: Desk) -> None:
    """Under its own id; one that is not known is not found."""
    waiting = Done(tracking_number=CASE, state="waiting")
    desk.rpc.replies[ReplayDelivery] = lambda ask: waiting
    assert post(desk, "/v1/deliveries/n-1/replay").json["state"] == "waiting"
    assert desk.asked() == [ReplayDelivery(notification="n-1")]

    def refuse(ask: ReplayDelivery) -> None:
        raise Refusal(ErrorCode.DELIVERY_NOT_FOUND)

    desk.rpc.replies[ReplayDelivery] = refuse
    assert problem(post(desk, "/v1/deliveries/n-2/replay")) == (404, "delivery_not_found")
