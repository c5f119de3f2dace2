"""Tasks that share a process import their own modules, under the names they have when alone."""

import json
import unittest

from support import Package, Worker
from tasks_case import TasksCase

# Every way to import; `which` is different in each Task.
_MAIN = """
    import importlib
    import pickle
    import sys
    import threading
    from dataclasses import dataclass
    from typing import NamedTuple, get_type_hints
    import enum

    import utils
    import pkg.deep.leaf as renamed
    from pkg import sibling
    from pkg.sub import *
    import space.plain
    import circle_a
    from settings import NAME

    class Color(enum.Enum):
        RED = 1

    class Point(NamedTuple):
        x: "int"

    @dataclass
    class Record:
        value: "int" = 1

    def lazily():
        import late
        from pkg import late_sub
        return [late.WHO, late_sub.WHO]

    def in_thread():
        found = []
        thread = threading.Thread(target=lambda: found.extend(lazily()))
        thread.start()
        thread.join()
        return found

    def handler(context, event, session):
        return {
            "name": [__name__, utils.__name__, renamed.__name__],
            "imported": [utils.WHO, renamed.WHO, sibling.WHO, STAR, space.plain.WHO, circle_a.value(), NAME],
            "lazily": lazily(),
            "thread": in_thread(),
            "importlib": [importlib.import_module("utils").WHO, importlib.import_module("dynamic").WHO,
                          importlib.import_module(".sibling", "pkg").WHO],
            "builtin": __import__("utils").WHO,
            "modules": [sys.modules["utils"].WHO, sys.modules["main"].Record.__module__],
            "pickle": repr(pickle.loads(pickle.dumps([Color.RED, Point(2), Record(3)]))),
            "hints": repr(get_type_hints(Point)),
            "reload": importlib.reload(importlib.import_module("dynamic")).WHO,
            "path": sys.path[0].rpartition("/")[2],
        }
"""


def _files(who):
    mark = "WHO = %r\n" % who
    return {
        "main.py": _MAIN,
        "utils.py": mark,
        "late.py": mark,
        "dynamic.py": mark,
        "settings.py": "NAME = %r\n" % who,
        "pkg/__init__.py": "",
        "pkg/late_sub.py": mark,
        "pkg/sibling.py": "from . import base\nfrom .base import WHO as again\nWHO = base.WHO\nassert again is WHO\n",
        "pkg/base.py": mark,
        "pkg/deep/__init__.py": "from ..base import WHO\n",
        "pkg/deep/leaf.py": "from .. import base\nfrom ..deep import WHO\n",
        "pkg/sub/__init__.py": "__all__ = ['STAR', 'inner']\nSTAR = %r\n" % who,
        "pkg/sub/inner.py": mark,
        "space/plain.py": mark,
        "circle_a.py": "import circle_b\nWHO = %r\ndef value():\n    return circle_b.value()\n" % who,
        "circle_b.py": "import circle_a\ndef value():\n    return circle_a.WHO\n",
    }


def _expected(who):
    return {
        "name": ["main", "utils", "pkg.deep.leaf"],
        "imported": [who] * 7,
        "lazily": [who] * 2,
        "thread": [who] * 2,
        "importlib": [who] * 3,
        "builtin": who,
        "modules": [who, "main"],
        "pickle": "[<Color.RED: 1>, Point(x=2), Record(value=3)]",
        "hints": "{'x': <class 'int'>}",
        "reload": who,
        "path": who,
    }


class IsolationTest(TasksCase):
    def test_each_task_has_its_own_modules_alone_and_fused(self):
        for names in (["a"], ["a", "b"]):
            worker = self.run_tasks({name: _files(name) for name in names})
            for name in names * 2:
                with self.subTest(names=names, name=name):
                    answer = worker.event(task=name)
                    self.assertEqual(answer.status, 200, answer)
                    self.assertEqual(answer.json(), _expected(name))

    def test_a_task_does_not_see_another_tasks_modules(self):
        worker = self.run_tasks(
            {
                "a": {"main.py": "import only_a, pkg.x\ndef handler(context, event): return only_a.WHO",
                      "only_a.py": "WHO = 1",
                      "pkg/x.py": ""},
                "b": """
                    import importlib
                    def attempt(work):
                        try:
                            return work().__file__
                        except ModuleNotFoundError as error:
                            return str(error)
                    def by_statement():
                        import only_a
                        return only_a
                    def sub():
                        import pkg.x
                        return pkg.x
                    def handler(context, event):
                        by_name = lambda: importlib.import_module("only_a")
                        return (200, [attempt(by_statement), attempt(by_name), attempt(sub)])
                    """,
            }
        )  # fmt: skip
        for _ in range(2):
            self.assertEqual(worker.event(task="a").text, "1")
            self.assertEqual(
                worker.event(task="b").json(),
                ["No module named 'only_a'", "No module named 'only_a'", "No module named 'pkg'"],
            )

    def test_a_thread_of_one_task_imports_while_another_task_is_active(self):
        source = """
            import threading
            go, done, found = threading.Event(), threading.Event(), []
            def later():
                go.wait()
                import late
                found.append(late.WHO)
                try:
                    import only_b
                    found.append(only_b.WHO)
                except ModuleNotFoundError as error:
                    found.append(str(error))
                done.set()
            def handler(context, event, session):
                if event.path == "/start":
                    threading.Thread(target=later).start()
                    return "started"
        """
        typed = (
            "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass R:\n    x: int\n"
        )
        worker = self.run_tasks(
            {
                "a": {"main.py": source, "late.py": typed + "WHO = 'a'"},
                "b": {"main.py": "import late, only_b, gate\ndef handler(c, e):\n    return gate.through()",
                      "late.py": "WHO = 'b'", "only_b.py": "WHO = 'b'",
                      "gate.py": "import sys, gc, threading\ndef through():\n"
                                 "    found = [m for m in gc.get_objects() if isinstance(m, dict)]\n"
                                 "    a = [m for m in found if m.get('__name__') == 'main' and 'later' in m][0]\n"
                                 "    a['go'].set()\n    a['done'].wait(10)\n    return (200, a['found'])\n"},
            },
            {"FUSIONIZER_URL": "http://server.test:8000"},
        )  # fmt: skip
        self.assertEqual(worker.event(path="/start", task="a").text, "started")
        self.assertEqual(worker.event(task="b").json(), ["a", "No module named 'only_b'"])

    def test_a_package_that_no_task_owns_is_shared_and_a_tasks_own_hides_it(self):
        site = Package(
            {"site": {"common/__init__.py": "WHO = 'site'\nimport common.part", "common/part.py": "WHO = 'site part'"}}
        )
        self.addCleanup(site.remove)
        main = "def handler(c, e):\n    import common, common.part\n    return common.WHO + ' ' + common.part.WHO\n"
        own = {"main.py": main, "common/__init__.py": "WHO = 'own'", "common/part.py": "WHO = 'own part'"}
        for order in (["own", "other"], ["other", "own"]):
            tasks = {"own": own, "other": main}
            worker = self.run_tasks({n: tasks[n] for n in order}, {"PYTHONPATH": site.folder + "/tasks/site"})
            for name in order * 2:
                expected = "own own part" if name == "own" else "site site part"
                self.assertEqual(worker.event(task=name).text, expected)

    def test_a_folder_that_a_task_adds_to_the_path_stays_its_own(self):
        main = """
            import os, sys
            sys.path.insert(0, os.path.join(os.path.dirname(__file__), "lib"))
            import helper
            def handler(context, event):
                import lazy_helper
                return helper.WHO + lazy_helper.WHO
        """
        tasks = {
            name: {"main.py": main, "lib/helper.py": "WHO = %r" % name, "lib/lazy_helper.py": "WHO = %r" % name}
            for name in ("a", "b")
        }
        worker = self.run_tasks(tasks)
        for name in "abab":
            self.assertEqual(worker.event(task=name).text, name * 2)

    def test_modules_of_the_standard_library_that_are_loaded_win_as_when_alone(self):
        main = "import json\ndef handler(c, e): return json.dumps([1])"
        for tasks in ({"a": None}, {"a": None, "b": None}):
            worker = self.run_tasks({name: {"main.py": main, "json.py": "raise RuntimeError"} for name in tasks})
            self.assertEqual(worker.event(task="a").text, "[1]")

    def test_handlers_in_packages_and_with_dashes(self):
        worker = self.run_tasks(
            {
                "a": {"pkg/__init__.py": "", "pkg/mod.py": "def run(c, e): return 'a'"},
                "b": {"my-task.py": "def handler(c, e): return 'b'"},
            },
            handlers={"a": "pkg.mod:run", "b": "my-task:handler"},
        )
        self.assertEqual([worker.event(task=name).text for name in "ab"], ["a", "b"])

    def failure(self, tasks, **options):
        package = Package(tasks, **options)
        self.addCleanup(package.remove)
        worker = Worker(package, start=False)
        self.addCleanup(worker.close)
        kind, payload = worker.frame()
        self.assertEqual(kind, "F", payload)
        self.assertEqual(worker.process.wait(10), 1)
        return json.loads(payload)

    def test_what_keeps_a_task_from_starting_is_told_with_its_place(self):
        fine = "def handler(c, e): return 1"
        cases = {
            "syntax": ({"main.py": "x = 1\ndef broken(:\n"}, "SyntaxError: invalid syntax", "main.py", 2),
            "import": (
                {"main.py": "\n\nimport nowhere\n"}, "ModuleNotFoundError: No module named 'nowhere'", "main.py", 3),
            "nested": (
                {"main.py": "import pkg.low\n", "pkg/low.py": "\n1 / 0\n"},
                "ZeroDivisionError: division by zero", "pkg/low.py", 2),
            "init": (
                {"main.py": "def init_context(c):\n    raise KeyError('k')\n" + fine}, "KeyError: 'k'", "main.py", 2),
            "async init": (
                {"main.py": "async def init_context(c):\n    raise KeyError('k')\n" + fine},
                "KeyError: 'k'", "main.py", 2),
            "exit": ({"main.py": "raise SystemExit('no')"}, "SystemExit: no", "main.py", 1),
        }  # fmt: skip
        for name, (files, message, file, line) in cases.items():
            for others in ({}, {"good": fine}):
                with self.subTest(name, others=list(others)):
                    told = self.failure({**others, "bad": files})
                    self.assertEqual((told["message"], told.get("file"), told.get("line")), (message, file, line))
                    self.assertEqual(told["task"], "bad")
                    self.assertIn(message, told["traceback"])
                    self.assertNotIn("dispatcher/python", told["traceback"].replace("\\", "/"))

    def test_a_handler_that_is_not_there_is_told_with_what_to_do(self):
        fine = "def handler(c, e): return 1"
        cases = {
            "main:run": "spec.handler is main:run, but main.py has no function 'run' (it has: handler)",
            "other:handler": "spec.handler is other:handler, but there is no file other.py in the Task's folder",
            "main": (
                "Malformed handler - 'main': spec.handler of Task 'bad' must be <module>:<function>, "
                "such as main:handler"
            ),
            "main.py:handler": "spec.handler of Task 'bad' takes the module without .py; write 'main:handler'",
        }
        for handler, message in cases.items():
            for others in ({}, {"good": fine}):
                with self.subTest(handler, others=list(others)):
                    told = self.failure({**others, "bad": fine}, handlers={"bad": handler})
                    self.assertIn(message, told["message"])
                    self.assertEqual(told["task"], "bad")


if __name__ == "__main__":
    unittest.main()
