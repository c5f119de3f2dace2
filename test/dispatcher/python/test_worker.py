"""The worker process: protocol, robustness, start and end."""

import json
import os
import signal
import time
import unittest

from support import Package, Worker

_TASK = """
    import ctypes, os, signal, subprocess, sys, threading, time

    def init_context(context):
        context.logger.info("init of %s", "task")
        context.platform.set_termination_callback(lambda: print("terminated"))

    def handler(context, event):
        path = event.path
        if path == "/size":
            return {"size": len(event.body), "first": event.body[:1].decode()}
        if path == "/big":
            return event.body
        if path == "/none":
            return repr(event.body)
        if path == "/meta":
            return {"id": event.id, "time": str(event.timestamp), "worker": context.worker_id, "trigger": event.trigger.name,
                    "get": event.get_header("x-a"), "url": event.url, "shard": event.shard_id, "repr": repr(event), "size": event.size}
        if path == "/copy":
            import copy, pickle
            return {"copies": [copy.copy(event).path, copy.deepcopy(event).id, pickle.loads(pickle.dumps(event)).method],
                    "missing": hasattr(event, "nothing")}
        if path == "/fork":
            if os.fork() == 0:
                context.logger.info("from the child")
                return "child"
            os.wait()
            return "parent"
        if path == "/spawn":
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
            return str(child.pid)
        if path == "/descriptors":
            listing = subprocess.run([sys.executable, "-c", "import os; print(sorted(os.listdir('/proc/self/fd')))"],
                                     capture_output=True, text=True)
            return listing.stdout
        if path == "/close":
            sys.stdin.close()
            sys.stdout.close()
            os.close(1)
            return "closed"
        if path == "/die":
            os._exit(7)
        if path == "/interrupt":
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)
            return "still here"
        if path == "/busy":
            print("busy", flush=True)
            while True:
                pass
        if path == "/hang-in-c":
            print("busy", flush=True)
            ctypes.PyDLL(None).sleep(600)
        if path == "/thread-log":
            def late():
                context.logger.info("late")
            thread = threading.Thread(target=late); thread.start(); thread.join()
            context.logger.bind(bound=1)
            context.logger.error_with("with", x=float("nan"), y={1, 2}, z=object)
            context.logger.warn("%d apples and %s", 2, "pears")
            return "logged"
        if path == "/bad-log":
            context.logger.info("%d", "no number")
            return "went on"
        returns = {
            "/empty-list": [], "/list": [{"a": 1}, 2], "/nested-list": [[1], 2], "/gen": (x for x in "ab"), "/nan": {"v": float("nan"), "i": float("inf")},
            "/float-status": (201.0, "x"), "/bool-status": (True, "x"), "/no-status": (None, "x"), "/odd-status": (42, "x"), "/interim-status": (103, "x"),
            "/headers": context.Response(body="b", headers={"X-A": "1", "X-B": 2, "X-C": None, "Content-Type": "text/html", "X-D": "a\\nb"}),
            "/list-headers": context.Response(headers=["a"]), "/object": {"o": object}, "/bytes-tuple": (200, b"bin"),
            "/surrogate": "a\\ud800b", "/status-text": context.Response(body="x", status_code="201"),
            "/no-type": context.Response(body="x"),
        }
        class Odd(Exception):
            def __str__(self):
                raise RuntimeError("no words")
        if path == "/odd-error":
            raise Odd
        if path == "/chained":
            try:
                1 / 0
            except ZeroDivisionError as error:
                raise ValueError("outer") from error
        if path == "/arguments":
            return handler()
        return returns[path]
"""


class WorkerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.package = Package({"task": _TASK}, triggers={"task": {"task-tick": "tick"}})
        cls.pair = Package(
            {"task": _TASK, "other": "def handler(c, e): return 'other'"}, triggers={"task": {"task-tick": "tick"}}
        )

    @classmethod
    def tearDownClass(cls):
        cls.package.remove()
        cls.pair.remove()

    def start(self, package=None, **options):
        worker = Worker(package or self.package, start=False, **options)
        self.addCleanup(worker.close)
        kind, payload = worker.frame()
        self.assertEqual(kind, "L", payload)
        log = json.loads(payload)
        self.assertEqual((log["level"], log["message"], log["task"], log["with"]), ("info", "init of task", "task", {}))
        self.assertEqual(worker.frame()[0], "S")
        return worker

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

    def test_handlers_that_meddle_with_the_process(self):
        worker = self.start()
        answer = worker.event(path="/fork")
        self.assertEqual((answer.text, answer.logs), ("parent", []))
        self.assertEqual(worker.event(path="/interrupt").text, "still here")
        if os.path.isdir("/proc/self/fd"):
            self.assertEqual(
                worker.event(path="/descriptors").text.strip(), "['0', '1', '2', '3']"
            )  # 3 is the listing itself.
        self.assertEqual(worker.event(path="/close").text, "closed")
        self.assertEqual(worker.event("POST", "/size", body=b"1").json()["size"], 1)
        self.assertEqual(worker.finish(), 0)

    def test_the_end_of_the_input_is_the_end(self):
        worker = self.start()
        self.assertEqual(worker.finish(), 0)
        self.assertEqual(worker.printed["stdout"], b"terminated\n")

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
            }
        )
        self.addCleanup(package.remove)
        worker = Worker(package)
        self.addCleanup(worker.close)
        self.assertEqual(
            [worker.event(task=t).text for t in "abcdef"], ["Session", "3", "Session", "two", "Session", "Session"]
        )

    def test_a_dying_handler_takes_the_worker_along(self):
        worker = self.start()
        worker.send(path="/die")
        self.assertEqual(worker.process.wait(10), 7)

    def test_the_lifeline_ends_a_busy_worker_and_its_children(self):
        self.check_lifeline("/busy")

    def test_the_lifeline_ends_a_worker_that_hangs_in_c_code(self):
        self.check_lifeline("/hang-in-c")

    def check_lifeline(self, path):
        worker = self.start()
        child = int(worker.event(path="/spawn").text)
        worker.send(path=path)
        worker.wait_for(lambda: b"busy" in worker.printed["stdout"])
        os.close(worker.lifeline)
        worker.lifeline = None
        self.assertEqual(worker.process.wait(10), -signal.SIGKILL)
        worker.wait_for(lambda: not _runs(child))

    def test_traces_come_in_batches_and_before_the_exit(self):
        package = Package(
            {
                "a": "def handler(c, e, session):\n    for _ in range(int(e.path[1:])): session.post('http://h:1/b', json={})\n    return 'x'",
                "b": "def handler(c, e): return {}",
            }
        )
        self.addCleanup(package.remove)
        worker = Worker(package, {"FUSIONIZER_URL": "http://h:1"})
        self.addCleanup(worker.close)
        worker.event(path="/250", task="a")
        worker.wait_for(lambda: len(worker.traces) == 250)
        worker.event(path="/3", task="a")
        self.assertEqual(worker.finish(), 0)
        self.assertEqual(len(worker.traces), 253)

    def test_a_package_without_a_manifest_is_told(self):
        package = Package({"a": ""})
        self.addCleanup(package.remove)
        os.remove(os.path.join(package.folder, "fusionizer.json"))
        worker = Worker(package, start=False)
        self.addCleanup(worker.close)
        kind, payload = worker.frame()
        self.assertEqual(kind, "F")
        self.assertIn("fusionizer.json", json.loads(payload)["message"])


def _runs(pid):
    """Whether a process runs; one that has ended but was not waited for does not."""
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    unittest.main()
