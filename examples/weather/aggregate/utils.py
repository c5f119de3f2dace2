"""Monthly statistics as plain data. `ingest` has a utils.py too: Tasks do not see each other's modules."""


def empty(month: str) -> dict:
    counts = {"days": 0, "rain": 0.0, "wet_days": 0}
    return {"month": month, **counts, "highest": None, "lowest": None, "temp_sum": 0.0, "mean": None, "kinds": {}}


def add(month: dict, day: dict) -> dict:
    """The month with one more day in it. Sums are rounded at each step: the records have one decimal."""
    days = month["days"] + 1
    temp_sum = round(month["temp_sum"] + (day["temp_max"] + day["temp_min"]) / 2, 2)
    highest, lowest, kind = month["highest"], month["lowest"], day["weather"]
    return {
        "month": month["month"],
        "days": days,
        "rain": round(month["rain"] + day["precipitation"], 1),
        "wet_days": month["wet_days"] + (day["precipitation"] >= 1),
        "highest": day["temp_max"] if highest is None else max(highest, day["temp_max"]),
        "lowest": day["temp_min"] if lowest is None else min(lowest, day["temp_min"]),
        "temp_sum": temp_sum,
        "mean": round(temp_sum / days, 1),
        "kinds": {**month["kinds"], kind: month["kinds"].get(kind, 0) + 1},
    }
