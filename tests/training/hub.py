"""Speak the model hub's protocol on the loopback, as far as `snapshot_download` asks for it."""

from __future__ import annotations

import hashlib
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

LFS_SUFFIXES = (".bin", ".h5", ".msgpack", ".safetensors")


class Hub(ThreadingHTTPServer):
    """Serve folders as `owner/name` repositories with one revision; `requests` holds what was asked."""

    daemon_threads = True

    def __init__(self, repositories: dict[str, Path]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories = repositories
        self.requests: list[tuple[str, str]] = []

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def serve(repositories: dict[str, Path]):
    hub = Hub(repositories)
    thread = threading.Thread(target=hub.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        hub.server_close()
        thread.join()


def commit_of(repository: str) -> str:
    return hashlib.sha1(repository.encode()).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hub

    def log_message(self, *_: object) -> None: ...

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.server.requests.append((self.command, path))
        match path.strip("/").split("/"):
            case ["api", "models", owner, name, "revision", _]:
                self._repository(f"{owner}/{name}", self._info)
            case ["api", "models", owner, name, "tree", _]:
                self._repository(f"{owner}/{name}", self._tree)
            case [owner, name, "resolve", _, file]:
                self._repository(f"{owner}/{name}", lambda repository, folder: self._resolve(repository, folder / file))
            case ["lfs", owner, name, file]:
                self._repository(f"{owner}/{name}", lambda _, folder: self._send((folder / file).read_bytes(), {}))
            case _:
                self._missing("EntryNotFound", "no such page")

    def _repository(self, repository: str, answer) -> None:
        folder = self.server.repositories.get(repository)
        if folder is None:
            self._missing("RepoNotFound", "Repository not found")
        else:
            answer(repository, folder)

    def _info(self, repository: str, folder: Path) -> None:
        files = [{"rfilename": path.name} for path in sorted(folder.iterdir())]
        entry = {"_id": "0", "id": repository, "modelId": repository, "sha": commit_of(repository), "private": False}
        self._json({**entry, "tags": [], "downloads": 0, "likes": 0, "siblings": files})

    def _tree(self, repository: str, folder: Path) -> None:
        entries = []
        for path in sorted(folder.iterdir()):
            content = path.read_bytes()
            entry = {"type": "file", "path": path.name, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
            if path.suffix in LFS_SUFFIXES:
                oid = hashlib.sha256(content).hexdigest()
                entry["lfs"] = {"oid": oid, "size": len(content), "pointerSize": 135}
            entries.append(entry)
        self._json(entries)

    def _resolve(self, repository: str, path: Path) -> None:
        headers = {"X-Repo-Commit": commit_of(repository)}
        if not path.is_file():
            self._missing("EntryNotFound", "Entry not found", headers)
            return
        content = path.read_bytes()
        if path.suffix not in LFS_SUFFIXES:
            self._send(content, {**headers, "ETag": f'"{hashlib.sha1(content).hexdigest()}"'})
            return
        # Large files lie on another host, and the hub answers with where.
        headers |= {"X-Linked-Etag": f'"{hashlib.sha256(content).hexdigest()}"', "X-Linked-Size": str(len(content))}
        headers["Location"] = f"http://localhost:{self.server.server_port}/lfs/{repository}/{path.name}"
        self._send(b"", headers, status=302)

    def _json(self, value: object) -> None:
        self._send(json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _missing(self, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        self._send(b"", {"X-Error-Code": code, "X-Error-Message": message, **(headers or {})}, status=404)

    def _send(self, content: bytes, headers: dict[str, str], status: int = 200) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
