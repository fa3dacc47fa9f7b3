"""What each service's events do to a case: a module for each of them.

Every `apply` takes the case so far, an event's data, and the moment it was published, with the
office's offset; events that a module does not know leave the case as it is.
"""
