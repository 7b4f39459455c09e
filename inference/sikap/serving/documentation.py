"""Turn an OpenAPI document into what the documentation page shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

JSON = "application/json"


class Part(NamedTuple):
    """Hold one field of a request or an answer: name, type in words, whether it must be given, description."""

    name: str
    type: str
    required: bool
    description: str


class Body(NamedTuple):
    """Hold an object that is sent or answered: its name, what it is, and its fields."""

    name: str
    description: str
    parts: list[Part]


class Operation(NamedTuple):
    """Hold one endpoint."""

    method: str
    path: str
    summary: str
    description: str
    example: str
    takes: Body
    gives: list[Body]
    refusals: list[tuple[str, str]]


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    """Yield the endpoints of an OpenAPI document in order, those that take and give JSON."""
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, entry in methods.items():
            request = _named(entry["requestBody"]["content"][JSON]["schema"])[0]
            answers = entry["responses"]
            yield Operation(
                method=method.upper(),
                path=path,
                summary=entry["summary"],
                description=entry.get("description", ""),
                example=json.dumps(schemas[request]["examples"][0], ensure_ascii=False),
                takes=_body(request, schemas),
                gives=[_body(name, schemas) for name in _reached(answers["200"]["content"][JSON]["schema"], schemas)],
                refusals=[(status, answer["description"]) for status, answer in answers.items() if status != "200"],
            )


def _body(name: str, schemas: dict[str, Any]) -> Body:
    schema = schemas[name]
    required = schema.get("required", [])
    parts = [
        Part(field, _words(entry), field in required, entry.get("description", ""))
        for field, entry in schema["properties"].items()
    ]
    return Body(name, schema.get("description", ""), parts)


def _named(schema: dict[str, Any]) -> list[str]:
    """Return the names of the objects that a schema speaks of, each once."""
    if "$ref" in schema:
        return [schema["$ref"].rpartition("/")[2]]
    inner = [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]
    return list(dict.fromkeys(name for entry in inner for name in _named(entry)))


def _reached(schema: dict[str, Any], schemas: dict[str, Any]) -> list[str]:
    """Return the names of the objects in a schema, and of those in their fields."""
    names = _named(schema)
    for name in names:
        for field in schemas[name]["properties"].values():
            names += [inner for inner in _named(field) if inner not in names]
    return names


def _words(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(map(_words, schema["anyOf"]))
    if "enum" in schema:
        return " or ".join(f'"{value}"' for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_words(schema['items'])}"
    if schema.get("type") == "object":
        return f"object of {_words(schema['additionalProperties'])}"
    return str(schema.get("type", "any"))
