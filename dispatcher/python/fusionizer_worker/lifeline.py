"""Ends this process and its children when the server is gone: a busy handler must not outlive the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
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


def ask_the_kernel(descriptor: int) -> None:
    """On Linux, let the kernel kill the process group when the lifeline closes (fcntl(2), F_SETSIG).

    A thread of Python's cannot run while C code holds the GIL for ever; this needs no thread.
    """
    if not sys.platform.startswith("linux") or os.getpgrp() != os.getpid():
        return
    import fcntl

    fcntl.fcntl(descriptor, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(descriptor, _F_SETSIG, int(signal.SIGKILL))
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)


#: Of Linux's fcntl.h; the module fcntl does not name it.
_F_SETSIG = 10


def watch(descriptor: int) -> None:
    """Start the thread that waits for the end of the lifeline."""
    ask_the_kernel(descriptor)

    def wait() -> None:
        while os.read(descriptor, 1):
            pass
        end_process_group()

    threading.Thread(target=wait, name="lifeline", daemon=True).start()
