"""Makes the call that its event describes, and answers with the answer."""

import base64
import os

import nuclio_sdk


def handler(context, event, session):
    call = event.body
    if "event" in call:
        made = nuclio_sdk.Event()
        # Those of nuclio_sdk's constructor are not empty.
        made.body = made.content_type = made.headers = made.method = made.path = None
        for name, value in call["event"].items():
            setattr(made, name, value)
        answer = context.platform.call_function("probe", made)
        return {"status": answer.status_code, "headers": answer.headers, "json": answer.body}
    answer = session.request(
        call["method"],
        os.environ["FUSIONIZER_URL"] + call["path"],
        headers=call.get("headers"),
        data=base64.b64decode(call.get("body", "")) or None,
        allow_redirects=False,
    )
    return {
        "status": answer.status_code,
        "reason": answer.reason,
        "headers": {name.lower(): value for name, value in answer.headers.items()},
        "body": base64.b64encode(answer.content).decode(),
    }
