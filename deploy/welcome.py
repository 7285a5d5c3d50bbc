"""What a start with demo data says on the terminal: what to open, and what to type."""

from collections.abc import Mapping
from typing import Any


def welcome(demo: Mapping[str, Any], more: str = "") -> None:
    base, key = demo["base_url"], demo["partner_token"]
    more = f" {more}" if more else ""
    location = demo["location_ids"][0]
    print(
        f"""
Kabinet is running with demo data.

  Try the API        {base}/docs
  See the messages   {base}/dev/messages
  Partner key        {key}
  Owner              {demo["owner"]["login"]}, password {demo["owner"]["password"]}

  curl -H 'Authorization: Bearer {key}' {base}/api/v1/book_staff/{location}

All of this stands in {demo["file"]}.{more}
Ctrl-C stops.
""",
        flush=True,
    )
