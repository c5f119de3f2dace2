# (kind, when it applies, its text); day as in the data set, month as `aggregate` makes it.
RULES = (
    ("frost", lambda day, month: day["temp_min"] <= 0, "Frost: down to {temp_min} °C"),
    ("heat", lambda day, month: day["temp_max"] >= 32, "Heat: up to {temp_max} °C"),
    ("heavy-rain", lambda day, month: day["precipitation"] >= 30, "Heavy rain: {precipitation} mm in a day"),
    ("storm", lambda day, month: day["wind"] >= 8, "Storm: wind of {wind} m/s"),
    ("wet-month", lambda day, month: month["rain"] >= 200, "Wet month: {month[rain]} mm in {month[days]} days"),
)
