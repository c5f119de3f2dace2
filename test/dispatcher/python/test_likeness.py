"""requests_session against requests itself: a table of uses, each one sent by a real `requests.Session` to a real HTTP
server, by the session to that server, and by the session to a Task of its own function. All three must give the same.
"""

import json
import os
import re
import sys
import threading
import time
import unittest
from http.server import ThreadingHTTPServer

from likeness_answers import OWN, TASK, answers, as_json
from likeness_requests import more_uses
from likeness_uses import uses
from support import PYTHON, Package, Worker

from server import AnyMethodHandler

sys.path[:0] = [PYTHON, os.path.join(PYTHON, "vendor")]

from fusionizer_dispatcher.nuclio_http import canonical_header, normalise_path, query_fields  # noqa: E402

# Runs one use with a session; the answer is what it gave, or the error.
_RUN = """
    import json, requests

    WAYS = {"real": lambda session: requests.Session(), "session": lambda session: session}

    def handler(context, event, session):
        task = event.body["task"]
        base = event.body["server"] + "/" + task
        scope = {"s": WAYS[event.body["way"]](session), "base": base, "task": task, "json": json, "requests": requests}
        try:
            exec(event.body["code"], scope)
            return {"gave": repr(scope["result"])}
        except Exception as error:
            # A message of urllib3's may have an address in memory, so only ValueErrors are compared by theirs.
            return {"raised": [type(error).__name__, str(error) if type(error) in (ValueError, TypeError) else ""]}
"""


class _Handler(AnyMethodHandler):
    # Head and body in one packet: a second one would wait for the client's acknowledgement of the first.
    wbufsize = -1

    def answer(self, body):
        raw, _, query = self.path.partition("?")
        path = normalise_path(re.sub(r"^/\w+", "", raw))
        if "/echo" in path:
            echo = {
                "method": self.command,
                "path": path,
                "fields": query_fields(query),
                "body": body.decode("latin-1"),
                "headers": {
                    canonical_header(name): value.encode("latin-1").decode("utf-8", "replace")
                    for name, value in sorted(self.headers.items(), key=lambda item: canonical_header(item[0]))
                    if not re.match(OWN, name, re.I)
                },
            }
            return self.reply(200, {}, "application/json", json.dumps(echo).encode())
        if path == "/late":
            time.sleep(0.1)
        status, headers, kind, body = self.server.answers[path]
        host = self.headers["Host"]
        headers = {
            name: value.replace("BASE", "http://%s/far" % host).replace("HOST", host).replace("TASK", "far")
            for name, value in headers.items()
        }
        return self.reply(status, headers, kind, body)

    def reply(self, status, headers, kind, body):
        self.send_response(status, "unknown" if status in (499, 599, 600, 650, 999) else None)
        for name, value in headers.items():
            self.send_header(name, value.encode().decode("latin-1"))
        self.send_header("Content-Type", kind)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status not in (204, 304):
            self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Clients that leave an answer unread are part of the tests."""


class LikenessTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = _Server(("127.0.0.1", 0), _Handler)
        cls.server.answers = answers()
        cls.thread = threading.Thread(target=cls.server.serve_forever, args=(0.01,))
        cls.thread.start()
        cls.url = "http://127.0.0.1:%d" % cls.server.server_address[1]
        callee = {"main.py": TASK % OWN, "answers.json": as_json()}
        cls.package = Package({"run": _RUN, "near": callee})
        cls.worker = Worker(cls.package, {"FUSIONIZER_URL": cls.url, "SCRATCH": cls.package.folder})

    @classmethod
    def tearDownClass(cls):
        cls.worker.close()
        cls.package.remove()
        cls.server.shutdown()
        cls.thread.join()
        cls.server.server_close()

    def use(self, code, way, task):
        body = json.dumps({"code": code, "way": way, "task": task, "server": self.url}).encode()
        answer = self.worker.event("POST", "/", {"Content-Type": "application/json"}, body, task="run")
        self.assertEqual(answer.status, 200, answer.text)
        return json.loads(answer.text.replace("/near", "/far"))

    def test_each_use_gives_what_requests_gives(self):
        for name, code in [*uses(), *more_uses()]:
            with self.subTest(name):
                real = self.use(code, "real", "far")
                self.assertEqual(self.use(code, "session", "far"), real, "to the server")
                self.assertEqual(self.use(code, "session", "near"), real, "within the function")


if __name__ == "__main__":
    unittest.main()
