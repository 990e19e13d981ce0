"""Look-alikes and copies in languages other than English; all texts are inventions."""
