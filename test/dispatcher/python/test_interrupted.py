"""Calls of other threads, where the main thread must not be interrupted, or cannot be."""

import os
import unittest

from support import Package
from tasks_case import TasksCase

_CALLER = """
    import asyncio, logging, os, signal, sys, threading, time
    from concurrent.futures import ThreadPoolExecutor
    URL = "http://h:1/"
    answers = []
    def call(session, name="callee"):
        answer = session.post(URL + name, json={})
        answers.append(answer.json() if answer.ok else answer.text)
    def start(session):
        del answers[:]
        thread = threading.Thread(target=call, args=(session,))
        thread.start()
        return thread
"""
_SAYS = """
    import threading
    def handler(context, event):
        return {"main": threading.current_thread() is threading.main_thread()}
"""
_MAIN = {"main": True}
_ASIDE = {"main": False}
#: Seconds of patience with a main thread that cannot be interrupted: in place of 5.
_SHORT = """
    from fusionizer_dispatcher import main_thread
    main_thread._PATIENCE = 0.3
"""


class InterruptedTest(TasksCase):
    env = {"FUSIONIZER_URL": "http://h:1"}

    def installed(self, files):
        """The environment with an installed package of these files."""
        package = Package({"site": files})
        self.addCleanup(package.remove)
        return {**self.env, "PYTHONPATH": os.path.join(package.folder, "tasks", "site")}

    def answer_of(self, worker, **event):
        answer = worker.event(task="caller", **event)
        self.assertEqual(answer.status, 200, answer)
        return answer

    def test_not_while_it_holds_the_locks_of_logging(self):
        caller = """
    class Slow(logging.Handler):
        def emit(self, record):
            if threading.current_thread() is threading.main_thread():
                time.sleep(0.2)
    logging.getLogger().addHandler(Slow())
    def handler(context, event, session):
        thread = start(session)
        logging.warning("slow")
        thread.join()
        return (200, answers)
        """
        callee = """
            import asyncio, logging
            async def handler(context, event):
                logging.warning("of the callee")
                return {"main": True}
        """
        worker = self.run_tasks({"caller": _CALLER + caller, "callee": callee})
        self.assertEqual(self.answer_of(worker).json(), [_MAIN])

    def test_not_while_it_imports_a_module_that_all_tasks_share(self):
        caller = """
    def handler(context, event, session):
        thread = start(session)
        import slow
        thread.join()
        return (200, answers)
        """
        callee = """
            def handler(context, event):
                import slow
                return {"done": slow.DONE}
        """
        slow = {"slow.py": "import time\ntime.sleep(0.2)\nDONE = True\n"}
        for owner in ({}, {"owner": {"main.py": "import slow\ndef handler(c, e): return ''", "slow.py": ""}}):
            for kind in ("def", "async def"):
                tasks = {"caller": _CALLER + caller, "callee": callee.replace("def", kind), **owner}
                worker = self.run_tasks(tasks, env=self.installed(slow))
                self.assertEqual(self.answer_of(worker).json(), [{"done": True}], (owner, kind))

    def test_not_while_an_installed_package_holds_a_lock_of_its_own(self):
        held = (
            "import threading, time\nlock = threading.Lock()\ndef hold(seconds):\n    with lock: time.sleep(seconds)\n"
        )
        caller = """
    import held
    def handler(context, event, session):
        thread = start(session)
        held.hold(0.2)
        thread.join()
        return (200, answers)
        """
        callee = "import held\ndef handler(c, e):\n    held.hold(0)\n    return {'main': True}\n"
        for kind in ("def h", "async def h"):
            tasks = {"caller": _CALLER + caller, "callee": callee.replace("def h", kind)}
            worker = self.run_tasks(tasks, env=self.installed({"held.py": held}))
            self.assertEqual(self.answer_of(worker).json(), [_MAIN])

    def test_not_deep_in_a_recursion(self):
        caller = """
    def deep(n, thread):
        if n: return deep(n - 1, thread)
        time.sleep(0.2)
        return thread.is_alive()
    def handler(context, event, session):
        thread = start(session)
        alive = deep(900, thread)
        thread.join()
        return (200, [alive, *answers])
        """
        worker = self.run_tasks({"caller": _CALLER + caller, "callee": _SAYS})
        self.assertEqual(self.answer_of(worker).json(), [True, _MAIN])

    def test_in_waits_for_a_socket_or_a_process_or_in_a_sleep_of_c(self):
        caller = """
    import select, socket, subprocess
    def handler(context, event, session):
        thread = start(session)
        one, other = socket.socketpair()
        one.settimeout(5)
        def then():
            thread.join()
            other.send(b"x")
        threading.Thread(target=then).start()
        if event.path == "/recv":
            one.recv(1)
        elif event.path == "/file":
            one.settimeout(None)
            one.makefile("rb").read(1)
        elif event.path == "/select":
            select.select([one], [], [], 5)
        elif event.path == "/process":
            subprocess.run([sys.executable, "-c", "import os; os.read(0, 1)"], stdin=one.detach(), check=True)
        elif event.path == "/sleep":
            began = time.monotonic()
            time.sleep(0.3)
            assert time.monotonic() - began >= 0.3 and answers
        elif event.path == "/lock":
            lock = threading.Lock()
            lock.acquire()
            threading.Thread(target=lambda: (thread.join(), lock.release())).start()
            lock.acquire()
        return (200, answers)
        """
        worker = self.run_tasks({"caller": _CALLER + caller, "callee": _SAYS})
        for path in ("/recv", "/file", "/select", "/process", "/sleep", "/lock"):
            self.assertEqual(self.answer_of(worker, path=path).json(), [_MAIN], path)

    def test_a_callee_of_code_in_an_event_loop_is_in_none(self):
        caller = """
    def handler(context, event, session):
        async def main():
            if event.path == "/thread":
                await asyncio.to_thread(call, session)
            else:
                call(session)
            return asyncio.get_running_loop() is not None and asyncio.current_task() is not None
        del answers[:]
        return (200, [asyncio.run(main()), *answers])
        """
        callee = """
            import asyncio
            async def own():
                return asyncio.current_task() is not None
            def handler(context, event):
                try:
                    asyncio.get_running_loop()
                    return {"loop": True}
                except RuntimeError:
                    return {"own": asyncio.run(own())}
        """
        worker = self.run_tasks({"caller": _CALLER + caller, "callee": callee})
        for path in ("/thread", "/here"):
            self.assertEqual(self.answer_of(worker, path=path).json(), [True, {"own": True}], path)

    def test_a_tasks_own_handler_of_the_signal_is_not_called(self):
        caller = """
    seen = []
    signal.signal(signal.SIGURG, lambda *_: seen.append(1))
    def handler(context, event, session):
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda _: call(session), range(3)))
        return (200, [seen, *answers])
        """
        worker = self.run_tasks({"caller": _CALLER + caller, "callee": _SAYS})
        self.assertEqual(self.answer_of(worker).json(), [[], _ASIDE, _ASIDE, _ASIDE])

    def test_a_main_thread_that_cannot_be_interrupted_is_left_alone_and_the_log_says_so(self):
        caller = """
    def handler(context, event, session):
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGURG])
        try:
            start(session).join()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGURG])
        return (200, answers)
        """
        worker = self.run_tasks({"caller": _CALLER + _SHORT + caller, "callee": _SAYS})
        answer = self.answer_of(worker)
        self.assertEqual(answer.json(), [_ASIDE])
        [record] = answer.logs
        self.assertEqual((record["level"], record["task"]), ("warn", "caller"))
        self.assertRegex(
            record["message"],
            r"^A call of Task 'callee' runs beside the main thread, which could not be interrupted for 0.3 s: "
            r"it is at .*threading\.py:\d+\. What Task 'callee' has bound",
        )

    def test_without_that_signal_as_on_windows_the_thread_makes_the_call_one_at_a_time(self):
        as_on_windows = "import signal\ndel signal.SIGURG, signal.pthread_kill\n"
        caller = """
    def handler(context, event, session):
        del answers[:]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: call(session), range(8)))
        call(session)
        return (200, answers)
        """
        asynchronous = """
    async def handler(context, event, session):
        del answers[:]
        await asyncio.gather(*[asyncio.to_thread(call, session) for _ in range(4)])
        call(session)
        return (200, answers)
        """
        callee = """
            import threading, time
            running = 0
            def handler(context, event):
                global running
                running += 1
                assert running == 1, running
                time.sleep(0.01)
                running -= 1
                return {"main": threading.current_thread() is threading.main_thread()}
        """
        worker = self.run_tasks(
            {"caller": _CALLER + caller, "asynchronous": _CALLER + asynchronous, "callee": callee},
            env=self.installed({"sitecustomize.py": as_on_windows}),
        )
        self.assertEqual(self.answer_of(worker).json(), [_ASIDE] * 8 + [_MAIN])
        # A main thread that waits for a coroutine takes calls without any signal.
        self.assertEqual(worker.event(task="asynchronous").json(), [_MAIN] * 5)

    def test_an_exception_of_another_signal_handler_is_the_interrupted_codes(self):
        caller = """
    def late(*_):
        raise TimeoutError("late")
    def handler(context, event, session):
        signal.signal(signal.SIGALRM, late)
        thread = start(session)
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        try:
            thread.join()
            return "in time"
        except TimeoutError:
            return "late"
        """
        callee = "import time\ndef handler(c, e):\n    time.sleep(0.3)\n    return 'done'\n"
        worker = self.run_tasks({"caller": _CALLER + caller, "callee": callee})
        # It is raised in the callee, which runs there: its 500 is the answer of the call.
        self.assertEqual(self.answer_of(worker).text, "in time")
        self.assertEqual(worker.event(task="callee").text, "done")

    def test_calls_end_whatever_their_callees_raise(self):
        caller = """
    def handler(context, event, session):
        thread = start(session)
        thread.join()
        return (200, answers)
        """
        for error in ("SystemExit(3)", "KeyboardInterrupt()", "RecursionError('deep')", "BaseException('base')"):
            for kind in ("def", "async def"):
                callee = "%s handler(context, event):\n    raise %s\n" % (kind, error)
                worker = self.run_tasks({"caller": _CALLER + caller, "callee": callee})
                [text] = self.answer_of(worker).json()
                self.assertIn("Exception caught in handler", text)
                self.assertIn(error.partition("(")[0], text)

    def test_a_coroutine_that_has_not_waited_for_a_call_answers_at_once(self):
        caller = """
    async def handler(context, event, session):
        asyncio.create_task(asyncio.to_thread(session.post, URL + "callee", json={}))
        await asyncio.sleep(0.05)
        if event.path == "/fail":
            raise ValueError("of the caller")
        return {"sent": True}
        """
        callee = """
            import os, time
            def handler(context, event):
                end = time.monotonic() + 10
                while not os.path.exists("go") and time.monotonic() < end:
                    time.sleep(0.005)
                os.remove("go")
                print("ended")
        """
        worker = self.run_tasks({"caller": _CALLER + caller, "callee": callee})
        go = os.path.join(worker.folder, "go")
        for path, status in (("/", 200), ("/fail", 500)):
            answer = worker.event(task="caller", path=path)
            self.assertEqual(answer.status, status, answer)
            self.assertFalse(os.path.exists(go))
            self.assertIn("of the caller" if status == 500 else "sent", answer.text)
            worker.wait_for(lambda: worker.unfinished)
            worker.unfinished = False
            open(go, "w").close()
            worker.wait_for(lambda: not os.path.exists(go))
        self.assertEqual(worker.finish(), 0)
        self.assertEqual(worker.printed["stdout"], b"ended\nended\n")


if __name__ == "__main__":
    unittest.main()
