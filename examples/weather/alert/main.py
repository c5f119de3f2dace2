"""Answers with the alerts of a day: every rule that the day, or its month so far, fulfils."""

from rules import RULES


def handler(context, event):
    day, month = event.body["day"], event.body["month"]
    alerts = [
        {"kind": kind, "text": text.format(**day, month=month)} for kind, applies, text in RULES if applies(day, month)
    ]
    for alert in alerts:
        context.logger.debug_with(alert["text"], date=day["date"])
    return {"alerts": alerts}
