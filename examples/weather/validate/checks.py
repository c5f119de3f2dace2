from datetime import date

# (field, unit, least, most): the extremes ever measured on Earth, rounded up.
LIMITS = (
    ("precipitation", "mm", 0, 1825),
    ("temp_max", "°C", -90, 57),
    ("temp_min", "°C", -90, 57),
    ("wind", "m/s", 0, 113),
)
KINDS = ("drizzle", "fog", "rain", "snow", "sun")


def problems(record: dict) -> list[str]:
    found = [
        f"{field} is {record[field]} {unit}, outside of {least} to {most}"
        for field, unit, least, most in LIMITS
        if not least <= record[field] <= most
    ]
    if record["temp_min"] > record["temp_max"]:
        found.append(f"temp_min is {record['temp_min']}, above temp_max, {record['temp_max']}")
    if record["weather"] not in KINDS:
        found.append(f"weather is {record['weather']!r}, none of {', '.join(KINDS)}")
    try:
        date.fromisoformat(record["date"])
    except ValueError:
        found.append(f"there is no date {record['date']!r}")
    return found
