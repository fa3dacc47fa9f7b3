"""A sign-in provider over HTTP that does what the standard says, until a test bends it."""

import base64
import hashlib
import json
import secrets
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode

import eventlet
from eventlet import wsgi
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT = "sigap-test"
SECRET = "a secret: with / signs %"

Json = dict[str, Any]


@cache
def new_key(kid: str, which: int = 0) -> RSAKey:
    """A key of that id; another one for each `which`."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


def new_ec_key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


@dataclass
class Provider:
    """`keys` are published; the first one signs. `bend` makes the ID token of its claims."""

    url: str
    keys: list[Any] = field(default_factory=lambda: [new_key("k-1")])
    secret: str = SECRET
    subject: str = "248289761001"
    bend: Callable[["Provider", Json], str] | None = None
    answers: dict[str, Callable[[], tuple[str, Json, bytes]]] = field(default_factory=dict)
    changed: Json = field(default_factory=dict)
    codes: dict[str, Json] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def straighten(self) -> None:
        """Be again as the standard says."""
        vars(self).update(vars(Provider(self.url)))

    @property
    def issuer(self) -> str:
        return self.url

    def description(self) -> Json:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.url}/authorize?tenant=1",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        } | self.changed

    def signed(self, claims: Json, key: Any = None, **header: Any) -> str:
        key = key or self.keys[0]
        head = {"alg": key.as_dict()["alg"], "kid": key.kid} | header
        return jwt.encode(head, claims, key, algorithms=[head["alg"]])

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        if path in self.answers:
            status, headers, body = self.answers[path]()
        elif path == "/.well-known/openid-configuration":
            status, headers, body = found(self.description())
        elif path == "/keys":
            status, headers, body = found({"keys": [k.as_dict(private=False) for k in self.keys]})
        elif path == "/authorize":
            status, headers, body = self._authorize(parse_qs(environ["QUERY_STRING"]))
        else:
            form = parse_qs(environ["wsgi.input"].read().decode())
            one = {name: values[0] for name, values in form.items()}
            status, headers, body = self._token(one, environ.get("HTTP_AUTHORIZATION", ""))
        start_response(status, list(headers.items()))
        return [body]

    def _authorize(self, query: dict[str, list[str]]) -> tuple[str, Json, bytes]:
        """The person signs in at once."""
        one = {name: values[0] for name, values in query.items()}
        assert one["response_type"] == "code"
        assert one["client_id"] == CLIENT
        assert one["code_challenge_method"] == "S256"
        assert "openid" in one["scope"].split()
        assert one["tenant"] == "1"
        code = secrets.token_urlsafe(16)
        self.codes[code] = one
        back = urlencode({"code": code, "state": one["state"]})
        return "302 Found", {"Location": f"{one['redirect_uri']}?{back}"}, b""

    def _token(self, form: dict[str, str], authorization: str) -> tuple[str, Json, bytes]:
        if not self._is_the_client(form, authorization):
            return found({"error": "invalid_client"}, "401 Unauthorized")
        asked = self.codes.pop(form["code"], None)  # a code is good once
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or form["grant_type"] != "authorization_code"
            or form["redirect_uri"] != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return found({"error": "invalid_grant"}, "400 Bad Request")
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": asked["nonce"],
        }
        token = self.bend(self, claims) if self.bend else self.signed(claims)
        return found({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def _is_the_client(self, form: dict[str, str], authorization: str) -> bool:
        if not self.secret:
            return form.get("client_id") == CLIENT and not authorization
        scheme, _, pair = authorization.partition(" ")
        if scheme != "Basic":
            return (form.get("client_id"), form.get("client_secret")) == (CLIENT, self.secret)
        name, _, secret = base64.b64decode(pair).decode().partition(":")
        return (unquote_plus(name), unquote_plus(secret)) == (CLIENT, self.secret)


def found(content: Any, status: str = "200 OK") -> tuple[str, Json, bytes]:
    return status, {"Content-Type": "application/json"}, json.dumps(content).encode()


@contextmanager
def running(certificate: Path | None = None) -> Iterator[Provider]:
    """A provider that listens; encrypted with a certificate."""
    listener = eventlet.listen(("127.0.0.1", 0))
    scheme = "https" if certificate else "http"
    provider = Provider(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}")
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        listener = context.wrap_socket(listener, server_side=True, do_handshake_on_connect=False)
    serving = eventlet.spawn(wsgi.server, listener, provider, log_output=False, keepalive=False)
    try:
        yield provider
    finally:
        serving.kill()
        listener.close()
