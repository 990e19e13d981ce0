"""Templates of channels: found, read, and tried on alerts of every kind before they are needed."""

from watcher.alerts.template import Template, TemplateFault, Use, faults_of, forgets_entries
from watcher.config.files import file_bytes
from watcher.config.nodes import Scalar
from watcher.config.secrets import Vault
from watcher.config.sheet import Sheet, sheet_of
from watcher.config.suggest import question
from watcher.model import Fault

_CODE = "C019"
_WHOLE = TemplateFault(0, "")
_BLOCKS = "|>"  # YAML's signs of a text that begins in the next line


def template_of(sheet: Sheet, node: Scalar, use: Use, vault: Vault) -> Template | None:
    """Read the template that a setting is, or the file that it names; None where it has faults.

    A text with a line break or a `{` is the template itself.
    """
    if "\n" in node.value or "{" in node.value:
        first = sheet.place(node.start).line + (node.style[:1] in _BLOCKS and bool(node.style))
        return _tried(Template(node.value, use), sheet, first, vault)
    path = vault.folder / node.value
    read = file_bytes(path)
    if isinstance(read, Fault):
        vault.findings.add(sheet.fault("C001", f"{path}: {read.message}", node))
        return None
    try:
        text = read.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        told = f"{path}: not UTF-8 (byte {trouble.start + 1})"
        vault.findings.add(sheet.fault("C001", told, node))
        return None
    return _tried(Template(text, use), sheet_of(str(path), text), 1, vault)


def _tried(template: Template, sheet: Sheet, first: int, vault: Vault) -> Template | None:
    """Try a template that begins in a line of a sheet, and note its faults there."""
    faults = faults_of(template)
    for fault in faults:
        line = min(first + max(fault.line, 1) - 1, len(sheet.line_starts))
        told = f"this template fails: {fault.message}{question(fault.word, fault.known)}"
        vault.findings.add(sheet.fault(_CODE, told, _place(sheet, line, fault)))
    if not faults and template.use is Use.JSON and forgets_entries(template):
        told = "of a digest this template tells none of the alerts: write `entries` too"
        vault.findings.add(sheet.fault("C109", told, _place(sheet, first, _WHOLE), warning=True))
    return None if faults else template


def _place(sheet: Sheet, line: int, fault: TemplateFault) -> int:
    """Find the word that a fault is about in its line, else where the line's text begins."""
    start = sheet.line_starts[line - 1]
    end = sheet.line_starts[line] if line < len(sheet.line_starts) else len(sheet.text)
    at = sheet.text.find(fault.word, start, end) if fault.word and fault.line else -1
    text = sheet.text[start:end]
    return at if at >= 0 else start + len(text) - len(text.lstrip())
