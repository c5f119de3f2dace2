"""The manifest of a function package: `fusionizer.json` next to the entry module."""

from __future__ import annotations

import json
import os
import re
from typing import Dict, List, NamedTuple, Optional

_HANDLER = re.compile(r"^([\w|-]+(?:\.[\w|-]+)*):(\w+)$")


class TaskSpec(NamedTuple):
    """One Task of the manifest. `folder` is absolute; `triggers` maps merged trigger names to the Task's own.

    `source` is the folder that the Task was deployed from, if it is on this machine.
    """

    name: str
    folder: str
    handler: str
    triggers: Dict[str, str]
    source: Optional[str] = None

    def entry_point(self):
        """`spec.handler` as (module, function). Raises ValueError for another form, with a message for the user."""
        match = _HANDLER.match(self.handler)
        if match is None:
            hint = ""
            module, colon, function = self.handler.partition(":")
            if not colon:
                hint = "; did you mean '%s:handler'?" % (module[:-3] if module.endswith(".py") else module)
            raise ValueError(
                "Malformed handler - '%s': spec.handler of Task '%s' must be <module>:<function>, "
                "such as main:handler%s" % (self.handler, self.name, hint)
            )
        module = match.group(1)
        if module.endswith(".py"):
            raise ValueError(
                "No module named '%s': spec.handler of Task '%s' takes the module without .py; write '%s:%s'"
                % (module, self.name, module[:-3], match.group(2))
            )
        return module, match.group(2)


class Manifest(NamedTuple):
    """`tasks` in group order; `cors`: the HTTP trigger may answer in place of a handler, by its CORS settings.

    `most_body`: the bytes of a request's body that it takes.
    """

    tasks: List[TaskSpec]
    cors: bool = False
    most_body: int = 4 * 1024**2


def read(folder: str) -> Manifest:
    """The manifest of the package in `folder`. Raises OSError or ValueError."""
    with open(os.path.join(folder, "fusionizer.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    if manifest.get("version") != 1:
        raise ValueError(
            "fusionizer.json has version %r, but this Dispatcher reads version 1" % manifest.get("version")
        )
    tasks = [
        TaskSpec(
            task["name"],
            os.path.abspath(os.path.join(folder, task["dir"])),
            task["handler"],
            dict(task.get("triggers") or {}),
            task.get("source"),
        )
        for task in manifest["tasks"]
    ]
    return Manifest(tasks, manifest.get("cors") is True, manifest.get("maxBody", Manifest._field_defaults["most_body"]))
