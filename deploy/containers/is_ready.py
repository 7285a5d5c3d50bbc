"""Asks a port of this container whether it is ready: the health check of docker-compose.yml.

It imports little, for it runs every few seconds in every container.
"""

import sys
from http.client import HTTPConnection


def main(port: int) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/readyz")
        return 0 if connection.getresponse().status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
