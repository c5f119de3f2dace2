"""What a Task's own files do to the modules that all Tasks share, and how they look to import machinery."""

import json
import unittest

from support import Package
from tasks_case import TasksCase

_OWN_HTML = "PAGE = 'page'\ndef escape(text):\n    return 'OWN' + text\n"

# Each asks the import machinery about the Task's own files, none of which is imported by a statement.
_MACHINERY = """
    import importlib.resources
    import importlib.util
    import inspect
    import pkgutil
    import runpy
    import sys

    def files():
        return importlib.resources.files("loose").joinpath("data.txt").read_text()

    def lazy():
        spec = importlib.util.find_spec("lazy")
        spec.loader = importlib.util.LazyLoader(spec.loader)
        module = importlib.util.module_from_spec(spec)
        sys.modules["lazy"] = module
        spec.loader.exec_module(module)
        return module.sibling.WHO

    def by_spec():
        spec = importlib.util.find_spec("other")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return [module.sibling.WHO, type(spec.loader).__name__, spec.origin.rpartition("/")[2]]

    def loader():
        found = importlib.util.find_spec("pkg").loader
        return [type(found).__name__, found.is_package("pkg"), found.get_source("pkg"), found.get_filename()[-15:]]

    def handler(context, event):
        return (200, {
            "get_data": pkgutil.get_data("pkg", "data.txt").decode(),
            "files": importlib.resources.files("pkg").joinpath("data.txt").read_text(),
            "namespace": files(),
            "loader": loader(),
            "lazy": lazy(),
            "spec": by_spec(),
            "run_module": runpy.run_module("script")["FOUND"],
            "run_package": runpy.run_module("runs")["FOUND"],
            "walk": sorted(one.name for one in pkgutil.walk_packages(importlib.import_module("pkg").__path__, "pkg.")),
            "source": inspect.getsource(importlib.import_module("sibling")),
            "spec of the loaded": type(sys.modules["sibling"].__spec__.loader).__name__,
            "absent": importlib.util.find_spec("absent") is None,
        })
"""


def _files(who):
    return {
        "main.py": _MACHINERY,
        "sibling.py": "WHO = %r\n" % who,
        "lazy.py": "import sibling\n",
        "other.py": "import sibling\n",
        "script.py": "import sibling\nFOUND = sibling.WHO\n",
        "runs/__init__.py": "",
        "runs/__main__.py": "import sibling\nfrom . import part\nFOUND = sibling.WHO + part.WHO\n",
        "runs/part.py": "WHO = %r\n" % who,
        "pkg/__init__.py": "WHO = %r\n" % who,
        "pkg/part.py": "",
        "pkg/data.txt": who + " data",
        "loose/data.txt": who + " loose",
    }


class SharedModulesTest(TasksCase):
    def test_a_tasks_file_does_not_get_into_the_standard_library_of_another(self):
        own = {"main.py": "import html\nimport http.server\ndef handler(c, e): return html.PAGE + html.escape('<')",
               "html.py": _OWN_HTML}  # fmt: skip
        late = "def handler(c, e):\n    import http.server\n    return http.server.html.escape('<')\n"
        for order in (["own", "late"], ["late", "own"]):
            tasks = {"own": own, "late": late}
            worker = self.run_tasks({name: tasks[name] for name in order})
            for name in order * 2:
                self.assertEqual(worker.event(task=name).text, "pageOWN<" if name == "own" else "&lt;", order)

    def test_nor_when_shared_code_imports_it_while_the_task_runs(self):
        # xmlrpc.client is loaded, and pydoc and pstats import within functions, while `own` is the Task that runs.
        own = {
            "main.py": "import importlib\ndef handler(c, e):\n"
                       "    import statistics, colorsys\n"
                       "    importlib.import_module('xmlrpc.server')\n"
                       "    return statistics.MEAN + colorsys.WHO\n",
            "statistics.py": "MEAN = 'own'\n",
            "colorsys.py": "WHO = ' own'\n",
            "pydoc.py": "raise RuntimeError('the own pydoc')\n",
            "html.py": _OWN_HTML,
        }  # fmt: skip
        other = ("def handler(c, e):\n    import statistics, colorsys, xmlrpc.server\n"
                 "    return '%s %s %s' % (statistics.mean([1, 3]), colorsys.__name__, xmlrpc.server.pydoc.__name__)\n")  # fmt: skip
        worker = self.run_tasks({"own": own, "other": other})
        for _ in "ab":
            self.assertEqual(worker.event(task="own").text, "own own")
            self.assertEqual(worker.event(task="other").text, "2 colorsys pydoc")

    def test_a_package_of_the_site_has_its_own_parts(self):
        site = Package({"site": {
            "lib/__init__.py": "from . import deep\nfrom .deep import WHO\nimport words\n"
                               "def later():\n    from .late import W\n    import words\n    return W + words.W\n",
            "lib/deep.py": "from .base import WHO\n", "lib/base.py": "WHO = 'site'\n", "lib/late.py": "W = 'site late '\n",
            "words.py": "W = 'site words'\n",
            "user.py": "import lib\ndef ask():\n    return lib.WHO + ' ' + lib.later()\n",
        }})  # fmt: skip
        self.addCleanup(site.remove)
        own = {"main.py": "import lib.base, words, user\n"
                          "def handler(c, e):\n    return lib.base.WHO + words.W + ' ' + user.ask()\n",
               "lib/__init__.py": "", "lib/base.py": "WHO = 'own '\n", "words.py": "W = 'own words'\n"}  # fmt: skip
        other = "def handler(c, e):\n    import user, words\n    return words.W + ' ' + user.ask()\n"
        for order in (["own", "other"], ["other", "own"]):
            tasks = {"own": own, "other": other}
            worker = self.run_tasks({n: tasks[n] for n in order}, {"PYTHONPATH": site.folder + "/tasks/site"})
            for name in order * 2:
                first = "own own words" if name == "own" else "site words"
                self.assertEqual(worker.event(task=name).text, first + " site site late site words", order)

    def test_a_shared_module_finds_what_only_the_task_provides(self):
        site = Package(
            {"site": {"frame.py": "def settings():\n    import local_settings\n    return local_settings.WHO\n"}}
        )
        self.addCleanup(site.remove)
        tasks = {name: {"main.py": "import frame\ndef handler(c, e): return frame.settings()",
                        "local_settings.py": "WHO = %r" % name} for name in ("a", "b")}  # fmt: skip
        worker = self.run_tasks(tasks, {"PYTHONPATH": site.folder + "/tasks/site"})
        self.assertEqual([worker.event(task=name).text for name in "abab"], ["a", "b", "a", "b"])

    def test_a_tasks_own_nuclio_sdk_is_the_one_that_it_gets(self):
        use = "import nuclio_sdk\ndef handler(c, e):\n    return nuclio_sdk.Response(body=%s, status_code=201)"
        sdk = "class Response:\n    def __init__(self, body, status_code):\n        self.body = OWN + body\n"
        sdk += "        self.status_code, self.headers, self.content_type = status_code, {'X-Own': '1'}, 'text/own'\n"
        folder = {"main.py": use % "'folder'", "nuclio_sdk/__init__.py": "from .parts import *\nfrom . import parts\n"}
        folder["nuclio_sdk/parts.py"] = "OWN = 'own '\n" + sdk
        file = {"main.py": use % "'file'", "nuclio_sdk.py": "OWN = 'my '\n" + sdk}
        other = {"main.py": use % "nuclio_sdk.Event.__name__"}
        tasks = {"folder": folder, "file": file, "other": other}
        expected = {"folder": (201, "own folder", "text/own"), "file": (201, "my file", "text/own")}
        expected["other"] = (201, "Event", "text/plain")
        for names in (["folder"], ["file"], ["folder", "file", "other"], ["other", "file", "folder"]):
            worker = self.run_tasks({name: tasks[name] for name in names})
            for name in names * 2:
                answer = worker.event(task=name)
                self.assertEqual((answer.status, answer.text, answer.content_type), expected[name], names)

    def test_import_machinery_answers_as_when_alone(self):
        alone = self.run_tasks({"a": _files("a")}).event(task="a")
        self.assertEqual(alone.status, 200, alone)
        worker = self.run_tasks({name: _files(name) for name in ("a", "b")})
        for name in "abab":
            answer = worker.event(task=name)
            self.assertEqual(answer.status, 200, answer)
            expected = json.loads(
                json.dumps(alone.json()).replace("a data", name + " data").replace("a loose", name + " loose")
            )
            for key in ("lazy", "run_module"):
                expected[key] = name
            expected["run_package"] = name * 2
            expected["spec"][0] = name
            expected["loader"][2] = "WHO = %r\n" % name
            expected["source"] = "WHO = %r\n" % name
            self.assertEqual(answer.json(), expected)


if __name__ == "__main__":
    unittest.main()
