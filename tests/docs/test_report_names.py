"""The names of a report: docs/report-names.md lists them, the schema has their paths, and whoever asks for one asks for one that exists.

`python3 test_report_names.py --write` (with ADAMAS set) writes docs/report-names.md anew.
"""
import glob
import json
import os
import re
import subprocess
import sys
import unittest

from harness import ADAMAS, Case, main

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
PAGE = os.path.join(ROOT, "docs", "report-names.md")
PYTHON = os.path.join(ROOT, "bindings", "python", "adamas")
# What stands in the JSON without a name of its own: lists of sentences, and what follows from other members.
JSON_ALONE = {"warnings[]", "report", "note", "evidence.propositions[]", "evidence.ground[]", "evidence.limits[]", "specimens[].verbal.*",
              "parcel.declared.log10_lr.beyond_bounds"}
# Words of the command that look like names and are none.
WORDS = {"above", "below", "no", "yes", "none", "outlying", "saturated", "specimen"}


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def names():
    """What the command lists: rows of table, name, reports, unit, meaning, path in the JSON ("-": none)."""
    printed = subprocess.run([ADAMAS, "help", "report"], capture_output=True, text=True, check=True).stdout
    return [row for row in re.findall(r"^(\w+) (.+)\n    (\w+)  (.*?)  (.+)\n    (.+)$", printed, flags=re.M)]


def page():
    """docs/report-names.md, from the list."""
    lines = ["# Names in a report", "",
             "Each value of a report has a name: a *fact* (a text) or a *number* of the report as a whole",
             "(`adamas_report_fact`, `adamas_report_number`; in Python `report.fact`, `report.number`), or a column of a table",
             "(`adamas_report_column`; `report.specimens`, ...). `what/ORIGIN` is a column for each origin. A name is in reports of",
             "a classification (c), a validation (v) or a plan (p), if the report has its value. `adamas help report` prints",
             "this list, `adamas_report_name` and `adamas.report_names()` return it.", ""]
    tables = dict.fromkeys(row[0] for row in names())
    for table in tables:
        lines += [f"## {table}", "", "| name | in | unit | meaning | JSON |", "| --- | --- | --- | --- | --- |"]
        lines += [f"| `{name}` | {kinds} | {'' if unit == '-' else unit} | {meaning} | {'' if path == '-' else f'`{path}`'} |"
                  for of, name, kinds, unit, meaning, path in names() if of == table]
        lines.append("")
    return "\n".join(lines)


def schema_paths(schema):
    """The paths of the values in the JSON that the schema allows: "parcel.stones", "specimens[].typicality.*"."""
    found = set()

    def walk(node, path):
        if "$ref" in node:
            node = {**schema["$defs"][node["$ref"].rsplit("/", 1)[1]], **{k: v for k, v in node.items() if k != "$ref"}}
        below = {f".{key}": inner for key, inner in node.get("properties", {}).items()}
        if isinstance(node.get("additionalProperties"), dict):
            below[".*"] = node["additionalProperties"]
        if isinstance(node.get("items"), dict):
            below["[]"] = node["items"]
        for step, inner in below.items():
            walk(inner, path + step)
        if not below:
            found.add(path.lstrip("."))

    for kind in schema["oneOf"]:
        walk(kind, "")
    return found


def any_place(path):
    """A path as the schema has it: which place of an array does not matter, nor which origin."""
    return re.sub(r"\[\d\]", "[]", path).replace("@", "*")


class Names(Case):
    def setUp(self):
        super().setUp()
        self.names = names()
        self.known = {row[1] for row in self.names}

    def of(self, *tables):
        return {row[1] for row in self.names if row[0] in tables}

    def test_the_list_is_whole(self):
        printed = self.adamas("help", "report")
        self.assertEqual(len(self.names), len(re.findall(r"^\S", printed, flags=re.M)) - 3)
        self.assertGreater(len(self.names), 150)
        rows = [(table, name, kind) for table, name, kinds, *_ in self.names for kind in kinds]
        self.assertEqual(len(rows), len(set(rows)), "a name is in one report twice")

    def test_the_page(self):
        self.assertEqual(read(PAGE), page(), "run test_report_names.py --write")

    def test_every_path_is_in_the_schema_and_every_value_of_the_schema_has_a_name(self):
        paths = {any_place(row[5]) for row in self.names if row[5] != "-"} | JSON_ALONE
        self.assertEqual(paths, schema_paths(json.loads(read("core/report/report.schema.json"))))

    def test_the_command_asks_for_names_that_exist(self):
        known = {name.replace("ORIGIN", "") for name in self.known}
        asked = set()
        for path in glob.glob(os.path.join(ROOT, "bindings", "cli", "*.c")):
            source = read(path)
            if "adamas_report_" in source and not path.endswith("help.c"):
                asked |= set(re.findall(r'"([a-z][a-z0-9_]*(?:/[a-zA-Z0-9_ ]*)?)"', source)) - WORDS
        self.assertEqual(asked - known, {"not resolved"} & asked)
        self.assertGreater(len(asked), 60)

    def test_python_asks_for_names_that_exist(self):
        report = read(os.path.join(PYTHON, "report.py"))
        attributes = re.search(r"^_numbers = \((.*?)\)$", report, flags=re.M | re.S)[1]
        numbers, facts = set(re.findall(r'"(\w+)"', attributes)), set()
        for path in glob.glob(os.path.join(PYTHON, "*.py")):
            source = read(path)
            numbers |= set(re.findall(r"\.number\(\"([^\"]+)\"", source))
            if "report" in source:
                facts |= set(re.findall(r"(?:report|self|\))\.fact\(\"([^\"]+)\"", source))
        self.assertEqual(numbers - self.of("number"), set())
        self.assertEqual(facts - self.of("fact"), set())
        self.assertGreater(len(numbers), 10)
        columns = re.findall(r"report\.columns\(\"(\w+)\"\)\[\"(\w+)\"\]", "".join(read(path) for path in glob.glob(f"{PYTHON}/*.py")))
        self.assertEqual([c for c in columns if c[1] not in self.of(c[0])], [])
        self.assertGreater(len(columns), 0)


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(page())
    else:
        main()
