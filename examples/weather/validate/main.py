"""Checks a day's record: a real date, values that weather can have.

Answers with the record, or 422 and every reason.
"""

from checks import problems


def handler(context, event):
    found = problems(event.body)
    if found:
        context.logger.warn_with("Refused a record", date=event.body.get("date"), problems=found)
        return 422, f"Refused the record of {event.body.get('date')}: {'; '.join(found)}"
    return event.body
