"""The ledger's signed checkpoints, and proofs over it."""

from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from contracts.audit import (
    LARGEST,
    ConsistencyProof,
    InclusionProof,
    LatestCheckpoint,
    ProveConsistency,
    ProveInclusion,
    ReadCheckpoint,
)
from gateway.asking import ask

api = APIBlueprint(
    "ledger",
    __name__,
    url_prefix="/v1/ledger",
    abp_tags=[Tag(name="ledger", description="What shows that the ledger was not changed")],
)

MEDIA_TYPE = "text/plain"


def _text(description: str, example: str) -> dict[Any, Any]:
    schema = {"type": "string"}
    return {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": schema, "example": example}},
    }


CHECKPOINT = _text(
    "A C2SP checkpoint: the ledger's name, its size, its root hash, the signature.",
    "dinsos.banjarmasinkota.go.id/sigap\n1000\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— dinsos.banjarmasinkota.go.id/sigap "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n",
)
KEY = _text(
    "The key's name, its hash and the Ed25519 key, as C2SP signed-note writes them.",
    "dinsos.banjarmasinkota.go.id/sigap+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
)


class InclusionQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    index: int = Field(ge=1, le=LARGEST, description="the entry's, from 1")
    size: int | None = Field(None, ge=1, le=LARGEST, description="of the tree; else the newest's")


class ConsistencyQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    start: int = Field(alias="from", ge=1, le=LARGEST, description="size of the older tree")
    to: int | None = Field(None, ge=1, le=LARGEST, description="of the newer; else the newest's")


class InclusionAnswer(BaseModel):
    """RFC 6962, 2.1.1; hashes in base64. The entry of index 1 is the RFC's leaf 0."""

    index: int
    size: int
    leaf_hash: str = Field(description="SHA-256 over 0x00 and the event's canonical JSON")
    hashes: list[str]


class ConsistencyAnswer(BaseModel):
    """RFC 6962, 2.1.2; hashes in base64."""

    start: int = Field(alias="from")
    to: int
    hashes: list[str]


@api.get("/checkpoint", responses={200: CHECKPOINT})
def read_checkpoint() -> Response:
    """The newest signed checkpoint

    Whoever keeps it can show later what the ledger held then, and that it was not changed since.
    """
    newest: LatestCheckpoint = ask(ReadCheckpoint())
    return Response(newest.note, mimetype=MEDIA_TYPE)


@api.get("/key", responses={200: KEY})
def read_key() -> Response:
    """The key that verifies checkpoints

    Keep it; a key that is asked for at each check proves nothing.
    """
    newest: LatestCheckpoint = ask(ReadCheckpoint())
    return Response(f"{newest.key}\n", mimetype=MEDIA_TYPE)


@api.get("/proof/inclusion", responses={200: InclusionAnswer})
def prove_inclusion(query: InclusionQuery) -> dict[str, Any]:
    """That an entry stands in the ledger of a size

    The hashes lead from the entry to the root that the checkpoint of that size has.
    """
    proof: InclusionProof = ask(ProveInclusion(index=query.index, size=query.size))
    return proof.model_dump(mode="json")


@api.get("/proof/consistency", responses={200: ConsistencyAnswer})
def prove_consistency(query: ConsistencyQuery) -> dict[str, Any]:
    """That nothing before a size was changed up to another

    The hashes lead from the older checkpoint's root to the newer one's.
    """
    proof: ConsistencyProof = ask(ProveConsistency(start=query.start, to=query.to))
    return {"from": proof.start, "to": proof.to, "hashes": list(proof.hashes)}
