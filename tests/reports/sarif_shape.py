"""The shape of SARIF 2.1.0 as far as streamcheck writes it, after the standard (OASIS, sections 3.13 to 3.49).

Stricter than the published schema only in that objects and members that streamcheck does not write are left out.
"""

from typing import Any


def shape(required: str = "", **members: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": members, "required": required.split()}


def many(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TEXT: dict[str, Any] = {"type": "string"}
FILLED = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": -1}
BAG = {"type": "object", "properties": {"tags": {**many(TEXT), "uniqueItems": True}}}
MESSAGE = shape("text", text=FILLED)
LEVEL = {"enum": ["none", "note", "warning", "error"]}
ARTIFACT = shape(uri={"type": "string", "pattern": "^[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]*$"}, index=COUNT)
REGION = shape(startLine={"type": "integer", "minimum": 1}, snippet=shape(text=TEXT))
LOCATION = shape(physicalLocation=shape(artifactLocation=ARTIFACT, region=REGION))
RULE = shape(
    "id",
    id=FILLED,
    shortDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=shape(level=LEVEL),
    properties=BAG,
)
RESULT = shape(
    "message",
    ruleId=FILLED,
    ruleIndex=COUNT,
    kind={"enum": ["notApplicable", "pass", "fail", "review", "open", "informational"]},
    level=LEVEL,
    message=MESSAGE,
    locations=many(LOCATION),
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    rank={"type": "number", "minimum": -1, "maximum": 100},
    suppressions=many(shape("kind", kind={"enum": ["inSource", "external"]}, justification=TEXT)),
    properties=BAG,
)
# 3.27.10: where kind is not «fail», the level is «none».
RESULT["if"] = {"properties": {"kind": {"const": "fail"}}}
RESULT["else"] = {"properties": {"level": {"const": "none"}}}
RUN = shape(
    "tool",
    tool=shape("driver", driver=shape("name", name=FILLED, version=FILLED, rules={**many(RULE), "uniqueItems": True})),
    language={"type": "string", "pattern": "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$"},
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    invocations=many(
        shape(
            "executionSuccessful",
            executionSuccessful={"type": "boolean"},
            toolExecutionNotifications=many(shape("message", level=LEVEL, message=MESSAGE, locations=many(LOCATION))),
        )
    ),
    artifacts={**many(shape(location=ARTIFACT)), "uniqueItems": True},
    results=many(RESULT),
    properties=BAG,
)
SARIF = shape("version runs", **{"$schema": TEXT, "version": {"const": "2.1.0"}, "runs": {**many(RUN), "minItems": 1}})
