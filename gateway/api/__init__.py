"""The HTTP resources, a module each. A new one is a blueprint here and its rows in access.CALLS."""
