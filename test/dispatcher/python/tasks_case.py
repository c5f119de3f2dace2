"""A test case whose worker ends, and whose function package is removed, with the test."""

import unittest

from support import Package, Worker


class TasksCase(unittest.TestCase):
    # The environment of workers, where a test names none.
    env = None

    def run_tasks(self, tasks, env=None, **options):
        """A worker of a function with these Tasks: see `Package`."""
        package = Package(tasks, **options)
        self.addCleanup(package.remove)
        worker = Worker(package, self.env if env is None else env)
        self.addCleanup(worker.close)
        return worker
