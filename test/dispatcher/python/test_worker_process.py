"""The worker process: robustness, start and end."""

import json
import os
import signal
import unittest

from support import Package, Worker
from worker_case import WorkerCase


class WorkerProcessTest(WorkerCase):
    def test_handlers_that_meddle_with_the_process(self):
        worker = self.start()
        answer = worker.event(path="/fork")
        self.assertEqual((answer.text, answer.logs), ("parent", []))
        self.assertEqual(worker.event(path="/interrupt").text, "still here")
        if os.path.isdir("/proc/self/fd"):
            self.assertEqual(
                worker.event(path="/descriptors").text.strip(), "['0', '1', '2', '3']"
            )  # 3 is the listing itself.
        self.assertEqual(worker.event(path="/close").text, "closed")
        self.assertEqual(worker.event("POST", "/size", body=b"1").json()["size"], 1)
        self.assertEqual(worker.finish(), 0)

    def test_the_end_of_the_input_is_the_end(self):
        worker = self.start()
        self.assertEqual(worker.finish(), 0)
        self.assertEqual(worker.printed["stdout"], b"terminated\n")

    def test_a_dying_handler_takes_the_worker_along(self):
        worker = self.start()
        worker.send(path="/die")
        self.assertEqual(worker.process.wait(10), 7)

    def test_the_lifeline_ends_a_busy_worker_and_its_children(self):
        self.check_lifeline("/busy")

    def test_the_lifeline_ends_a_worker_that_hangs_in_c_code(self):
        self.check_lifeline("/hang-in-c")

    def check_lifeline(self, path):
        worker = self.start()
        child = int(worker.event(path="/spawn").text)
        worker.send(path=path)
        worker.wait_for(lambda: b"busy" in worker.printed["stdout"])
        os.close(worker.lifeline)
        worker.lifeline = None
        self.assertEqual(worker.process.wait(10), -signal.SIGKILL)
        worker.wait_for(lambda: not _runs(child))

    def test_traces_come_in_batches_and_before_the_exit(self):
        package = Package(
            {
                "a": "def handler(c, e, session):\n"
                "    for _ in range(int(e.path[1:])): session.post('http://h:1/b', json={})\n"
                "    return 'x'",
                "b": "def handler(c, e): return {}",
            }
        )
        self.addCleanup(package.remove)
        worker = Worker(package, {"FUSIONIZER_URL": "http://h:1"})
        self.addCleanup(worker.close)
        worker.event(path="/250", task="a")
        worker.wait_for(lambda: len(worker.traces) == 250)
        worker.event(path="/3", task="a")
        self.assertEqual(worker.finish(), 0)
        self.assertEqual(len(worker.traces), 253)

    def test_a_package_without_a_manifest_is_told(self):
        package = Package({"a": ""})
        self.addCleanup(package.remove)
        os.remove(os.path.join(package.folder, "fusionizer.json"))
        worker = Worker(package, start=False)
        self.addCleanup(worker.close)
        kind, payload = worker.frame()
        self.assertEqual(kind, "F")
        self.assertIn("fusionizer.json", json.loads(payload)["message"])


def _runs(pid):
    """Whether a process runs; one that has ended but was not waited for does not."""
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    unittest.main()
