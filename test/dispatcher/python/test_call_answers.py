"""requests_session: arguments, answers and errors are as those of requests itself."""

import unittest

from calls_case import CallsCase
from support import Package, Worker


class CallAnswersTest(CallsCase):
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
            r'^Exception caught in handler - "bad thing": '
            r'Traceback \(most recent call last\):\n  File "[^"]*echo/main.py"',
        )
        self.assertTrue(first[4].endswith("ValueError: bad thing\n"), first[4])
        self.assertTrue(second[4].startswith('Exception caught in handler - "3": Traceback'), second[4])

    def test_a_status_that_no_answer_has_is_an_error(self):
        code = (
            "answers = [session.post(base + '/echo/text?status=%d' % s) for s in (100, 101, 199, 1000)]\n"
            "result = [(a.status_code, a.text) for a in answers]"
        )
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
session.cookies.set("c", "1")
session.params = {"p": "1"}
first = session.get(base + "/echo/", headers={"x-own": "o", "User-Agent": None}, params={"q": ["1", "2"]}).json()
session.get(base + "/echo/text")
result = [first, session.get(base + "/echo/").json()["headers"]["Cookie"]]
session.auth = ("user", "pass")  # The function has a token: the server would judge these calls.
""".replace('"Accept": None and "", ', "")
        first, cookie = self.run_code(code)
        headers = first["headers"]
        self.assertEqual((headers["X-Session"], headers["X-Own"], headers["Cookie"]), ("s", "o", "c=1"))
        self.assertNotEqual(headers.get("User-Agent"), "me")
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
                "try:\n    session.post(base + '/echo', json={1, 2})\n"
                "except TypeError as error:\n    result = str(error)"
            ),
            "Object of type set is not JSON serializable",
        )

    def test_what_a_caller_does_to_the_request_of_an_answer_does_not_last(self):
        code = """
first = session.post(base + "/echo", json={"a": 1})
first = session.post(base + "/echo", json={"a": 1})
first.request.headers["X-Mine"] = "1"
first.headers["X-Mine"] = "1"
second = session.post(base + "/echo", json={"a": 1})
mine = second.json()["headers"].get("X-Mine")
result = [first.request.body.decode(), mine, second.headers.get("X-Mine"), second.history]
"""
        self.assertEqual(self.run_code(code), ['{"a": 1}', None, None, []])

    def test_json_with_headers_is_the_same_each_time(self):
        code = """
result = []
for _ in range(2):
    for headers in ({"x-a": "1"}, {"X-A": "2", "content-type": "application/json"}, {"Content-Type": "text/plain"},
                    {"Accept": None}, {"Fusionizer-Caller": "forged", "Task-Name": "forged", "Traceparent": "forged"},
                    {"X-B": b"b"}, {}, None):
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
types = ("?type=text/html; charset=utf-8", "?type=application/json", "?type=image/png", "?type=")
for query in ("", *types[:3], "?status=404", "?status=204", types[3]):
    url = base + "/echo/text" + query
    for r in (SESSION.get(url, headers={"X-H": "h"}), SESSION.head(url)):
        result.append([r.status_code, r.ok, r.reason, r.content.decode("latin-1"), r.encoding, r.url, r.text,
                       r.headers["x-a"], r.headers.get("X-B"), r.headers.get("content-type"), r.is_redirect,
                       len(r.history), [c.decode("latin-1") for c in r.iter_content(1)], dict(r.cookies), repr(r),
                       bool(r), r.elapsed.total_seconds() >= 0, r.request.method, r.request.url,
                       [l.decode("latin-1") for l in r.iter_lines()]])
for arguments in (dict(data={"a": [1, "x y"], "b": None}), dict(data="text ž".encode()), dict(data=b"raw"),
                  dict(json=[1]), dict(json=None), dict(data=[("a", "1"), ("a", "2")]), dict(data={}),
                  dict(params={"a b": "ü", "n": None}), dict(json={}), dict(data="", json=2),
                  dict(headers={"content-type": "application/json"}, data="[2]"), dict(cookies={"k": "v"})):
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
        code = (
            b"try:\n    session.get('nowhere')\n"
            b"except IOError as e:\n    result = [type(e).__name__, type(e).__module__]"
        )
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
