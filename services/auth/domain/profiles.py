"""How people want to read dates and times."""

DATE_FORMATS = ("dmy", "mdy", "ymd")
"""Day, month and year in this order; how they are separated is the language's business."""

TIME_FORMATS = ("24h", "12h")
