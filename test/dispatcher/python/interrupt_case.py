"""A test case of handlers whose threads call. `start(session)` makes a call in a thread, and adds to `answers`."""

import os

from support import Package
from tasks_case import TasksCase

CALLER = """
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
SAYS = """
    import threading
    def handler(context, event):
        return {"main": threading.current_thread() is threading.main_thread()}
"""
MAIN = {"main": True}
ASIDE = {"main": False}


class InterruptCase(TasksCase):
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
