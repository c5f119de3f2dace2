"""A server like the Fusionizer's, for remote calls: it records requests and answers by the path."""

import gzip
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class AnyMethodHandler(BaseHTTPRequestHandler):
    """Gives requests of every method, with their body, to `answer`."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Tests read stderr."""

    def __getattr__(self, name):
        if name.startswith("do_"):
            return lambda: self.answer(self.body())
        raise AttributeError(name)

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while True:
            size = int(self.rfile.readline(), 16)
            body += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return body


class _Handler(AnyMethodHandler):
    def answer(self, body):
        server = self.server
        server.requests.append(
            {
                "method": self.command,
                "path": self.path,
                "headers": dict(self.headers),
                "body": body.decode("latin-1"),
                "connection": self.client_address[1],
            }
        )
        path = self.path.partition("?")[0]
        if path.startswith("/-/tasks/") and path.count("/") == 3:
            known = path.rpartition("/")[2] in server.tasks
            return self.reply(200 if known else 404, {}, b"{}")
        if path.endswith("/close-idle"):
            self.reply(200, {}, b"closing")
            self.close_connection = True
            return None
        if path.endswith("/hang-up"):
            self.close_connection = True
            return None
        if path.endswith("/slow"):
            server.release.wait(10)
        if path.endswith("/redirect"):
            return self.reply(302, {"Location": "/remote/target?x=1"}, b"")
        if path.endswith("/away"):
            return self.reply(307, {"Location": server.elsewhere}, b"")
        if path.endswith("/gzip"):
            return self.reply(
                200, {"Content-Encoding": "gzip", "Content-Type": "text/plain"}, gzip.compress(b"squeezed")
            )
        if path.endswith("/cookie"):
            return self.reply(200, {"Set-Cookie": "seen=yes; Path=/"}, b"")
        if path.endswith("/fail"):
            return self.reply(503, {"Content-Type": "text/plain"}, b"no worker")
        echo = {
            "method": self.command,
            "path": self.path,
            "headers": dict(self.headers),
            "body": body.decode("latin-1"),
        }
        return self.reply(200, {"Content-Type": "application/json", "X-Probe": "remote"}, json.dumps(echo).encode())

    def reply(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Clients that give up waiting are part of the tests."""


class Server:
    """Serves in a thread on a free port of 127.0.0.1."""

    def __init__(self, tasks=("remote",)):
        self._server = _Listener(("127.0.0.1", 0), _Handler)
        self._server.requests = self.requests = []
        self._server.tasks = tasks
        self._server.elsewhere = ""
        self._server.release = self.release = threading.Event()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.port = self._server.server_address[1]
        self.url = "http://127.0.0.1:%d" % self.port

    def redirect_away_to(self, url):
        self._server.elsewhere = url

    def wait_for_requests(self, count):
        end = time.monotonic() + 10
        while len(self.requests) < count:
            assert time.monotonic() < end, self.requests
            time.sleep(0.005)

    def close(self):
        self.release.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
