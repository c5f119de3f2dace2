"""What a Task changes in its process while it loads, and whether another Task of the function sees it.

docs/differences.md lists what is seen. What is not is kept apart at no cost for a call.
"""

import unittest

from tasks_case import TasksCase

#: Name: what one Task does, what another one asks, and whether it sees the other's change.
_STATE = {
    # Kept apart.
    "a module of its own": ("import utils", "'utils' in sys.modules or find_spec('utils') is not None", False),
    "decimal's context": ("decimal.getcontext().prec = 5", "decimal.getcontext().prec == 5", False),
    # Seen: the process has one of each.
    "sys.path": ("sys.path.append(os.path.join(os.path.dirname(__file__), 'lib'))",
        "find_spec('of_lib') is not None", True),
    "a finder of its own in sys.meta_path": ("sys.meta_path.insert(0, Finder())",
        "find_spec('made_up') is not None", True),
    "a name in sys.modules": ("sys.modules['made_up_too'] = sys", "'made_up_too' in sys.modules", True),
    "warnings' records": ("warnings.simplefilter('error')", "any(f[0] == 'error' for f in warnings.filters)", True),
    "a shared module's attribute": ("json.dumps = len", "json.dumps is len", True),
    "a builtin": ("builtins.made_up = 1", "hasattr(builtins, 'made_up')", True),
    "os.environ": ("os.environ['MADE_UP'] = '1'", "'MADE_UP' in os.environ", True),
    "os.chdir": ("os.chdir('/')", "os.getcwd() == '/'", True),
    "the umask": ("os.umask(0o077)", "os.umask(0o077) == 0o077", True),
    "the locale": ("locale.setlocale(locale.LC_NUMERIC, 'C.UTF-8')",
        "locale.setlocale(locale.LC_NUMERIC) == 'C.UTF-8'", True),
    "the root logger": ("logging.getLogger().setLevel(5)", "logging.getLogger().level == 5", True),
    "random's seed": ("random.seed(1); random.random(); random.seed(1)",
        "random.random() == 0.13436424411240122", True),
    "a signal handler": ("signal.signal(signal.SIGUSR1, signal.SIG_IGN)",
        "signal.getsignal(signal.SIGUSR1) is signal.SIG_IGN", True),
    "sys.stdout": ("sys.stdout = sys.stderr", "sys.stdout is sys.stderr", True),
    "sys.setrecursionlimit": ("sys.setrecursionlimit(3000)", "sys.getrecursionlimit() == 3000", True),
    "sys.excepthook": ("sys.excepthook = len", "sys.excepthook is len", True),
    "socket's time-out": ("socket.setdefaulttimeout(7)", "socket.getdefaulttimeout() == 7", True),
    "sys.path_hooks": ("sys.path_hooks.append(len)", "len in sys.path_hooks", True),
    "gc": ("gc.disable()", "not gc.isenabled()", True),
}  # fmt: skip
_HEAD = """
    import builtins, decimal, gc, json, locale, logging, os, random, signal, socket, sys, warnings
    from importlib.machinery import ModuleSpec
    from importlib.util import find_spec
    class Finder:
        def find_spec(self, name, path=None, target=None):
            return ModuleSpec(name, Loader()) if name == "made_up" else None
    class Loader:
        def create_module(self, spec): return None
        def exec_module(self, module): module.WHO = "made up"
"""


class ProcessStateTest(TasksCase):
    def test_what_another_task_sees(self):
        changes = "\n".join("    " + change for change, _, _ in _STATE.values())
        asks = "    ASKED = {%s}\n" % ", ".join("%r: lambda: %s" % (name, ask) for name, (_, ask, _) in _STATE.items())
        handler = """
    def handler(context, event):
        return {name: bool(ask()) for name, ask in ASKED.items()}
        """
        own = """
    def handler(context, event):
        import made_up
        return made_up.WHO + str(find_spec("of_lib") is not None)
        """
        files = {"main.py": _HEAD + changes + "\n" + own, "utils.py": "", "lib/of_lib.py": ""}
        alone = self.run_tasks({"asks": _HEAD + asks + handler}).event(task="asks").json()
        self.assertEqual(alone, dict.fromkeys(_STATE, False))
        worker = self.run_tasks({"changes": files, "asks": _HEAD + asks + handler})
        self.assertEqual(worker.event(task="asks").json(), {name: is_seen for name, (_, _, is_seen) in _STATE.items()})
        for _ in "ab":
            self.assertEqual(worker.event(task="changes").text, "made upTrue")
            worker.event(task="asks")

    def test_a_json_of_its_own_does_not_end_the_worker(self):
        task = """
            import json
            json.dumps = lambda value, **options: b"bytes"
            json.loads = json.JSONEncoder = None
            def handler(context, event):
                context.logger.info_with("with", a=1)
                return context.Response(body={"a": event.body}, headers={"X-A": "1"})
        """
        for tasks in ({"task": task}, {"task": task, "other": "def handler(c, e): return {'a': 1}"}):
            worker = self.run_tasks(tasks)
            answer = worker.event("POST", "/", {"Content-Type": "application/json"}, b"[1]", task="task")
            self.assertEqual((answer.status, answer.text), (200, '{"a": [1]}'))
            self.assertEqual(worker.event(task="other").text if "other" in tasks else '{"a": 1}', '{"a": 1}')

    def test_a_task_may_have_a_module_of_the_name_of_a_client(self):
        task = {
            "main.py": "import httpcore, aiohttp.http_writer as w\ndef handler(c, e): return httpcore.WHO + w.WHO\n",
            "httpcore.py": "WHO = 'own '\n",
            "aiohttp/__init__.py": "",
            "aiohttp/http_writer.py": "WHO = 'too'\nclass StreamWriter: pass\n",
        }
        for tasks in ({"task": task}, {"task": task, "other": task}):
            self.assertEqual(self.run_tasks(tasks).event(task="task").text, "own too")


if __name__ == "__main__":
    unittest.main()
