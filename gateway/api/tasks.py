"""What waits for whom."""

from datetime import datetime

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from contracts.complaints import EscalationTarget
from gateway.access import caller
from gateway.answers import answer
from gateway.api.case_status import Words
from gateway.api.forms import DistrictCode, Moment
from gateway.context import here
from gateway.stages import CaseKind, Status
from gateway.tasks import TaskFilter, tasks_for

api = APIBlueprint(
    "tasks",
    __name__,
    url_prefix="/v1/tasks",
    abp_tags=[Tag(name="tasks", description="What waits for me")],
)


class TaskQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    mine: bool = Field(False, description="only what is assigned to me")
    unowned: bool = Field(False, description="only what is taken by nobody")
    overdue: bool = Field(False, description="only what is past its promised time or its step's")
    due_before: Moment | None = Field(None, description="the earlier of promised time and step")
    district: DistrictCode | None = None
    kind: CaseKind | None = None
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=200, description="next_cursor of the page before")


class Task(BaseModel):
    """A case that waits for a move; `method` and `path` are the call that does it.

    `due` is the promised time while its clock runs, `step_due` until when the office wants it.
    """

    model_config = ConfigDict(from_attributes=True)

    tracking_number: str
    kind: CaseKind
    status: Status
    todo: Words
    method: str
    path: str
    district: str | None
    due: datetime | None
    step_due: datetime | None
    overdue: bool
    escalated_to: EscalationTarget | None
    assigned_to: str | None


class Tasks(BaseModel):
    """In the order of what is due first."""

    model_config = ConfigDict(from_attributes=True)

    tasks: tuple[Task, ...]
    next_cursor: str | None


@api.get("", responses={200: Tasks})
def list_tasks(query: TaskQuery) -> Response:
    """What waits for me, by role, district and deadline"""
    gateway = here()
    chosen = TaskFilter(**query.model_dump(exclude={"limit", "cursor"}))
    with gateway.store.reading() as session:
        page = tasks_for(
            session,
            caller().actor,
            now=gateway.clock.now(),
            zone=gateway.zone,
            limit=query.limit,
            cursor=query.cursor,
            chosen=chosen,
        )
    return answer(Tasks.model_validate(page))
