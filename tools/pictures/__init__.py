"""Pictures of alerts for the documentation, taken of what the code writes."""
