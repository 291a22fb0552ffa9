"""What no schema can say of the API and Schemathesis cannot know: a key names one request, entries lie beside each
other, a stop needs a timer that runs, an undo something that is deleted. Without it, most requests end at such a rule.

Only what is meant to be right is changed, and one request in four goes out as it was made, rules or not."""

import copy
import datetime
import itertools
import re
import uuid

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

turns, numbers = itertools.count(), itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    name, login = case.operation.label, case.headers.get("Authorization")
    case.body, case.query = copy.deepcopy(case.body), dict(case.query or {})
    body = case.body if isinstance(case.body, dict) else {}

    # The gateway refuses these in a path, as they are and encoded, with an empty 400 (traefik/traefik.yml).
    for parameter, value in (case.path_parameters or {}).items():
        if isinstance(value, str):
            case.path_parameters[parameter] = re.sub(r"(?i)%(00|23|25|2f|3b|3f|5c)|[\0#/;?\\]", "-", value)

    if name == "PUT /api/v1/lock" and str(body.get("locked_before"))[:4].isdigit():
        # What is locked is locked for all requests.
        body["locked_before"] = "1975-01-01T00:00:00Z"
    if "Idempotency-Key" in case.headers and right(case, ParameterLocation.HEADER):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    if name == "POST /api/v1/time-entries/bulk" and body.get("dry_run") is True and not right(case):
        # A dry run answers 200 and lists what it would refuse.
        body["dry_run"] = False

    if not right(case) or login is None:
        return
    # A sequence of requests must come out the same when it is tried again.
    stateful = case.meta is not None and case.meta.phase.name is TestPhase.STATEFUL
    if not stateful and next(turns) % 4 == 0:
        return
    # A cursor is one that was answered.
    case.query.pop("cursor", None)
    for entry in [body, *(item.get("entry", {}) for item in body.get("items", []))]:
        # An id that is made up names nothing.
        for field in ("task_id", "tag_ids", "client_id", *(["project_id"] if "start" in entry else [])):
            entry.pop(field, None)
        if entry.get("start") and entry.get("end"):
            entry["start"], entry["end"] = times()
    if isinstance(body.get("name"), str):
        body["name"] = f"{body['name'][:90]} {next(numbers)}"
    prepare(name, case, body, Client(case, login, kwargs), stateful)


class Client:
    """Sends what must come before a request, as the same person."""

    def __init__(self, case, login, kwargs):
        self.base, self.kwargs = case.operation.base_url.rstrip("/"), {"verify": kwargs.get("verify", True)}
        self.headers = {"Authorization": login, "If-Match": "*"}

    def send(self, method, path, **body):
        address = f"{self.base}/api/v1/{path}"
        return requests.request(method, address, json=body or None, headers=self.headers, timeout=10, **self.kwargs)

    def discard_timer(self, but=None):
        """Nothing runs any more, unless it is the entry that the request is about."""
        running = self.send("GET", "timer").json()["entry"]
        if running and running["id"] != but:
            self.send("POST", "timer/discard")


def prepare(name, case, body, client, stateful):
    stops = {"DELETE /api/v1/timer", "POST /api/v1/timer/discard", "POST /api/v1/timer/switch"}
    starts = {"POST /api/v1/timer", "POST /api/v1/time-entries/{id}/continue", "POST /api/v1/time-entries/{id}/restore"}
    if name in stops | starts or (name == "POST /api/v1/time-entries" and not body.get("end")):
        client.discard_timer(but=(case.path_parameters or {}).get("id"))
    if name == "POST /api/v1/saved-reports/{id}/share":
        body["expires_at"] = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=7)).isoformat()
    if name == "POST /api/v1/tasks":
        body["project_id"] = client.send("POST", "projects", name=str(uuid.uuid4())).json()["id"]
    if name == "POST /api/v1/timer":
        body.pop("start", None)
    if name in stops:
        start, end = times()
        client.send("POST", "timer", start=start)
        if name == "DELETE /api/v1/timer":
            case.query["end"] = end
        if name == "POST /api/v1/timer/switch":
            body["start"] = end
    if name == "POST /api/v1/time-entries/{id}/restore":
        client.send("DELETE", f"time-entries/{case.path_parameters['id']}")
    if name == "PATCH /api/v1/time-entries/{id}" and not stateful:
        client.discard_timer(but=case.path_parameters["id"])
        client.send("POST", f"time-entries/{case.path_parameters['id']}/restore")


def right(case, *locations):
    """Whether these parts of the request are meant to be right; all of it where none is named."""
    parts = case.meta.components if case.meta else {}
    return all(part.mode.is_positive for place, part in parts.items() if not locations or place in locations)


def times():
    """Begin and end of an hour that nothing else has."""
    start = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC) + next(numbers) * datetime.timedelta(hours=1)
    return start.isoformat(), (start + datetime.timedelta(minutes=50)).isoformat()
