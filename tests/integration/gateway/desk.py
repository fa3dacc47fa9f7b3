"""The gateway's HTTP application on a desk: real database and read model, recorded RPC."""

import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from chassis.database import insert_or_ignore
from contracts.envelope import Actor, CloudEvent, DeadlineView, Done, EventData, Role
from contracts.intake import RequestRegistered, SubmitRequest
from gateway.access_codes import AccessCodes
from gateway.accounts import StaffAccount, stamp_of
from gateway.api.request_forms import DATA_EXAMPLE, EXAMPLE
from gateway.service import GatewayService
from standards import regions
from tests.case_events import CASE, DEADLINE, Story
from tests.support import Bench

KEY = {"Idempotency-Key": "a-key-of-the-client"}
NIK = "6371034107900001"
REQUEST: dict[str, Any] = EXAMPLE
DATA_REQUEST: dict[str, Any] = DATA_EXAMPLE
"""The examples of the OpenAPI document."""


class CheckedClient(FlaskClient):
    """Fails when an answer is not what the OpenAPI document declares for it."""

    @cached_property
    def _document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.application.extensions["openapi_json"])
        return document

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        request = response.request
        path = re.sub(r"\?.*", "", request.path)
        for template, methods in self._document["paths"].items():
            pattern = re.sub(r"{\w+}", "[^/]+", template)
            if request.method.lower() in methods and re.fullmatch(pattern, path):
                operation = methods[request.method.lower()]
                self._check(response, operation["responses"][str(response.status_code)])
                break
        return response

    def _check(self, response: TestResponse, declared: dict[str, Any]) -> None:
        media = declared.get("content", {}).get(response.mimetype)
        if media is None or "json" not in response.mimetype or response.mimetype.endswith("ndjson"):
            return
        schema = media["schema"] | {"components": self._document["components"]}
        Draft202012Validator(schema).validate(response.json)


class Desk:
    """One gateway; `rpc` answers for the services. With `demo="true"` the demo accounts exist."""

    def __init__(self, folder: Path, demo: str = "true", **env: str) -> None:
        self.bench = Bench(GatewayService, folder, demo=demo, **env)
        self.checks = {"gateway.database": True, "gateway.broker": True}
        self.app = self.bench.service.http(lambda: self.checks)
        self.app.test_client_class = CheckedClient
        self.http = self.app.test_client()
        self.rpc = self.bench.rpc
        self.clock = self.bench.clock

    def sign_in(self, role: Role) -> dict[str, str]:
        """The header of the role's demo account, without the time that a password takes."""
        districts = tuple(district.code for district in regions.districts())
        actor = Actor(id=role.value, role=role, districts=districts)
        return self.sign_in_as(actor)

    def sign_in_as(self, actor: Actor) -> dict[str, str]:
        """The header of a demo account of that name, which is made if there is none."""
        made = {
            "username": actor.id,
            "password_hash": "",
            "role": actor.role.value,
            "districts": list(actor.districts),
            "display_name": actor.id,
            "demo": True,
            "stamp": "stamp",
        }
        with self.bench.store.unit("test") as work:
            insert_or_ignore(work.session, StaffAccount, made)
            stamp = stamp_of(work.session, actor.id)
        token = self.app.extensions["sigap"].tokens.issue(actor, str(stamp), demo=True)
        return {"Authorization": f"Bearer {token}"}

    def code(self, case: str = CASE) -> dict[str, str]:
        """The header of the resident who has the case's access code."""
        codes = AccessCodes(self.bench.service.settings.secret("access_code"))
        return {"X-Access-Code": codes.of(case)}

    def happened(self, *events: EventData, case: str = CASE) -> None:
        """These events have reached the gateway."""
        self.take(Story(case).tell(*events))

    def take(self, events: list[CloudEvent]) -> None:
        for event in events:
            self.bench.deliver(event, "on_any_event")

    def done(self, *messages: type[Any], state: str = "done") -> None:
        """The services carry these commands out."""
        for message in messages:
            self.rpc.replies[message] = lambda ask: Done(
                tracking_number=ask.tracking_number, state=state
            )

    def registers(self, deadline: DeadlineView = DEADLINE, *warnings: str) -> None:
        """Intake registers what it is asked to, as CASE."""
        self.rpc.replies[SubmitRequest] = lambda ask: RequestRegistered(
            tracking_number=CASE, deadline=deadline, warnings=warnings
        )

    def asked(self) -> list[Any]:
        """The messages that went to the services."""
        return [message for message, _, _ in self.rpc.calls]

    def close(self) -> None:
        self.bench.close()


def problem(response: TestResponse) -> tuple[int, str]:
    """(status, code) of a problem; fails unless it is one."""
    assert response.content_type == "application/problem+json", response.text
    body = response.json
    assert body["status"] == response.status_code
    assert body["type"] == f"/problems/{body['code']}"
    assert body["title_id"]
    assert body["title_en"]
    return response.status_code, body["code"]


def fields(response: TestResponse) -> dict[str, str]:
    """The fields that a problem names, with their codes."""
    return {error["field"]: error["code"] for error in response.json["errors"]}
