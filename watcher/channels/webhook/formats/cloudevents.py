"""CloudEvents 1.0 in structured JSON; `data` is the same as in Watcher's own format.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
"""

from collections.abc import Mapping
from urllib.parse import quote

from watcher.alerts.render import as_json, one_line
from watcher.channels.webhook.formats.form import Form
from watcher.model import Alert


def _event(alert: Alert) -> Mapping[str, object]:
    told = as_json(alert)
    about = one_line(alert.story or "")
    return {
        "specversion": "1.0",
        "id": alert.key,
        "source": f"/watcher/routes/{quote(one_line(alert.route), safe='')}",
        "type": told["type"],
        **({"subject": about} if about else {}),
        "time": told["timestamp"],
        "datacontenttype": "application/json",
        "data": told["data"],
    }


FORM = Form(write=_event, media_type="application/cloudevents+json; charset=utf-8", keyed=True)
