"""Writes the schema files anew."""

from watcher.config.schema import write_schemas

write_schemas()
