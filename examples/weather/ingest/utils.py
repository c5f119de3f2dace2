"""How a line of the data set is read. `aggregate` has a utils.py too: Tasks do not see each other's modules."""

FIELDS = ("date", "precipitation", "temp_max", "temp_min", "wind", "weather")


def parse_line(line: str) -> dict:
    values = [value.strip() for value in line.strip().split(",")]
    if len(values) != len(FIELDS):
        raise ValueError(f"{len(values)} values instead of {len(FIELDS)} ({', '.join(FIELDS)})")
    record = dict(zip(FIELDS, values))
    return {name: number(name, value) if name not in ("date", "weather") else value for name, value in record.items()}


def number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise ValueError(f"{name} is {value!r}, not a number") from None
