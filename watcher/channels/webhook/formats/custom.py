"""JSON of the operator's own: what a template writes, for receivers that no other format suits.

Where the template fails it is Watcher's own format, under the same headers.
"""

from watcher.alerts.render import as_json
from watcher.channels.webhook.formats.form import Form

FORM = Form(write=as_json, keyed=True)
