"""The worker process of the embedded platform: `python -u worker.py <build folder>`. See docs/function-package.md."""

import os
import sys


def load_main():
    """Our main function. Of our own folders only vendor/ stays on the path, last: it must hide no Task's modules.

    A nuclio_sdk that the Task's environment has is the Task's, and so ours: as in Nuclio, there is one in the process.
    """
    here = os.path.dirname(os.path.abspath(__file__))
    vendor = os.path.join(here, "vendor")
    users = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    sys.path[:] = [here] + users + [vendor]
    from fusionizer_worker.main import main

    sys.path[:] = users + [vendor]
    return main


if __name__ == "__main__":
    load_main()(sys.argv[1])
