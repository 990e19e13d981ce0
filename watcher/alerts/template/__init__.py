"""What alerts say in the operator's own words: Jinja2 in a sandbox. Pure.

What feeds wrote is data to a template and text to whatever shows the result, never a template and
never markup. A template that fails says so as a value; whoever asked then tells the alert in the
built-in words, so that none is lost by it.
"""

from watcher.alerts.template.samples import SAMPLES
from watcher.alerts.template.writing import (
    Template,
    TemplateFault,
    Use,
    dressed,
    faults_of,
    forgets_entries,
    written,
)

__all__ = [
    "SAMPLES",
    "Template",
    "TemplateFault",
    "Use",
    "dressed",
    "faults_of",
    "forgets_entries",
    "written",
]
