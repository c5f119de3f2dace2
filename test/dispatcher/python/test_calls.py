"""requests_session: local calls, remote calls, and both against requests itself."""

import json
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
                                    content_type=event.fields.get("type", "text/plain"), status_code=int(event.fields.get("status", 200)))
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


class CallsTest(unittest.TestCase):
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
        # Whether anything listens on port 8000 is the machine's affair; what counts is that the server gets no invocation.
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
            "session.post(base + '/echo', json=1); session.post(base + '/echo/raise'); session.get(base + '/remote/fail')\n"
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

    def test_local_errors_are_answers(self):
        code = """
result = []
for path in ("/raise", "/exit"):
    answer = session.post(base + "/echo" + path, json={})
    result.append([answer.status_code, answer.ok, answer.reason, answer.headers["content-type"], answer.text])
"""
        first, second = self.run_code(code)
        self.assertEqual(first[:4], [500, False, "Internal Server Error", "text/plain"])
        self.assertRegex(
            first[4],
            r'^Exception caught in handler - "bad thing": Traceback \(most recent call last\):\n  File "[^"]*echo/main.py"',
        )
        self.assertTrue(first[4].endswith("ValueError: bad thing\n"), first[4])
        self.assertTrue(second[4].startswith('Exception caught in handler - "3": Traceback'), second[4])

    def test_a_status_that_no_answer_has_is_an_error(self):
        code = "result = [(a.status_code, a.text) for a in (session.post(base + '/echo/text?status=%d' % s) for s in (100, 101, 199, 1000))]"
        expected = [
            [500, "The handler answered with status %d; the status of an answer is 200 to 999." % s]
            for s in (100, 101, 199, 1000)
        ]
        self.assertEqual(self.run_code(code), expected)
        for status, text in ((101, expected[1][1]), (999, "\u017e")):
            answer = self.worker.event(path="/text", task="echo", fields={"status": str(status)})
            self.assertEqual((answer.status, answer.text), (500 if status == 101 else status, text))

    def test_a_callee_never_shares_objects_with_its_caller(self):
        code = """
mine = {"list": [1]}
headers = {"X-Mine": "1"}
answer = session.post(base + "/echo/change", json=mine, headers=headers)
again = session.post(base + "/echo/change", json=mine)
result = [mine, headers, answer.json()["body"], answer.json() is answer.json(), again.json()["headers"].get("X-Mine")]
"""
        self.assertEqual(
            self.run_code(code), [{"list": [1]}, {"X-Mine": "1"}, {"list": [1], "added": True}, False, None]
        )

    def test_headers_cookies_auth_and_params_last_one_invocation(self):
        code = """
session.headers.update({"x-session": "s", "Accept": None and "", "User-Agent": "me"})
session.auth = ("user", "pass")
session.cookies.set("c", "1")
session.params = {"p": "1"}
first = session.get(base + "/echo/", headers={"x-own": "o", "User-Agent": None}, params={"q": ["1", "2"]}).json()
session.get(base + "/echo/text")
result = [first, session.get(base + "/echo/").json()["headers"]["Cookie"]]
""".replace('"Accept": None and "", ', "")
        first, cookie = self.run_code(code)
        headers = first["headers"]
        self.assertEqual((headers["X-Session"], headers["X-Own"], headers["Cookie"]), ("s", "o", "c=1"))
        self.assertEqual(headers["Authorization"], "Basic dXNlcjpwYXNz")
        self.assertNotIn("User-Agent", headers)
        self.assertEqual(first["fields"], {"p": "1", "q": "2"})
        self.assertEqual(cookie, "c=1; a=b")
        self.assertEqual(
            sorted(self.result("session.post(base + '/echo', json=1).json()['headers']")).count("X-Session"), 0
        )
        self.assertEqual(self.result("[dict(session.cookies), session.auth, session.params]"), [{}, None, {}])

    def test_errors_are_requests_own_or_of_the_same_name(self):
        for expression, name in (
            ("session.get('no-scheme')", "MissingSchema"),
            ("session.get('http://')", "InvalidURL"),
            ("session.post(base + '/echo', json={'x': float('nan')})", "InvalidJSONError"),
            ("session.post(base + '/echo', headers={'X': 1})", "InvalidHeader"),
            ("session.post(base + '/echo', headers={'X': 'a\\nb'})", "InvalidHeader"),
            ("session.get(base + '/echo/text').json()", "JSONDecodeError"),
            ("session.get(base + '/echo/text?status=404').raise_for_status()", "HTTPError"),
            ("session.get(base + '/remote/slow', timeout=0.05)", "ReadTimeout"),
            ("session.get(base + '/remote/hang-up')", "ConnectionError"),
        ):
            code = (
                "try:\n    %s\nexcept IOError as error:\n    result = [type(error).__name__, type(error).__module__]"
                % expression
            )
            with self.subTest(name):
                self.assertEqual(self.run_code(code), [name, "requests.exceptions"])
        self.assertEqual(
            self.run_code(
                "try:\n    session.post(base + '/echo', json={1, 2})\nexcept TypeError as error:\n    result = str(error)"
            ),
            "Object of type set is not JSON serializable",
        )

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
            "result = [answer.json()['method'], answer.json()['path'], answer.url, [r.status_code for r in answer.history]]"
        )
        self.assertEqual(got, ["GET", "/remote/target?x=1", self.server.url + "/remote/target?x=1", [302]])
        self.assertEqual(self.result("session.get(base + '/remote/redirect', allow_redirects=False).status_code"), 302)
        self.assertEqual(self.result("session.get(base + '/echo/redirect').json()['path']"), "/moved")
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
result = [type(answer).__name__, answer.status_code, answer.content_type, answer.body, sorted(answer.headers), event.headers]
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

    def test_each_task_has_its_own_user_data(self):
        self.assertEqual(
            self.result("[session.get(base + '/echo/data').text, hasattr(context.user_data, 'value')]"),
            ["echo's own", False],
        )

    def test_what_a_caller_does_to_the_request_of_an_answer_does_not_last(self):
        code = """
first = session.post(base + "/echo", json={"a": 1})
first = session.post(base + "/echo", json={"a": 1})
first.request.headers["X-Mine"] = "1"
first.headers["X-Mine"] = "1"
second = session.post(base + "/echo", json={"a": 1})
result = [first.request.body.decode(), second.json()["headers"].get("X-Mine"), second.headers.get("X-Mine"), second.history]
"""
        self.assertEqual(self.run_code(code), ['{"a": 1}', None, None, []])

    def test_json_with_headers_is_the_same_each_time(self):
        code = """
result = []
for _ in range(2):
    for headers in ({"x-a": "1"}, {"X-A": "2", "content-type": "application/json"}, {"Content-Type": "text/plain"}, {"Accept": None},
                    {"Fusionizer-Caller": "forged", "Task-Name": "forged", "Traceparent": "forged"}, {"X-B": b"b"}, {}, None):
        got = session.post(base + "/echo", json={"a": 1}, headers=headers).json()
        got["headers"].pop("Traceparent")
        result.append([got["headers"], got["type"], got["content_type"]])
"""
        got = self.run_code(code)
        self.assertEqual(got[:8], got[8:])
        self.assertEqual([headers.get("X-A") for headers, _, _ in got[:3]], ["1", "2", None])
        self.assertEqual([kind for _, kind, _ in got[:8]], ["dict", "dict", "bytes"] + ["dict"] * 5)
        self.assertNotIn("Accept", got[3][0])
        self.assertEqual((got[4][0]["Task-Name"], got[4][0].get("Fusionizer-Caller")), ("echo", None))
        self.assertEqual(got[5][0]["X-B"], "b")
        self.assertEqual(got[6], got[7])

    def test_gzip_is_unpacked(self):
        self.assertEqual(self.result("session.get(base + '/remote/gzip').text"), "squeezed")

    def test_a_response_is_like_that_of_requests(self):
        code = """
result = []
for query in ("", "?type=text/html; charset=utf-8", "?type=application/json", "?type=image/png", "?status=404", "?status=204", "?type="):
    for r in (SESSION.get(base + "/echo/text" + query, headers={"Host": "h"}), SESSION.head(base + "/echo/text" + query)):
        result.append([r.status_code, r.ok, r.reason, r.content.decode("latin-1"), r.encoding, r.url, r.text,
                       r.headers["x-a"], r.headers.get("X-B"), r.headers.get("content-type"), r.is_redirect, len(r.history),
                       [c.decode("latin-1") for c in r.iter_content(1)], dict(r.cookies), repr(r), bool(r),
                       r.elapsed.total_seconds() >= 0, r.request.method, r.request.url, [l.decode("latin-1") for l in r.iter_lines()]])
for arguments in (dict(data={"a": [1, "x y"], "b": None}), dict(data="text ž".encode()), dict(data=b"raw"), dict(json=[1]), dict(json=None),
                  dict(data=[("a", "1"), ("a", "2")]), dict(data={}), dict(params={"a b": "ü", "n": None}), dict(json={}), dict(data="", json=2),
                  dict(auth=("u", "p")), dict(headers={"content-type": "application/json"}, data="[2]"), dict(cookies={"k": "v"})):
    for method in ("POST", "GET", "DELETE"):
        r = SESSION.request(method, base + "/echo/x y/%41?q=1#part", **arguments)
        got = r.json()
        for name in ("Traceparent", "User-Agent", "Accept-Encoding"):
            got["headers"].pop(name, None)
        result.append([arguments and sorted(arguments), got, r.url])
"""
        own = self.run_code(code.replace("SESSION", "session"))
        # Hooks make the session hand everything to a real requests.Session, whose calls stay local all the same.
        real = self.run_code(
            code.replace("SESSION", "real").replace(
                "result = []", "real = session; real.hooks['response'] = []; result = []", 1
            )
        )
        self.assertEqual(len(own), len(real))
        for mine, theirs in zip(own, real):
            with self.subTest(repr(mine)[:80]):
                self.assertEqual(mine, theirs)
        self.assertEqual(self.server.requests, [])

    def test_files_go_through_requests_and_stay_local(self):
        got = self.run_code(
            "import io\nresult = session.post(base + '/echo', files={'f': ('n.txt', io.BytesIO(b'content'))}).json()"
        )
        self.assertRegex(got["content_type"], "^multipart/form-data")
        self.assertIn("content", got["body"])
        self.assertEqual(self.server.requests, [])

    def test_without_requests_other_hosts_say_what_to_do(self):
        hidden = Package({"hide": {"requests/__init__.py": "raise ModuleNotFoundError('gone', name='requests')"}})
        self.addCleanup(hidden.remove)
        worker = Worker(self.package, {"FUSIONIZER_URL": self.server.url, "PYTHONPATH": hidden.folder + "/tasks/hide"})
        self.addCleanup(worker.close)
        answer = worker.event(
            "POST", "/", {}, b"result = session.get('http://example.invalid/').status_code", task="run"
        )
        self.assertEqual(answer.status, 500)
        self.assertIn("pip install requests", answer.text)
        self.assertIn("spec.build.commands", answer.text)
        code = b"try:\n    session.get('nowhere')\nexcept IOError as e:\n    result = [type(e).__name__, type(e).__module__]"
        answer = worker.event("POST", "/", {}, code, task="run")
        self.assertEqual(answer.json()["result"], ["MissingSchema", "fusionizer_dispatcher.errors"])
        answer = worker.event(
            "POST",
            "/",
            {},
            ("result = session.post(%r).json()['path']" % (self.server.url + "/echo/x")).encode(),
            task="run",
        )
        self.assertEqual(answer.json()["result"], "/x")


if __name__ == "__main__":
    unittest.main()
