"""Ends this process, and what it started, when the server is gone: a busy handler must not outlive it."""
from __future__ import annotations

import os
import signal
import subprocess
import threading


def end_process_group() -> None:
    """End this process and its descendants at once."""
    if hasattr(os, "killpg"):
        # Only a group of our own: started by hand in a terminal, the group would have others in it.
        if os.getpgrp() == os.getpid():
            os.killpg(os.getpid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
    subprocess.run(["taskkill", "/F", "/T", "/PID", str(os.getpid())], check=False)
    os._exit(1)


def watch(descriptor: int) -> None:
    """Start the thread that waits for the end of the lifeline."""

    def wait() -> None:
        while os.read(descriptor, 1):
            pass
        end_process_group()

    threading.Thread(target=wait, name="lifeline", daemon=True).start()
