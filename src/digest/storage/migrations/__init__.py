"""The schema's history: one script for each change, applied in order by Alembic."""
