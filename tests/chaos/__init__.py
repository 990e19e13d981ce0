"""A receiver that fails in every way it can, and a daemon that is killed between its steps."""
