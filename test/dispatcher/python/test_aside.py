"""Calls that do without the main thread, and answers that do."""

import os
import unittest

from interrupt_case import ASIDE, CALLER, MAIN, SAYS, InterruptCase

#: Seconds of patience with a main thread that cannot be interrupted: in place of 5.
_SHORT = """
    from fusionizer_dispatcher import main_thread
    main_thread._PATIENCE = 0.3
"""


class AsideTest(InterruptCase):
    def test_a_tasks_own_handler_of_the_signal_is_not_called(self):
        caller = """
    seen = []
    signal.signal(signal.SIGURG, lambda *_: seen.append(1))
    def handler(context, event, session):
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda _: call(session), range(3)))
        return (200, [seen, *answers])
        """
        worker = self.run_tasks({"caller": CALLER + caller, "callee": SAYS})
        self.assertEqual(self.answer_of(worker).json(), [[], ASIDE, ASIDE, ASIDE])

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
        worker = self.run_tasks({"caller": CALLER + _SHORT + caller, "callee": SAYS})
        answer = self.answer_of(worker)
        self.assertEqual(answer.json(), [ASIDE])
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
            {"caller": CALLER + caller, "asynchronous": CALLER + asynchronous, "callee": callee},
            env=self.installed({"sitecustomize.py": as_on_windows}),
        )
        self.assertEqual(self.answer_of(worker).json(), [ASIDE] * 8 + [MAIN])
        # A main thread that waits for a coroutine takes calls without any signal.
        self.assertEqual(worker.event(task="asynchronous").json(), [MAIN] * 5)

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
        for define in ("def handler", "async def handler"):
            defined = callee.replace("def handler", define)
            worker = self.run_tasks({"caller": CALLER + caller, "callee": defined})
            go = os.path.join(worker.folder, "go")
            for path, status in (("/", 200), ("/fail", 500)):
                answer = worker.event(task="caller", path=path)
                self.assertEqual(answer.status, status, answer)
                self.assertFalse(os.path.exists(go))
                self.assertIn("of the caller" if status == 500 else "sent", answer.text)
                worker.wait_for(lambda worker=worker: worker.unfinished)
                open(go, "w").close()
                worker.wait_for(lambda worker=worker: not worker.unfinished)
            self.assertEqual(worker.finish(), 0)
            self.assertEqual(worker.printed["stdout"], b"ended\nended\n")


if __name__ == "__main__":
    unittest.main()
