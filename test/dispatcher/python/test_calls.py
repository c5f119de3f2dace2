"""requests_session: which calls are local, and what goes with a local and a remote one."""

import json
import unittest

from calls_case import CallsCase

from server import Server


class CallsTest(CallsCase):
    def test_a_local_event_has_what_a_request_would_bring(self):
        for _ in range(2):  # The second call takes the fast way.
            got = self.result("session.post(base + '/echo', json={'a': [1, 2.5, None], 'ü': 'ž'}).json()")
            headers = got.pop("headers")
            self.assertRegex(headers.pop("Traceparent"), "^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$")
            self.assertRegex(headers.pop("User-Agent"), "^python-requests/")
            self.assertEqual(
                headers,
                {
                    "Host": self.server.url[7:],
                    "Accept": "*/*",
                    "Accept-Encoding": "gzip, deflate",
                    "Connection": "keep-alive",
                    "Content-Length": "41",
                    "Content-Type": "application/json",
                    "Task-Name": "echo",
                    "Fusionizer-Server-Address": "127.0.0.1",
                },
            )
            names = got.pop("names")
            for name in ("id", "headers", "timestamp", "trigger", "size", "url", "shard_id", "topic"):
                self.assertIn(name, names)
            self.assertEqual(
                got,
                {
                    "body": {"a": [1, 2.5, None], "ü": "ž"},
                    "type": "dict",
                    "method": "POST",
                    "path": "/",
                    "fields": {},
                    "content_type": "application/json",
                    "size": 41,
                    "trigger": ["http", "default-http"],
                },
            )
        self.assertEqual(self.server.requests, [])

    def test_which_requests_are_local(self):
        local = [
            ("POST", "/echo", "/", {}),
            ("POST", "/echo?a=1&b=x%20y+z&a=2&c", "/", {"a": "2", "b": "x y z", "c": ""}),
            ("GET", "/echo/", "/", {}),
            ("PUT", "/echo/a%20b/..//c", "/c", {}),
            ("DELETE", "/-/tasks/echo/invoke", "/", {}),
            ("PATCH", "/-/tasks/echo/invoke/x/y?q=1", "/x/y", {"q": "1"}),
        ]
        for method, url, path, fields in local:
            for base in ("base", "'http://127.0.0.1:8000'") if not url.startswith("/-/") else ("base",):
                with self.subTest(url, base=base):
                    got = self.result("session.request(%r, %s + %r).json()" % (method, base, url))
                    self.assertEqual((got["method"], got["path"], got["fields"]), (method, path, fields))
        self.assertEqual(self.server.requests, [])
        for method, url in [
            ("GET", "/echo"),
            ("PUT", "/echo"),
            ("GET", "/-/tasks/echo"),
            ("POST", "/remote"),
            ("GET", "/-/setup"),
        ]:
            with self.subTest(url, method=method):
                self.result("session.request(%r, base + %r).status_code" % (method, url))
                sent = self.server.requests.pop()
                self.assertEqual((sent["method"], sent["path"]), (method, url))

    def test_port_8000_stands_for_the_servers_port(self):
        got = self.result("session.post('http://127.0.0.1:8000/remote/x', json=1).json()['path']")
        self.assertEqual(got, "/remote/x")
        self.assertEqual([r["path"] for r in self.server.requests], ["/-/tasks/remote", "/remote/x"])
        self.assertEqual(self.server.requests[0]["headers"]["Authorization"], "Bearer secret-token")
        del self.server.requests[:]
        code = """
import requests
for _ in range(2):
    try:
        session.post('http://127.0.0.1:8000/nobody-has-this-name', json=1)
    except requests.exceptions.ConnectionError as error:
        pass
"""
        # Whether anything listens on port 8000 is the machine's affair.
        # What counts is that the server gets no invocation.
        self.run_code(code)
        self.assertEqual([r["path"] for r in self.server.requests], ["/-/tasks/nobody-has-this-name"])

    def test_a_remote_call_carries_the_trace_the_caller_and_the_token(self):
        self.result("session.get(base + '/remote/path?x=1').json()['path']")
        headers = self.server.requests[0]["headers"]
        self.assertRegex(headers["traceparent"], "^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$")
        self.assertNotIn("b7ad6b7169203331", headers["traceparent"])
        self.assertEqual(headers["Fusionizer-Event"], "b7ad6b7169203331")
        self.assertEqual(headers["Fusionizer-Caller"], "run")
        self.assertEqual(headers["Authorization"], "Bearer secret-token")
        self.assertEqual(headers["Host"], self.server.url[7:])

    def test_every_call_leaves_a_trace_record(self):
        trace = "%032x" % 0xFEED
        self.run_code(
            "session.post(base + '/echo', json=1); session.post(base + '/echo/raise')\n"
            "session.get(base + '/remote/fail')\n"
            "session.get(base + '/echo')",
            Traceparent="00-%s-00000000000000aa-01" % trace,
        )

        def mine():
            return [record for record in self.worker.traces if record["trace"] == trace]

        self.worker.wait_for(lambda: len(mine()) >= 3)
        records = mine()
        sent = self.server.requests[0]["headers"]["traceparent"]
        self.assertEqual(records[2]["span"], sent[36:52])
        self.assertEqual(len({record["span"] for record in records}), 3)
        for record, expected in zip(records, (("echo", True, 200), ("echo", True, 500), ("remote", False, 503))):
            self.assertEqual((record["callee"], record["local"], record["status"]), expected)
            self.assertEqual((record["caller"], record["parent"]), ("run", "00000000000000aa"))
            self.assertRegex(record["span"], "^[0-9a-f]{16}$")
            self.assertGreaterEqual(record["duration"], 0)
            self.assertGreater(record["start"], 1.6e12)
        self.assertEqual(len(records), 3, "the control API is no call")

    def test_connections_are_reused_and_a_closed_one_is_replaced_once(self):
        self.run_code("for _ in range(3): session.get(base + '/remote/x')")
        self.run_code("session.get(base + '/remote/close-idle')")
        self.assertEqual(self.result("session.post(base + '/remote/after', json=1).status_code"), 200)
        connections = [request["connection"] for request in self.server.requests]
        self.assertEqual(len(set(connections[:4])), 1)
        self.assertNotEqual(connections[3], connections[4])
        self.assertEqual(len(connections), 5)
        self.run_code("try:\n    session.get(base + '/remote/hang-up')\nexcept IOError:\n    pass")
        self.assertLessEqual([r["path"] for r in self.server.requests].count("/remote/hang-up"), 2)

    def test_redirects_are_followed_and_keep_the_token_at_home(self):
        other = Server()
        self.addCleanup(other.close)
        self.server.redirect_away_to(other.url + "/somewhere")
        got = self.run_code(
            "answer = session.post(base + '/remote/redirect', json=1)\n"
            "history = [r.status_code for r in answer.history]\n"
            "result = [answer.json()['method'], answer.json()['path'], answer.url, history]"
        )
        self.assertEqual(got, ["GET", "/remote/target?x=1", self.server.url + "/remote/target?x=1", [302]])
        self.assertEqual(self.result("session.get(base + '/remote/redirect', allow_redirects=False).status_code"), 302)
        # The server judges what is redirected, as it comes without the token: its own path is the whole one.
        self.assertEqual(self.result("session.get(base + '/echo/redirect').json()['path']"), "/echo/moved")
        self.run_code("session.post(base + '/remote/away', json={'a': 1}, headers={'X-K': 'k'})")
        headers = {name.lower(): value for name, value in other.requests[0]["headers"].items()}
        self.assertEqual((other.requests[0]["method"], other.requests[0]["body"]), ("POST", '{"a": 1}'))
        self.assertEqual(headers["x-k"], "k")
        for name in ("authorization", "fusionizer-event", "fusionizer-caller"):
            self.assertNotIn(name, headers)

    def test_logs_come_with_the_answer_when_asked_for(self):
        got = self.result(
            "session.get(base + '/echo/raise', headers={'x-nuclio-log-level': 'error'}).headers['X-Nuclio-Logs']"
        )
        logs = json.loads(got)
        self.assertEqual(
            [(log["level"], log["message"], log["exc"]) for log in logs],
            [("error", "Exception caught in handler", "bad thing")],
        )
        self.assertEqual(
            self.result("session.get(base + '/echo/', headers={'X-Nuclio-Log-Level': 'x'}).headers['X-Nuclio-Logs']"),
            "[]",
        )

    def test_platform_calls_are_routed_the_same(self):
        code = """
import nuclio_sdk
event = nuclio_sdk.Event(body={"a": 1}, method="PUT", path="/p q?x=1", headers={"X-One": "1", "Host": "h"})
answer = context.platform.call_function("%s", event)
names = sorted(answer.headers)
result = [type(answer).__name__, answer.status_code, answer.content_type, answer.body, names, event.headers]
"""
        kind, status, content_type, body, names, headers = self.run_code(code % "echo")
        self.assertEqual((kind, status, content_type), ("Response", 200, "application/json"))
        self.assertEqual(
            (body["method"], body["path"], body["fields"], body["body"]), ("PUT", "/p q", {"x": "1"}, {"a": 1})
        )
        self.assertEqual((body["headers"]["X-One"], body["headers"]["X-Nuclio-Target"]), ("1", "echo"))
        self.assertIn("fusionizer-trace-id", names)
        self.assertEqual(headers, {"X-One": "1", "Host": "h"})
        body = self.run_code(code % "remote")[3]
        self.assertEqual(
            (body["method"], body["path"], body["body"]), ("PUT", "/-/tasks/remote/invoke/p%20q?x=1", '{"a": 1}')
        )
        self.assertEqual(body["headers"]["Host"], self.server.url[7:])
        forwarded = self.run_code("result = context.platform.call_function('echo', event).body['headers']['Task-Name']")
        self.assertEqual(forwarded, "echo")

    def test_a_platform_call_without_an_event_says_what_to_write(self):
        for value in ("{'body': {'a': 1}}", "'text'", "None"):
            message = self.run_code(
                f"""
try:
    result = context.platform.call_function("echo", {value})
except TypeError as error:
    result = str(error)
"""
            )
            self.assertRegex(
                message, r"is a (dict|str|NoneType), not an event: write nuclio_sdk\.Event\(body=\.\.\.\)$"
            )

    def test_each_task_has_its_own_user_data(self):
        self.assertEqual(
            self.result("[session.get(base + '/echo/data').text, hasattr(context.user_data, 'value')]"),
            ["echo's own", False],
        )


if __name__ == "__main__":
    unittest.main()
