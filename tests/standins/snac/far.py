"""Another server of the fediverse, as small as can be: its people write to ours, and it keeps their mail."""

import base64
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import Request, urlopen

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.standins.snac.server import Snac

_PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
_CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]


class Far:
    """The far server; everybody on it signs with the same key."""

    def __init__(self, snac: Snac) -> None:
        self._snac = snac
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        #: What it shows, by path, and what was delivered to it.
        self.documents: dict[str, dict[str, Any]] = {}
        self.received: list[dict[str, Any]] = []
        self.url = ""

    def person(self, name: str) -> str:
        """Return the address of a person, who may be new."""
        address = f"{self.url}/{name}"
        public = self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.documents[f"/{name}"] = {
            "@context": _CONTEXT,
            "id": address,
            "type": "Person",
            "preferredUsername": name,
            "name": name.title(),
            "url": address,
            "inbox": f"{address}/inbox",
            "outbox": f"{address}/outbox",
            "published": "2024-01-01T00:00:00Z",
            "publicKey": {"id": f"{address}#main-key", "owner": address, "publicKeyPem": public.decode()},
        }
        return address

    def say(self, name: str, html: str, to: str, **what: Any) -> str:
        """Let somebody write to an account of ours, and return the address of the post when it has arrived.

        `what`: answers (an address), direct, summary; later: it arrives when the server gets to it.
        """
        author, them = self.person(name), f"{self._snac.url}/{to}"
        address = f"{author}/p/{secrets.token_hex(6)}"
        direct = what.get("direct")
        post = {
            "id": address,
            "type": "Note",
            "attributedTo": author,
            "to": [them] if direct else [_PUBLIC],
            "cc": [] if direct else [them],
            "content": html,
            "summary": what.get("summary"),
            "published": _now(),
            "url": address,
            "inReplyTo": what.get("answers"),
            "tag": [{"type": "Mention", "href": them, "name": f"@{to}@localhost:{self._snac.port}"}],
        }
        self.documents[address.removeprefix(self.url)] = post
        self._deliver("Create", author, post, to)
        if not what.get("later"):
            self._snac.hurry(to)
        return address

    def edit(self, address: str, html: str, to: str) -> None:
        """Let its author change a post."""
        post = self.documents[address.removeprefix(self.url)]
        post |= {"content": html, "updated": _now()}
        self._deliver("Update", post["attributedTo"], post, to)
        self._snac.hurry(to)

    def remove(self, address: str, to: str) -> None:
        """Let its author delete a post."""
        post = self.documents.pop(address.removeprefix(self.url))
        self._deliver("Delete", post["attributedTo"], {"id": address, "type": "Tombstone"}, to)
        self._snac.hurry(to)

    def _deliver(self, kind: str, actor: str, thing: dict[str, Any], to: str) -> None:
        """Deliver an activity as a server does, signed."""
        activity = {
            "@context": _CONTEXT,
            "id": f"{thing['id']}#{secrets.token_hex(6)}",
            "type": kind,
            "actor": actor,
            "to": thing.get("to", [_PUBLIC]),
            "cc": thing.get("cc", []),
            "object": thing,
        }
        # this server reads \u escapes of what lies beyond the first planes wrongly
        body, path = json.dumps(activity, ensure_ascii=False).encode(), f"/{to}/inbox"
        headers = {
            "Host": f"localhost:{self._snac.port}",
            "Digest": "SHA-256=" + base64.b64encode(sha256(body).digest()).decode(),
            "Date": format_datetime(datetime.now(UTC), usegmt=True),
        }
        signed = "\n".join(
            [f"(request-target): post {path}", *(f"{name.lower()}: {told}" for name, told in headers.items())]
        )
        mark = base64.b64encode(self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
        headers["Signature"] = (
            f'keyId="{actor}#main-key",algorithm="rsa-sha256",'
            f'headers="(request-target) host digest date",signature="{mark}"'
        )
        headers["Content-Type"] = "application/activity+json"
        with urlopen(Request(f"http://127.0.0.1:{self._snac.port}{path}", body, headers), timeout=10):
            pass


@contextmanager
def far_server(snac: Snac) -> Iterator[Far]:
    """Let the far server listen for as long as the context lasts."""
    far = Far(snac)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = far.documents.get(self.path)
            self._say(200 if told else 404, json.dumps(told or {}).encode())

        def do_POST(self) -> None:
            far.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self._say(202, b"")

        def log_message(self, *_: object) -> None:
            pass

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/activity+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    far.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield far
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
