"""Tracebacks name the user's files and the libraries', never the Dispatcher's, alone and in a local call."""

import json
import re
import sys
import unittest

from support import Package, Worker
from tasks_case import TasksCase

_FAILS = """
    import asyncio, concurrent.futures, json, threading

    KEPT = ValueError("kept")

    def raised():
        raise ValueError("raised")

    def from_another():
        try:
            raised()
        except ValueError as error:
            raise KeyError("from another") from error

    def in_handling():
        try:
            raised()
        finally:
            {}["in handling"]

    def of_the_session(session):
        session.get("http://h:1/says/", headers={"X": 1})

    def caused_by_the_session(session):
        try:
            session.get("nonsense")
        except Exception as error:
            raise ValueError("caused") from error

    def noted():
        error = ValueError("noted")
        error.__notes__ = ["a note\\nof two lines"]
        raise error

    def grouped(session):
        errors = []
        for call in (raised, from_another, lambda: of_the_session(session)):
            try:
                call()
            except Exception as error:
                errors.append(error)
        raise ExceptionGroup("grouped", errors)

    def in_a_pool(session):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            future = pool.submit(of_the_session, session)
            concurrent.futures.wait([future])
            future.result()

    FAILS = {
        "raised": lambda session: raised(),
        "raised again": lambda session: (_ for _ in ()).throw(KEPT),
        "from another": lambda session: from_another(),
        "in handling": lambda session: in_handling(),
        "of the session": of_the_session,
        "caused by the session": caused_by_the_session,
        "of the answer": lambda session: session.get("http://h:1/says/").json(),
        "of a local answer": lambda session: session.get("http://h:1/fails/none").raise_for_status(),
        "noted": lambda session: noted(),
        "grouped": grouped,
        "in a pool": in_a_pool,
        "in a loop": lambda session: asyncio.run(asyncio.wait_for(asyncio.sleep(5), 0.001)),
        "a syntax error": lambda session: __import__("bad"),
        "a syntax error within": lambda session: __import__("imports_bad"),
        "a missing module": lambda session: __import__("nowhere"),
        "of another package": lambda session: json.loads("{"),
        "in text": lambda session: exec("1 / 0"),
        "unpacking": lambda session: (lambda a: a)(),
    }

    def handler(context, event, session):
        if event.path == "/names":
            return 200, list(FAILS)
        if event.path == "/none":
            return 404, "none"
        return FAILS[event.body.decode()](session)
"""
_RELAY = """
    def handler(context, event, session):
        answer = session.post("http://h:1/fails", data=event.body)
        return 200, [answer.status_code, answer.text]
"""
#: What the tracebacks of some have of the user's: functions and errors, in the order of the text.
_PARTS = {
    "from another": [
        *("from_another", "raised", "ValueError: raised"),
        *("handler", "from_another", "KeyError: 'from another'"),
    ],
    "in handling": [
        *("in_handling", "raised", "ValueError: raised"),
        *("handler", "in_handling", "KeyError: 'in handling'"),
    ],
    "grouped": [
        *("handler", "grouped", "ExceptionGroup: grouped (3 sub-exceptions)"),
        *("grouped", "raised", "ValueError: raised"),
        *("from_another", "raised", "ValueError: raised"),
        *("grouped", "from_another", "KeyError: 'from another'"),
        *("grouped", "of_the_session"),
    ],
}
_BAD = "x = 1\nlet let = 3\n"


class TracebacksTest(TasksCase):
    env = {"FUSIONIZER_URL": "http://h:1"}

    def test_of_errors_of_all_kinds(self):
        for define in ("def handler", "async def handler"):
            files = {
                "main.py": _FAILS.replace("def handler", define),
                "bad.py": _BAD,
                "imports_bad.py": "import bad\n",
            }
            says = "def handler(context, event): return 'no JSON'"
            direct = self.run_tasks({"fails": files, "says": says})
            fused = self.run_tasks({"relay": _RELAY, "fails": files, "says": says})
            for name in direct.event(path="/names", task="fails").json():
                with self.subTest(name, define=define):
                    answer = direct.event(task="fails", body=name.encode())
                    relayed = fused.event(task="relay", body=name.encode()).json()
                    self.assertEqual([answer.status, relayed[0]], [500, 500])
                    wanted = answer.text.replace(direct.folder, "")
                    self.assertNotRegex(wanted, r"fusionizer_\w+/|dispatcher/python")
                    self.assertIn("Traceback (most recent call last):\n", wanted)
                    self.assertEqual(relayed[1].replace(fused.folder, ""), wanted)

    def test_of_a_task_that_does_not_start(self):
        for source, message, file, line in (
            (_BAD, "SyntaxError: invalid syntax", "main.py", 2),
            ("\nimport imports_bad", "SyntaxError: invalid syntax", "bad.py", 2),
            ("\nimport nowhere", "ModuleNotFoundError: No module named 'nowhere'", "main.py", 2),
            ("\nraise ValueError('at load')", "ValueError: at load", "main.py", 2),
            ("\nraise ValueError('of two\\nlines')", "ValueError: of two", "main.py", 2),
            ("\ntry:\n    import bad\nfinally:\n    raise ValueError('chained')", "ValueError: chained", "main.py", 5),
            (
                "\nerror = ValueError('noted')\nerror.__notes__ = ['a note']\nraise error",
                "ValueError: noted",
                "main.py",
                4,
            ),
            ("\ndef init_context(c): {}[1]\ndef handler(c, e): pass", "KeyError: 1", "main.py", 2),
            (
                "import asyncio\nasync def init_context(c):\n    await asyncio.sleep(0)\n    1 / 0\ndef handler(c, e): pass",
                "ZeroDivisionError: division by zero",
                "main.py",
                4,
            ),
        ):
            for more in ({}, {"other": "def handler(c, e): pass"}):
                files = {"main.py": source, "bad.py": _BAD, "imports_bad.py": "import bad\n"}
                package = Package({"one": files, **more})
                self.addCleanup(package.remove)
                worker = Worker(package, start=False)
                self.addCleanup(worker.close)
                kind, payload = worker.frame()
                self.assertEqual(kind, "F")
                failed = json.loads(payload)
                with self.subTest(source, fused=bool(more)):
                    self.assertEqual((failed["task"], failed["message"]), ("one", message))
                    self.assertEqual((failed["file"], failed["line"]), (file, line))
                    self.assertNotRegex(failed["traceback"], r"fusionizer_\w+/|dispatcher/python|frozen importlib")

    def test_of_chains_and_groups(self):
        files = {"main.py": _FAILS, "bad.py": _BAD, "imports_bad.py": "import bad\n"}
        worker = self.run_tasks({"relay": _RELAY, "fails": files})
        for name, wanted in _PARTS.items():
            if "ExceptionGroup" in "".join(wanted) and sys.version_info < (3, 11):
                continue
            for task in ("fails", "relay"):
                with self.subTest(name, task=task):
                    answer = worker.event(task=task, body=name.encode())
                    text = answer.text if task == "fails" else answer.json()[1]
                    self.assertRegex(text, r'^Exception caught in handler - "[^\n]*": +(\+ Exception Group )?Tra')
                    found = re.findall(r"tasks/fails/(\S+)\", line \d+, in (\w+)|^[ |]*([A-Z]\w+: .*)", text, re.M)
                    self.assertEqual([place or error for _, place, error in found], wanted)

    def test_of_a_group_at_the_start(self):
        # Groups are new in Python 3.11. Before it, text of the same form stands for one.
        group = "ExceptionGroup('several', [ValueError('one')])"
        older = (
            "type('ExceptionGroup', (Exception,), {'__module__': 'builtins'})"
            "('several (1 sub-exception)\\nValueError: one')"
        )
        source = f"\ndef init_context(c):\n    raise {group if sys.version_info >= (3, 11) else older}\n"
        package = Package({"one": source + "def handler(c, e): pass"})
        self.addCleanup(package.remove)
        worker = Worker(package, start=False)
        self.addCleanup(worker.close)
        _, payload = worker.frame()
        failed = json.loads(payload)
        self.assertEqual((failed["message"], failed["line"]), ("ExceptionGroup: several (1 sub-exception)", 3))
        self.assertIn("ValueError: one", failed["traceback"])


if __name__ == "__main__":
    unittest.main()
