"""What can be wrong with a query, in English with ``{fields}``; a view translates the template, then fills it."""

from __future__ import annotations

QUERY_ERRORS: dict[str, str] = {
    "field": "There is no field “{name}”. Fields are: {fields}. Put text to be found as it stands in quotes.",
    "no_field": "Before “{sign}” there must be a field: {fields}.",
    "sign": "“{field}” cannot be compared by “{sign}”. Use one of: {signs}",
    "value": "What should “{field}” be? For example: {example}",
    "number": "“{field}” is a number, and “{value}” is none. For example: {example}",
    "range": "A range such as 10..20 is compared by “=”: {field} = 10..20",
    "unit": "“{unit}” is no unit of “{field}”. Use one of: {units}",
    "shape": "“{value}” is no size. A shape is written [64, 3, *]: * is any size, … any number of them.",
    "choice": "“{field}” cannot be “{value}”. It is one of: {choices}",
    "after": "After “{word}” something is missing.",
    "missing": "Something to look for is missing here.",
    "opening": "A closing parenthesis “)” is missing.",
    "closing": "There is one “)” too many.",
    "deep": "There are too many parentheses inside each other.",
    "no_pass": "“{field}” is known of a backward pass only: run one first.",
    "unmeasured": "“{field}” was not measured in this run.",
}
