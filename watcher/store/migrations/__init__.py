"""The history of our tables, one file a step. A step is frozen once it was released.

A step never imports `tables` or anything else of ours: it must do the same for ever.
"""
