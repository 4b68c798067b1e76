"""The database: one schema, and a module for each area of questions."""
