"""The API for other programs. One table of routes makes both its handlers and its OpenAPI document."""
