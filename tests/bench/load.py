"""A small load generator: pages where wrk is missing, and edits, which wrk can't follow.

Run as a program it reads a plan as JSON and prints what happened as JSON. Each client owns
initiatives of its own and counts their versions itself, since each edit adds exactly one.
"""

import json
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"


class Client(threading.Thread):
    """One connection that asks again and again until the time is over."""

    def __init__(self, plan: dict[str, Any], index: int, until: float) -> None:
        super().__init__(daemon=True)
        self.plan, self.until = plan, until
        self.edits = plan.get("edits", [])[index :: plan["clients"]]
        self.done = 0
        self.failures: list[str] = []
        self.times: list[float] = []

    def run(self) -> None:
        """Ask until the deadline; a broken connection counts as a failure and is made anew."""
        connection = self._connect()
        turn = 0
        while time.monotonic() < self.until:
            begun = time.monotonic()
            try:
                status = self._ask(connection, turn)
            except (OSError, HTTPException) as error:
                self.failures.append(type(error).__name__)
                connection.close()
                connection = self._connect()
                continue
            turn += 1
            self.times.append(time.monotonic() - begun)
            if status == 200:
                self.done += 1
            else:
                self.failures.append(str(status))
        connection.close()

    def _connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.plan["port"], timeout=40)

    def _ask(self, connection: HTTPConnection, turn: int) -> int:
        headers = dict(self.plan["headers"])
        if not self.edits:
            connection.request("GET", self.plan["path"], headers=headers)
        else:
            edit = self.edits[turn % len(self.edits)]
            fields = edit["fields"] | {"version": edit["version"]}
            fields |= {edit["field"]: f"{edit['text']} {turn}"}
            connection.request(
                "POST", edit["path"], urlencode(fields), headers | {"Content-Type": FORM}
            )
        response = connection.getresponse()
        response.read()
        if self.edits and response.status == 200:
            edit["version"] += 1
        return response.status


def drive(plan: dict[str, Any]) -> dict[str, Any]:
    """Let the clients work for the plan's seconds and return what they did."""
    begun = time.monotonic()
    clients = [Client(plan, index, begun + plan["seconds"]) for index in range(plan["clients"])]
    for client in clients:
        client.start()
    for client in clients:
        client.join(plan["seconds"] + 60)
    times = sorted(moment for client in clients for moment in client.times)
    return {
        "done": sum(client.done for client in clients),
        "seconds": time.monotonic() - begun,
        "failures": [failure for client in clients for failure in client.failures],
        "p99": times[int(len(times) * 0.99)] if times else None,
        "fewest": min((client.done for client in clients), default=0),
    }


if __name__ == "__main__":
    print(json.dumps(drive(json.load(sys.stdin))))
