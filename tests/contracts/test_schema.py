"""The schema: what the areas declare is what the migrations make, and no area is loaded without what it points to."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from tests.source import trees

from digest.storage import schema
from digest.storage.engine import Database, encoding_problem
from digest.storage.schema import whole

AREAS = {module.name for module in pkgutil.iter_modules(schema.__path__)} - {"columns", "whole"}


def test_the_migrations_make_the_tables_that_are_declared(tmp_path: Path) -> None:
    database = Database("sqlite:///digest.db", tmp_path)
    database.require_schema()
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), whole.METADATA) == []
    database.close()


def test_the_whole_has_every_area() -> None:
    assert set(whole.__all__) - {"METADATA"} == AREAS


def test_whoever_works_on_all_tables_takes_them_from_the_whole() -> None:
    wrong = [
        file
        for file, tree in trees("METADATA").items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "digest.storage.schema.columns"
        if "METADATA" in {alias.name for alias in node.names} and file.split("/")[-2:-1] != ["schema"]
    ]
    assert wrong == []


def test_an_area_brings_the_tables_that_its_foreign_keys_point_to() -> None:
    code = """if True:
        import sys
        from importlib import import_module
        for area in sys.argv[1:]:
            for loaded in [name for name in sys.modules if name.startswith("digest.storage.schema")]:
                del sys.modules[loaded]
            import_module(f"digest.storage.schema.{area}")
            tables = import_module("digest.storage.schema.columns").METADATA.tables.values()
            print(area, *(key.column.table.name for table in tables for key in table.foreign_keys))
    """
    command = [sys.executable, "-c", code, *sorted(AREAS)]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own code
    assert {line.split()[0] for line in found.splitlines()} == AREAS
    assert "mailing editions" in found


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1", "WIN1252"])
def test_a_database_that_cannot_hold_every_name_is_refused_with_words(encoding: str) -> None:
    assert "make one in UTF8" in encoding_problem(encoding)
    assert encoding_problem("UTF8") == ""
