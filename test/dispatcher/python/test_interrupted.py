"""Where a call of another thread interrupts the main thread, and where not."""

import unittest

from interrupt_case import CALLER, MAIN, SAYS, InterruptCase


class InterruptedTest(InterruptCase):
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
        worker = self.run_tasks({"caller": CALLER + caller, "callee": callee})
        self.assertEqual(self.answer_of(worker).json(), [MAIN])

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
                tasks = {"caller": CALLER + caller, "callee": callee.replace("def", kind), **owner}
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
            tasks = {"caller": CALLER + caller, "callee": callee.replace("def h", kind)}
            worker = self.run_tasks(tasks, env=self.installed({"held.py": held}))
            self.assertEqual(self.answer_of(worker).json(), [MAIN])

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
        worker = self.run_tasks({"caller": CALLER + caller, "callee": SAYS})
        self.assertEqual(self.answer_of(worker).json(), [True, MAIN])

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
            one.settimeout(None)
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
        worker = self.run_tasks({"caller": CALLER + caller, "callee": SAYS})
        for path in ("/recv", "/file", "/select", "/process", "/sleep", "/lock"):
            self.assertEqual(self.answer_of(worker, path=path).json(), [MAIN], path)

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
        worker = self.run_tasks({"caller": CALLER + caller, "callee": callee})
        for path in ("/thread", "/here"):
            self.assertEqual(self.answer_of(worker, path=path).json(), [True, {"own": True}], path)

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
        worker = self.run_tasks({"caller": CALLER + caller, "callee": callee})
        # It is raised in the callee, which runs there: its 500 is the answer of the call.
        self.assertEqual(self.answer_of(worker).text, "in time")
        self.assertEqual(worker.event(task="callee").text, "done")

    def test_the_signal_can_be_seen_by_code_that_asks_for_signals(self):
        caller = """
    def handler(context, event, session):
        read, write = os.pipe()
        os.set_blocking(write, False)
        before = signal.set_wakeup_fd(write)
        thread = start(session)
        signal.pause()
        thread.join()
        signal.set_wakeup_fd(before)
        return (200, [os.read(read, 1) == bytes([signal.SIGURG]), *answers])
        """
        worker = self.run_tasks({"caller": CALLER + caller, "callee": SAYS})
        self.assertEqual(self.answer_of(worker).json(), [True, MAIN])

    def test_a_task_that_is_called_again_within_its_call_shares_its_locks_with_itself(self):
        caller = """
    lock = threading.Lock()
    def handler(context, event, session):
        if not lock.acquire(timeout=0.05):
            return "locked"
        with_lock = session.post(URL + "callee", json={}).text
        lock.release()
        return with_lock
        """
        callee = "def handler(context, event, session):\n    return session.post('http://h:1/caller', json={}).text\n"
        worker = self.run_tasks({"caller": CALLER + caller, "callee": callee})
        self.assertEqual(self.answer_of(worker).text, "locked")

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
                worker = self.run_tasks({"caller": CALLER + caller, "callee": callee})
                [text] = self.answer_of(worker).json()
                self.assertIn("Exception caught in handler", text)
                self.assertIn(error.partition("(")[0], text)


if __name__ == "__main__":
    unittest.main()
