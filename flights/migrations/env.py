"""Runs Alembic's migrations inside the transaction that `flights.database.migrate` has opened.

To write a new migration, see `script.py.mako` for the form and number it after the last one.
"""

from alembic import context

from flights.database import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("Migrations run through flights.database.migrate(url), which brings the connection.")

context.configure(connection=connection, target_metadata=metadata)
context.run_migrations()
