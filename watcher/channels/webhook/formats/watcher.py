"""Watcher's own format: Standard Webhooks 1.0, described by `schema/alert.schema.json`."""

from watcher.alerts.render import as_json
from watcher.channels.webhook.formats.form import Form

FORM = Form(write=as_json, keyed=True)
