"""The database: one schema, and a module for each kind of query."""
