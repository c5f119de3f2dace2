"""What a Task of a function sees of another one while it calls it, and what it does at the end."""

import os
import unittest

from tasks_case import TasksCase


class TaskContextTest(TasksCase):
    env = {"FUSIONIZER_URL": "http://h:1"}

    def test_a_callee_sees_no_exception_that_its_caller_handles(self):
        says = """
            import sys, traceback
            def handler(context, event):
                seen = [repr(sys.exc_info()[1]), traceback.format_exc().strip()]
                try:
                    raise
                except RuntimeError as error:
                    seen.append("%s, %s" % (error, error.__context__))
                if event.path == "/fails":
                    raise KeyError("callee")
                return (200, seen)
        """
        asks = """
            import sys
            from concurrent.futures import ThreadPoolExecutor
            def handler(context, event, session):
                def ask(path="/"):
                    return session.post("http://h:1/says" + path)
                def asks_within():
                    yield ask().text
                try:
                    raise ValueError("caller")
                except ValueError as error:
                    seen = [ask().json(), next(asks_within())]
                    with ThreadPoolExecutor(1) as pool:
                        seen.append(pool.submit(ask).result().json())
                    failed = ask("/fails").text
                    assert "caller" not in failed, failed
                    assert sys.exc_info()[1] is error
                    try:
                        raise
                    except ValueError as again:
                        assert again is error
                return (200, [seen, repr(sys.exc_info()[1])])
        """
        worker = self.run_tasks({"says": says, "asks": asks})
        answer = worker.event(task="asks")
        self.assertEqual(answer.status, 200, answer.body)
        alone = ["None", "NoneType: None", "No active exception to reraise, None"]
        (plain, within, thread), after = answer.json()
        self.assertEqual([plain, thread, after], [alone, alone, "None"])
        # This is one of the things that fusion cannot keep.
        self.assertIn("caller", within)

    def test_context_variables_do_not_pass_between_tasks(self):
        # The Tasks share what a module of the standard library holds.
        variable = """
            import asyncio, contextvars, decimal, logging, threading
            var = logging.__dict__.setdefault("shared_by_tasks", contextvars.ContextVar("v", default="nothing"))
            URL = "http://h:1/"
"""
        says = """
            def handler(context, event, session):
                seen = [var.get(), decimal.getcontext().prec]
                var.set("of the callee")
                decimal.getcontext().prec = 9
                return (200, seen)
        """
        asks = """
                var.set("of the caller")
                decimal.getcontext().prec = 5
                answers = [session.post(URL + name, json={}).json()[0] for name in ("says", "asays")]
                return (200, answers + [var.get(), decimal.getcontext().prec])
        """
        worker = self.run_tasks(
            {
                "says": variable + says,
                "asays": variable + says.replace("def ", "async def "),
                "asks": variable + "            def handler(context, event, session):" + asks,
                "aasks": variable + "            async def handler(context, event, session):" + asks,
                "recursive": variable
                + """
            def handler(context, event, session):
                depth = event.body["depth"]
                seen = var.get()
                var.set(seen + str(depth))
                inner = session.post(URL + "between", json={"depth": depth - 1}).json() if depth else []
                return (200, [seen, *inner, var.get()])
        """,
                "between": variable
                + """
            def handler(context, event, session):
                return (200, session.post(URL + "recursive", json=event.body).json())
        """,
            }
        )
        for name in ("asks", "aasks"):
            answers = worker.event(task=name).json()
            # As when they are alone, a plain handler's variables stay, and those of a coroutine end with it.
            self.assertNotIn("of the caller", answers[:2])
            self.assertEqual(answers[2:], ["of the caller", 5])
        answer = worker.event("POST", "/", {"Content-Type": "application/json"}, b'{"depth": 2}', task="recursive")
        self.assertEqual([answer.json()[0], answer.json()[-1]], ["nothing", "nothing2"], answer)

    def test_the_callers_exception_is_not_in_the_callees_traceback(self):
        worker = self.run_tasks(
            {
                "caller": """
            def handler(context, event, session):
                try:
                    raise KeyError("of the caller")
                except KeyError:
                    return session.post("http://h:1/fails", json={}).text
            """,
                "fails": """
            def handler(context, event):
                try:
                    raise OSError("first")
                except OSError:
                    raise ValueError("second")
            """,
            }
        )
        text = worker.event(task="caller").text
        self.assertNotIn("of the caller", text)
        self.assertIn("OSError: first", text)
        self.assertIn("ValueError: second", text)

    def test_all_tasks_termination_callbacks_run(self):
        task = """
            import os, utils
            def init_context(context):
                def end():
                    print("end of", utils.WHO, flush=True)
                    if utils.WHO == "b":
                        raise ValueError("of b")
                context.platform.set_termination_callback(end)
            def handler(context, event):
                return "x"
        """
        worker = self.run_tasks({name: {"main.py": task, "utils.py": "WHO = %r" % name} for name in "abc"})
        self.assertEqual(worker.event(task="a").text, "x")
        self.assertEqual(worker.finish(), 0)
        self.assertEqual(worker.printed["stdout"].decode(), "end of a%send of b%send of c%s" % ((os.linesep,) * 3))
        self.assertIn(b"ValueError: of b", worker.printed["stderr"])


if __name__ == "__main__":
    unittest.main()
