"""Custom actions: thin. They say when something happens; how it happens is in flights/."""
