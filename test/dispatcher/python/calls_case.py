"""Tasks that call and answer, and a server, for the tests of requests_session."""

import unittest

from support import Package, Worker

from server import Server

# Runs the event's body as Python, with the session at hand; its variable `result` is the answer.
_RUN = """
    import json

    def handler(context, event, session):
        scope = {"context": context, "event": event, "session": session, "requests_session": session}
        exec(event.body.decode(), scope)
        return {"result": scope.get("result")}
"""

_ECHO = """
    def handler(context, event):
        body = event.body
        if event.path == "/change":
            body["added"] = True
            event.headers["X-Changed"] = "yes"
        if event.path == "/raise":
            raise ValueError("bad thing")
        if event.path == "/exit":
            raise SystemExit(3)
        if event.path == "/text":
            return context.Response(body="\\u017e", headers={"X-A": "1", "x-b": 2, "set-cookie": "a=b; Path=/"},
                                    content_type=event.fields.get("type", "text/plain"),
                                    status_code=int(event.fields.get("status", 200)))
        if event.path == "/redirect":
            return context.Response(status_code=302, headers={"Location": "/echo/moved"})
        if event.path == "/data":
            return context.user_data.value
        return {
            "body": body.decode("latin-1") if isinstance(body, bytes) else body,
            "type": type(body).__name__,
            "headers": event.headers,
            "method": event.method,
            "path": event.path,
            "fields": event.fields,
            "content_type": event.content_type,
            "size": event.size,
            "trigger": [event.trigger.kind, event.trigger.name],
            "names": sorted(vars(event)),
        }

    def init_context(context):
        context.user_data.value = "echo's own"
"""
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class CallsCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.package = Package({"run": _RUN, "echo": _ECHO})
        cls.worker = Worker(cls.package, {"FUSIONIZER_URL": cls.server.url, "FUSIONIZER_TOKEN": "secret-token"})

    @classmethod
    def tearDownClass(cls):
        cls.worker.close()
        cls.package.remove()
        cls.server.close()

    def setUp(self):
        del self.server.requests[:]

    def run_code(self, code, **headers):
        code = "base = %r\n" % self.server.url + code
        answer = self.worker.event("POST", "/", {"Traceparent": TRACEPARENT, **headers}, code.encode(), task="run")
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json()["result"]

    def result(self, expression, **headers):
        return self.run_code("result = " + expression, **headers)
