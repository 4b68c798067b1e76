"""The API for other programs: one table makes its routes and its OpenAPI document."""
