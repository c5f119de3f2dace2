"""Callees that are called from other threads than the event's have their own modules, by importlib and pickle too."""

import unittest

from tasks_case import TasksCase

# What each Task says of itself: its name by each way, or what went wrong.
_PROBE = """
    import asyncio
    import importlib
    import pickle
    import sys
    import threading
    import time
    from concurrent.futures import ThreadPoolExecutor
    from dataclasses import dataclass
    from importlib import import_module

    import utils

    URL = "http://h:1/"

    @dataclass
    class P:
        who: str

    def by_modules():
        return [pickle.loads(pickle.dumps(P(utils.WHO))).who, sys.modules["utils"].WHO, sys.path[0].rpartition("/")[2]]

    def by_importlib():
        return [importlib.import_module("utils").WHO, import_module("late").WHO, import_module(".part", "pkg").WHO]

    def who():
        return by_modules() + by_importlib()
"""


def _task(name, code):
    return {
        "main.py": _PROBE + code,
        "utils.py": "WHO = %r" % name,
        "late.py": "WHO = %r" % name,
        "pkg/__init__.py": "",
        "pkg/part.py": "WHO = %r" % name,
    }


_SAYS = """
    def handler(context, event, session):
        return (200, who())
"""
_MEETS = """
    def handler(context, event, session):
        first = who()
        time.sleep(0.002)
        return (200, [first, who()])
"""
_NESTED = """
    def handler(context, event, session):
        before = who()
        by_thread = []
        thread = threading.Thread(target=lambda: by_thread.append(session.post(URL + "says", json={}).json()))
        thread.start()
        thread.join()
        return (200, [before, session.post(URL + "says", json={}).json(), who(), by_thread[0], who()])
"""
_ASYNC = """
    async def handler(context, event, session):
        before = who()
        inner = session.post(URL + "says", json={}).json()
        thread = await asyncio.to_thread(session.post, URL + "says", json={})
        return (200, [before, inner, thread.json(), who()])
"""


def _of(name):
    return [name] * 6


class ThreadsTest(TasksCase):
    env = {"FUSIONIZER_URL": "http://h:1"}

    def run_codes(self, **codes):
        return self.run_tasks({name: _task(name, code) for name, code in codes.items()})

    def check(self, worker, task, expected):
        """The answer of `task`, twice, with an event of another Task between."""
        for _ in "ab":
            answer = worker.event(task=task)
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual(answer.json(), expected)
            self.assertEqual(worker.event(task="says").json(), _of("says"))

    def test_parallel_calls_of_one_callee(self):
        caller = """
    def handler(context, event, session):
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda n: session.post(URL + "meets", json={"n": n}).json(), range(8)))
        return (200, [answers, who()])
        """
        self.check(
            self.run_codes(caller=caller, meets=_MEETS, says=_SAYS), "caller", [[[_of("meets")] * 2] * 8, _of("caller")]
        )

    def test_the_events_thread_calls_the_same_callee_as_its_threads(self):
        caller = """
    def handler(context, event, session):
        with ThreadPoolExecutor(3) as pool:
            calls = [pool.submit(session.post, URL + "meets", json={}) for _ in "abc"]
            own = session.post(URL + "meets", json={}).json()
            answers = [call.result().json() for call in calls]
        return (200, [answers, own, who(), session.post(URL + "says", json={}).json()])
        """
        worker = self.run_codes(caller=caller, meets=_MEETS, says=_SAYS)
        self.check(worker, "caller", [[[_of("meets")] * 2] * 3, [_of("meets")] * 2, _of("caller"), _of("says")])

    def test_a_callee_in_a_thread_calls_on(self):
        caller = """
    def handler(context, event, session):
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(session.post, URL + "nested", json={}).result().json()
        return (200, [answer, who()])
        """
        nested = [_of("nested"), _of("says"), _of("nested"), _of("says"), _of("nested")]
        self.check(self.run_codes(caller=caller, nested=_NESTED, says=_SAYS), "caller", [nested, _of("caller")])

    def test_to_thread(self):
        caller = """
    async def handler(context, event, session):
        async def call(name):
            return (await asyncio.to_thread(session.post, URL + name, json={})).json()
        one = await call("says")
        between = who()
        several = await asyncio.gather(*[call("meets") for _ in range(4)])
        return (200, [one, between, several, await call("nested"), await call("async"), who()])
        """
        worker = self.run_codes(
            **{"caller": caller, "meets": _MEETS, "nested": _NESTED, "async": _ASYNC, "says": _SAYS}
        )
        nested = [_of("nested"), _of("says"), _of("nested"), _of("says"), _of("nested")]
        asynchronous = [_of("async"), _of("says"), _of("says"), _of("async")]
        self.check(
            worker,
            "caller",
            [_of("says"), _of("caller"), [[_of("meets")] * 2] * 4, nested, asynchronous, _of("caller")],
        )

    def test_a_call_that_outlives_its_event_does_not_change_the_next_ones_modules(self):
        # The Tasks share what a module of the standard library holds.
        shared = """
    import logging
    entered, go = logging.__dict__.setdefault("shared_by_tasks", (threading.Event(), threading.Event()))
        """
        caller = """
    def handler(context, event, session):
        if event.path == "/start":
            threading.Thread(target=session.post, args=(URL + "waits",), kwargs={"json": {}}).start()
            entered.wait(10)
            return "started"
        return (200, who())
        """
        waits = """
    def handler(context, event, session):
        entered.set()
        go.wait(10)
        return (200, import_module("utils").WHO)
        """
        releases = """
    def handler(context, event, session):
        before = who()
        go.set()
        return (200, [before, who()])
        """
        worker = self.run_codes(caller=shared + caller, waits=shared + waits, releases=shared + releases, says=_SAYS)
        self.assertEqual(worker.event(path="/start", task="caller").text, "started")
        self.assertEqual(worker.event(task="caller").json(), _of("caller"))
        self.assertEqual(worker.event(task="releases").json(), [_of("releases")] * 2)
        self.check(worker, "caller", _of("caller"))

    def test_different_callees_in_parallel_have_their_own_modules_by_importlib(self):
        meets = """
    def handler(context, event, session):
        found = by_importlib()
        time.sleep(0.002)
        return (200, found)
        """
        caller = """
    def handler(context, event, session):
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda name: session.post(URL + name, json={}).json(), ["one", "two"]))
        return (200, [answers, who()])
        """
        worker = self.run_codes(caller=caller, one=meets, two=meets, says=_SAYS)
        self.check(worker, "caller", [[["one"] * 3, ["two"] * 3], _of("caller")])

    def test_import_module_raises_as_pythons_own(self):
        caller = """
    def attempt(*names):
        try:
            return import_module(*names).__name__
        except (ImportError, TypeError) as error:
            return type(error).__name__ + ": " + str(error)
    def found():
        names = [("nowhere",), ("pkg.nowhere",), (".part",), ("...part", "pkg"), ("colorsys",)]
        return [attempt(*each) for each in names] + [attempt("only_other")]
    def handler(context, event, session):
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(session.post, URL + "other", json={}).result().json()
            return (200, [found(), pool.submit(found).result(), answer])
        """
        other = (
            _PROBE + "    import only_other\n" + caller.replace('_other")', '_caller")').partition("    def handler")[0]
        )
        tasks = {"caller": _task("caller", caller), "other": _task("other", "")}
        tasks["other"].update({"main.py": other + "    def handler(c, e): return (200, found())", "only_other.py": ""})
        worker = self.run_tasks(tasks)
        own, by_thread, in_callee = worker.event(task="caller").json()
        self.assertEqual(
            own[:2],
            ["ModuleNotFoundError: No module named 'nowhere'", "ModuleNotFoundError: No module named 'pkg.nowhere'"],
        )
        self.assertTrue(own[2].startswith("TypeError: the 'package' argument is required"), own)
        self.assertEqual(own[3:], ["ImportError: attempted relative import beyond top-level package", "colorsys",
                                   "ModuleNotFoundError: No module named 'only_other'"])  # fmt: skip
        self.assertEqual(by_thread, own)
        self.assertEqual(in_callee, own[:5] + ["ModuleNotFoundError: No module named 'only_caller'"])


if __name__ == "__main__":
    unittest.main()
