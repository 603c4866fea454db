"""Reports as files: the JSON by its schema, the page, and both if one of them cannot be written."""
import copy
import html.parser
import os

import jsonschema

from harness import SCHEMA, Case, main

VOID = {"meta"}


class Page(html.parser.HTMLParser):
    """Checks that the elements are nested correctly and collects their text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.text, self.tags = [], "", set()
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text += data


class Report(Case):
    def setUp(self):
        super().setUp()
        self.library("lib", specimens=24, origins=("A", "B & <C>"))
        self.library("other", specimens=3, seed=2)
        lines = self.read_lines("other.csv")
        self.write("p.csv", "\n".join(",".join([l.split(",")[0], *l.split(",")[2:]]) for l in lines) + "\n")
        self.adamas("import", "-o", "p.h5", "--set", "case/parcel=no. <7>", "p.csv")
        self.adamas("train", "-o", "m.h5", "--method", "snv | pca(3) | twolevel", "lib.h5")

    def test_the_schema_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA.schema)

    def test_classification_and_validation(self):
        self.adamas("classify", "-m", "m.h5", "-o", "r.json", "p.h5")
        report = self.report("r.json")
        self.assertEqual(report["evidence"]["held_out"], "specimen")
        for specimen in report["specimens"]:
            for origin, lr in specimen["log10_lr"].items():
                self.assertEqual(lr is None, specimen["typicality"][origin] <= report["evidence"]["epsilon"])
                self.assertEqual(lr is None, specimen["verbal"][origin] is None)
        self.adamas("validate", "--folds", "4", "--method", "snv | pca(3) | twolevel", "-o", "v.json", "lib.h5")
        self.report("v.json")

    def test_the_schema_is_strict(self):
        self.adamas("classify", "-m", "m.h5", "-o", "r.json", "p.h5")
        report = self.report("r.json")
        for change in (lambda r: r.update(more=1), lambda r: r.pop("conclusion"), lambda r: r["specimens"][0].update(more=1),
                       lambda r: r["evidence"].pop("limits"), lambda r: r["specimens"][0]["shots"].update(used="3"),
                       lambda r: r["specimens"][0]["typicality"].update(A=1.5), lambda r: r.update(report="verdict")):
            changed = copy.deepcopy(report)
            change(changed)
            self.assertFalse(SCHEMA.is_valid(changed))

    def test_page(self):
        printed = self.adamas("classify", "-m", "m.h5", "-o", "r.json", "--html", "r.html", "p.h5")
        page = self.read("r.html").decode("utf-8")
        for never in ("<script", "href=", "src=", "url(http", "@import", "nan"):
            self.assertNotIn(never, page)
        drawn = Page(page)
        self.assertIn("svg", drawn.tags)
        for part in (self.report("r.json")["conclusion"], "What this report does not say", "B & <C>", "no. <7>", "A0"):
            self.assertIn(part, drawn.text)
        self.assertIn(self.report("r.json")["conclusion"], printed)
        self.adamas("classify", "-m", "m.h5", "-o", "only.html", "p.h5")
        self.assertEqual(self.read("only.html"), self.read("r.html"))
        self.adamas("validate", "--folds", "4", "--method", "snv | pca(3) | twolevel", "-o", "v.json", "--html", "v.html", "lib.h5")
        self.assertIn(self.report("v.json")["conclusion"], Page(self.read("v.html").decode("utf-8")).text)

    def test_both_or_none(self):
        for command in (["classify", "-m", "m.h5", "p.h5"], ["validate", "--folds", "4", "--method", "snv | pca(3) | twolevel", "lib.h5"]):
            self.refused(*command, "-o", "r.json", "--html", "missing/r.html", output="r.json", says="missing/r.html")
            self.refused(*command, "-o", "missing/r.json", "--html", "r.html", output="r.html", says="missing/r.json")
        self.write("r.json", "as it was")
        self.assertEqual(self.run_adamas("classify", "-m", "m.h5", "-o", "missing/r.json", "p.h5").returncode, 1)
        self.assertEqual(self.read("r.json"), b"as it was")

    def test_usage(self):
        os.link(self.path("m.h5"), self.path("m.html"))
        for arguments, says in ((["--html", "r.json"], "--html cannot be r.json"), (["--epsilon", "0"], "--epsilon cannot be 0"),
                                (["--epsilon", "1"], "--epsilon cannot be 1"), (["--epsilon", "0.1x"], "--epsilon cannot be 0.1x"),
                                (["--stones", "0"], "--stones cannot be 0"), (["-o", "r.html", "--html", "r.html"], "r.html"),
                                (["--html", "m.html"], "also an input")):
            done = self.run_adamas("classify", "-m", "m.h5", *arguments, "p.h5")
            self.assertEqual(done.returncode, 2, arguments)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assertIn(says, done.stderr)
        self.assertFalse(os.path.exists(self.path("r.html")))

    def test_epsilon(self):
        self.adamas("classify", "-m", "m.h5", "--epsilon", "0.5", "-o", "r.json", "p.h5")
        self.assertEqual(self.report("r.json")["evidence"]["epsilon"], 0.5)


if __name__ == "__main__":
    main()
