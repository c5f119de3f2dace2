"""A Task that behaves well and badly, and its worker, for the tests of the worker process."""

import json
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
            return {"id": event.id, "time": str(event.timestamp), "worker": context.worker_id,
                    "trigger": event.trigger.name, "get": event.get_header("x-a"), "url": event.url,
                    "shard": event.shard_id, "repr": repr(event), "size": event.size}
        if path == "/copy":
            import copy, pickle
            copied = pickle.loads(pickle.dumps(event))
            return {"copies": [copy.copy(event).path, copy.deepcopy(event).id, copied.method],
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
            "/empty-list": [], "/list": [{"a": 1}, 2], "/nested-list": [[1], 2], "/gen": (x for x in "ab"),
            "/nan": {"v": float("nan"), "i": float("inf")}, "/float-status": (201.0, "x"), "/bool-status": (True, "x"),
            "/no-status": (None, "x"), "/odd-status": (42, "x"), "/interim-status": (103, "x"),
            "/headers": context.Response(body="b", headers={"X-A": "1", "X-B": 2, "X-C": None,
                                                            "Content-Type": "text/html", "X-D": "a\\nb"}),
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


class WorkerCase(unittest.TestCase):
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
