"""The worker process: protocol, events, return values, errors and logs."""

import json
import os
import time
import unittest

from support import Package, Worker
from worker_case import WorkerCase


class WorkerTest(WorkerCase):
    def test_frames_in_pieces_and_big_bodies_both_ways(self):
        worker = self.start()
        for size in (0, 1, 65535, 5 << 20):
            self.assertEqual(
                worker.event("POST", "/size", body=b"x" * size).json(), {"size": size, "first": "x"[:size]}
            )
        body = os.urandom(5 << 20)
        self.assertEqual(worker.event("POST", "/big", body=body).body, body)

        def single_bytes(data):
            for at in range(0, len(data), 7):
                time.sleep(0.0001)
                yield data[at : at + 7]

        self.assertEqual(worker.event("POST", "/size", body=b"y" * 300, pieces=single_bytes).json()["size"], 300)
        worker.send("POST", "/size", body=b"1")
        worker.send("POST", "/size", body=b"22")
        self.assertEqual([worker.answer().json()["size"] for _ in "ab"], [1, 2])

    def test_an_event_has_what_the_server_sends(self):
        worker = self.start()
        got = worker.event(
            "POST",
            "/meta",
            {"X-A": "v"},
            b"abc",
            worker_id=3,
            timestamp=1732170000.9,
            trigger={"kind": "cron", "name": "task-tick"},
        ).json()
        shown = json.loads(got.pop("repr"))
        self.assertEqual(
            got,
            {
                "id": "event-1",
                "time": "2024-11-21 06:20:00",
                "worker": "3",
                "trigger": "tick",
                "get": "v",
                "url": "",
                "shard": -1,
                "size": 3,
            },
        )
        self.assertEqual(
            (shown["body"], shown["trigger"], shown["topic"]), ("YWJj", {"kind": "cron", "name": "tick"}, "")
        )
        self.assertEqual(worker.event(path="/copy").json(), {"copies": ["/copy", "event-1", "GET"], "missing": False})
        self.assertEqual(worker.event(path="/none", body_null=True).text, "None")

    def test_the_task_of_an_event(self):
        worker = self.start(self.pair)
        self.assertEqual(worker.event(task="other").text, "other")
        self.assertEqual(
            worker.event(path="/meta", trigger={"kind": "cron", "name": "task-tick"}).json()["trigger"], "tick"
        )
        answer = worker.event()
        self.assertEqual(
            (answer.status, answer.text),
            (400, "The event names no Task. Set the header Task-Name to one of: task, other."),
        )
        answer = worker.event(task="nobody")
        self.assertEqual(
            (answer.status, answer.text),
            (400, "There is no Task 'nobody' in this function. Set the header Task-Name to one of: task, other."),
        )
        self.assertEqual(self.start().event(task="nobody").status, 400)

    def test_return_values(self):
        worker = self.start()
        number = "json: cannot unmarshal number 201.0 into Go struct field Result.status_code of type int"
        text = "text/plain"
        server_text = "text/plain; charset=utf-8"
        for path, status, content_type, body in (
            ("/list", 200, "application/json", '{"a": 1}'),
            ("/nested-list", 200, "application/json", "[1]"),
            ("/nan", 200, "application/json", '{"v": "NaN", "i": "Infinity"}'),
            ("/float-status", 500, server_text, number),
            ("/bool-status", 500, server_text, number.replace("number 201.0", "bool")),
            ("/status-text", 500, server_text, number.replace("number 201.0", "string")),
            ("/no-status", 200, text, "x"),
            (
                "/odd-status",
                500,
                server_text,
                "The handler answered with status 42; the status of an answer is 200 to 999.",
            ),
            (
                "/interim-status",
                500,
                server_text,
                "The handler answered with status 103; the status of an answer is 200 to 999.",
            ),
            ("/headers", 200, text, "b"),
            (
                "/list-headers",
                500,
                server_text,
                "json: cannot unmarshal array into Go struct field Result.headers of type map[string]interface {}",
            ),
            ("/object", 200, "application/json", '{"o": "<class \'object\'>"}'),
            ("/bytes-tuple", 200, "application/json", "\"b'bin'\""),
            ("/surrogate", 200, text, "a\ufffdb"),
        ):
            with self.subTest(path):
                answer = worker.event(path=path)
                self.assertEqual((answer.status, answer.content_type, answer.text), (status, content_type, body))
                if path == "/headers":
                    self.assertEqual(answer.headers, {"X-A": "1", "Content-Type": "text/html", "X-D": "a b"})
                if path == "/list":
                    self.assertEqual([log["level"] for log in answer.logs], ["warn"])
                    self.assertIn("return (200, [...])", answer.logs[0]["message"])
        answer = worker.event(path="/empty-list")
        self.assertEqual(answer.status, 500)
        self.assertIn("return (200, [])", answer.text)
        answer = worker.event(path="/gen")
        self.assertEqual(answer.status, 500)
        self.assertIn("object generator can't be used in 'await' expression", answer.text)

    def test_errors(self):
        worker = self.start()
        answer = worker.event(path="/chained")
        self.assertEqual((answer.status, answer.content_type), (500, "text/plain"))
        self.assertTrue(
            answer.text.startswith(
                'Exception caught in handler - "outer": Traceback (most recent call last):\n  File "'
            ),
            answer.text,
        )
        self.assertIn("ZeroDivisionError", answer.text)
        self.assertNotIn("fusionizer_dispatcher", answer.text)
        log = answer.logs[0]
        self.assertEqual(
            (log["level"], log["message"], log["with"]["exc"], log["task"]),
            ("error", "Exception caught in handler", "outer", "task"),
        )
        self.assertEqual('Exception caught in handler - "outer": ' + log["with"]["traceback"], answer.text)
        self.assertIn("missing 2 required positional arguments", worker.event(path="/arguments").text)
        self.assertEqual(worker.event(path="/odd-error").status, 500)
        self.assertIn('File "%s' % self.package.folder, worker.event(path="/unknown").text)

    def test_logs_carry_task_trace_and_fields(self):
        worker = self.start()
        trace = "0af7651916cd43dd8448eb211c80319c"
        logs = worker.event(path="/thread-log", headers={"Traceparent": "00-%s-b7ad6b7169203331-01" % trace}).logs
        self.assertEqual({(log["task"], log["trace"]) for log in logs}, {("task", trace)})
        self.assertEqual([log["message"] for log in logs], ["late", "with", "2 apples and pears"])
        self.assertEqual(logs[1]["with"], {"x": "NaN", "y": "{1, 2}", "z": "<class 'object'>", "bound": 1})
        self.assertAlmostEqual(logs[0]["time"] / 1000, time.time(), delta=60)
        self.assertEqual(worker.event(path="/bad-log").text, "went on")
        worker.wait_for(lambda: b"Logging error" in worker.printed["stderr"])

    def test_the_third_parameter_is_the_session(self):
        package = Package(
            {
                "a": "def handler(c, e, other): return type(other).__name__",
                "b": "def handler(c, e, retries=3): return str(retries)",
                "c": "def handler(c, e, requests_session=None): return type(requests_session).__name__",
                "d": "def two(c, e): return 'two'\ndef wrap(f): return lambda *a, **k: f(*a, **k)\nhandler = wrap(two)",
                "e": "import functools\ndef three(c, e, s): return type(s).__name__\n"
                "def wrap(f): return functools.wraps(f)(lambda *a, **k: f(*a, **k))\nhandler = wrap(three)",
                "f": "class H:\n    def __call__(self, c, e, s): return type(s).__name__\nhandler = H()",
                "g": """
                    import functools
                    def wrap(f):
                        @functools.wraps(f)
                        def own(c, e): return f(c, e, 'own')
                        return own
                    @wrap
                    def handler(c, e, database): return database
                    """,
                "h": """
                    import functools
                    def wrap(f):
                        @functools.wraps(f)
                        def own(c, e, *more): return f(c, e, *more)
                        return own
                    @wrap
                    @wrap
                    def handler(c, e, s): return type(s).__name__
                    """,
                "i": """
                    import functools
                    @functools.lru_cache(maxsize=1)
                    def handler(c, e, s): return type(s).__name__
                    """,
                "j": "import functools\nhandler = functools.partial(lambda x, c, e: x, 'partial')",
                "k": """
                    class W:
                        def __init__(self, f): self.f = self.__wrapped__ = f
                        def __call__(self, c, e): return self.f(c, e, 'own')
                    @W
                    def handler(c, e, database): return database
                    """,
                "l": """
                    import functools
                    def wrap(f):
                        @functools.wraps(f)
                        async def own(*a): return await f(*a)
                        return own
                    @wrap
                    async def handler(c, e, s): return type(s).__name__
                    """,
                "m": "def handler(*a): return str(len(a))\nhandler.__wrapped__ = handler",
            }
        )
        self.addCleanup(package.remove)
        worker = Worker(package)
        self.addCleanup(worker.close)
        self.assertEqual(
            {task: worker.event(task=task).text for task in "abcdefghijklm"},
            dict.fromkeys("acefhil", "Session")
            | {"b": "3", "d": "two", "g": "own", "j": "partial", "k": "own", "m": "2"},
        )

    def test_init_context_is_that_of_the_handlers_module(self):
        lib = "def init_context(c): c.user_data.init = 'lib'\ndef handler(c, e): return c.user_data.init\n"
        package = Package(
            {
                "a": {
                    "main.py": "from lib import handler\ndef init_context(c): c.user_data.init = 'main'",
                    "lib.py": lib,
                },
                "b": {"main.py": "from lib import handler", "lib.py": lib},
                "c": "import functools\ndef init_context(c): c.user_data.init = 'main'\n"
                "handler = functools.partial(lambda c, e: c.user_data.init)",
            }
        )
        self.addCleanup(package.remove)
        worker = Worker(package)
        self.addCleanup(worker.close)
        self.assertEqual([worker.event(task=task).text for task in "abc"], ["lib", "lib", "main"])


if __name__ == "__main__":
    unittest.main()
