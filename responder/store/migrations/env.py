"""How alembic runs: on the connection the Store hands it, inside the Store's transaction."""

from alembic import context
from sqlalchemy import Connection

from responder.store.tables import metadata

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
context.run_migrations()
