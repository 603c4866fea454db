"""The documentation agrees with the program: steps and parameters, arrays of files, members of reports, links."""
import glob
import os
import re
import unittest

import h5py

from harness import SCHEMA, Case, main

MATCHES = {"twolevel": "twolevel", "multilevel": "multilevel", "lda": "lda", "kernel": "kernel",
           "ddsimca": "ddsimca(2)"}
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def without_code(text):
    return re.sub(r"^ *```.*?^ *```$", "", text, flags=re.M | re.S)


def headings(text):
    return re.findall(r"^#+ (.*)$", without_code(text), flags=re.M)


def section(text, heading):
    """The text of a section, with its subsections."""
    found = re.search(rf"^(#+) {re.escape(heading)}$(.*?)(?=^#{{1,6}} |\Z)", text, flags=re.M | re.S)
    deep = len(found[1])
    rest = re.split(rf"^#{{1,{deep}}} ", text[found.end(1) + 1 + len(heading):], maxsplit=1, flags=re.M)
    return rest[0]


def rows(text):
    """The rows of the tables of a text, without their headings: lists of cells."""
    found = []
    for table in re.findall(r"(?:^\|.*\n)+", text, flags=re.M):
        found += [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]
    return [[cell.strip("| ") for cell in row] for row in found]


def spans(text):
    return re.findall(r"`([^`]+)`", text)


def anchor(heading):
    """The anchor that GitHub generates for a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


class Method(Case):
    """Compare docs/method.md with `adamas help methods`."""

    def setUp(self):
        super().setUp()
        self.text = read("docs/method.md")
        printed = self.adamas("help", "methods")
        self.default = printed.splitlines()[2].strip()
        self.steps = re.findall(r"^  (\S.*)\n      ", printed.split("Steps, ")[1], flags=re.M)

    def test_every_step_has_a_heading_with_its_usage(self):
        found = [h.strip("`") for h in re.findall(r"^### (`.*`)$", self.text, flags=re.M)]
        self.assertEqual(found, self.steps)
        self.assertGreater(len(found), 20)

    def test_the_default_method(self):
        self.assertEqual(section(self.text, "The default method").strip().splitlines()[1], self.default)

    def refusal(self, name, required, parameter):
        """The allowed values of a parameter, from the error message for an invalid one."""
        others = "".join(f", {p}=1" for p in required if p != parameter)
        step = f"{'pca | ' if name in MATCHES else ''}{name}({parameter}=nonsense{others})"
        done = self.run_adamas("train", "-o", "model.h5", "--method", step, "none.h5")
        self.assertEqual(done.returncode, 1, done.stderr)
        return re.search(rf": {parameter} is nonsense, (.*) expected", done.stderr)[1]

    def test_parameters(self):
        for usage in self.steps:
            name, _, inside = usage.rstrip(")").partition("(")
            defaults = dict(p.partition("=")[::2] for p in inside.split(", ")) if inside else {}
            required = [p for p, value in defaults.items() if not value]
            documented = {row[0].strip("`"): row[1:] for row in rows(section(self.text, f"`{usage}`"))}
            with self.subTest(step=name):
                self.assertEqual(list(documented), list(defaults))
                for parameter, (default, allowed, *_) in documented.items():
                    self.assertEqual(default, defaults[parameter] or "required")
                    self.assertEqual(allowed, self.refusal(name, required, parameter))


def kind_of(array):
    """The type and the rank of an array as written in the tables."""
    return "text" if array.dtype.kind in "SO" else array.dtype.name, array.ndim


TYPE = re.compile("text|float(32|64)")


def documented_kind(cell):
    shape = re.search(r"\[(.*)\]", cell)
    return cell.split()[0].rstrip(","), shape[1].count(",") + 1 if shape else 0


def members(file, kind):
    found = {}
    file.visititems(lambda name, item: found.update({"/" + name: item}) if isinstance(item, kind) else None)
    return found


def arrays(file):
    return {path: kind_of(item) for path, item in members(file, h5py.Dataset).items()}



FACTS = {"axis/medium": "air", "acquisition/instrument": "one", "acquisition/gas": "air", "acquisition/laser": "1064 nm",
         "acquisition/gate": "1 us", "acquisition/full_scale": "65535", "case/parcel": "one", "case/seizure": "one",
         "case/certificate": "one", "case/hs_code": "710231", "case/declared_origin": "A", "case/stones": "90",
         "provenance/synthetic": "yes", "provenance/level": "realistic", "provenance/seed": "1"}


class Files(Case):
    """Compare docs/files.md with files that the command writes."""

    maxDiff = None

    def setUp(self):
        super().setUp()
        self.text = read("docs/files.md")

    def make_set(self):
        """A spectra set with all columns and facts that have a meaning."""
        self.library("lib", specimens=8, shots=4)
        columns = ["specimen", "origin", "parcel", "mass_ct", "session", "spot", "control"]
        lines = self.read_lines("lib.csv")
        axis = lines[0].split(",")[2:]
        table = [",".join([*columns, *axis])]
        for line in lines[1:]:
            specimen, origin, *intensity = line.split(",")
            table.append(",".join([specimen, f"{origin}/west", "one", "1.5", "today", "a", origin, *intensity]))
        self.write("full.csv", "\n".join(table) + "\n")
        options = [part for fact, value in FACTS.items() for part in ("--set", f"{fact}={value}")]
        self.adamas("import", "-o", "full.h5", *options, "full.csv")

    def documented_set(self):
        """The documented arrays. A row of two columns, without a type, is a fact: a scalar string."""
        found = {}
        for row in rows(section(self.text, "Spectra set")):
            for path in spans(row[0]):
                if TYPE.match(row[1]):
                    found[path] = documented_kind(row[1])
                elif len(row) == 2:
                    found[path] = "text", 0
        return found

    def test_spectra_set(self):
        self.make_set()
        self.adamas("preprocess", "-o", "pre.h5", "--method", "snv", "full.h5")
        with h5py.File(self.path("full.h5")) as full, h5py.File(self.path("pre.h5")) as preprocessed:
            found = arrays(full) | arrays(preprocessed)
            groups = {"/": full} | members(full, h5py.Group)
            items = [*groups.values(), *members(full, h5py.Dataset).values()]
            attributes = {name for item in items for name in item.attrs}
        documented = section(self.text, "Spectra set")
        about_groups = [row for row in rows(documented) if row[1].startswith(("group", "attributes"))]
        self.assertEqual(self.documented_set(), found)
        self.assertEqual({spans(row[0])[0] for row in about_groups}, set(groups))
        self.assertLessEqual(attributes, set(spans(documented)))

    def make_models(self):
        self.library("lib", specimens=12, shots=4)
        lines = self.read_lines("lib.csv")
        days = [f"day{int(line.split(',')[0][1:]) % 4}," for line in lines[1:]]
        self.write("days.csv", "\n".join(["session," + lines[0], *map("".join, zip(days, lines[1:]))]) + "\n")
        self.adamas("import", "-o", "days.h5", "days.csv")
        for name, match in MATCHES.items():
            method = f"crop(301, 339) | align | msc | epo(1) | pca(3) | {match}"
            self.adamas("train", "-o", f"{name}.h5", "--method", method, "days.h5")
        self.adamas("train", "-o", "chosen.h5", "--method", "snv | pca | twolevel", "days.h5")

    def documented_model(self):
        """The documented arrays by path; those of a classifier and of a matching step by the path within it."""
        top, classifier, match = {}, {}, {}
        for row in rows(section(self.text, "Model")):
            for path in spans(row[0]):
                if TYPE.match(row[1]) and path.startswith("/"):
                    top[path] = documented_kind(row[1])
        inside = section(self.text, "Classifier")
        for part in re.split(r"(?=^`match` of )", inside, flags=re.M):
            step = re.match(r"`match` of \[`(\w+)`\]", part)
            for row in rows(part):
                if TYPE.match(row[1]):
                    (match.setdefault(step[1], {}) if step else classifier)[spans(row[0])[0]] = documented_kind(row[1])
        return top, classifier, match

    def test_model(self):
        self.make_models()
        top, classifier, match = self.documented_model()
        self.assertEqual(set(match), set(MATCHES))
        top_found, facts = {}, {"axis/medium"}
        for name in [*MATCHES, "chosen"]:
            with h5py.File(self.path(name + ".h5")) as file:
                found = arrays(file)
                facts |= set(file["facts"].attrs)
            within = {}
            for path, kind in found.items():
                owner = re.match(r"/judge/|/held_out/without_fold_\d+/", path)
                if owner:
                    within[re.sub(r"reference_\d+", "reference_I", path[owner.end():])] = kind
                else:
                    top_found[path] = kind
            if name in MATCHES:
                self.assertEqual(classifier | match[name], within)
        self.assertEqual(top, top_found)
        about = section(self.text, "Model").split("Attributes of `/facts`")[1].split("###")[0]
        self.assertEqual({spans(row[0])[0] for row in rows(about)}, facts)

    def test_versions(self):
        table = {row[0]: row[2] for row in rows(self.text.split("## What holds")[0])}
        self.library("lib")
        self.adamas("train", "-o", "model.h5", "--method", "snv", "lib.h5")
        with h5py.File(self.path("lib.h5")) as spectra, h5py.File(self.path("model.h5")) as model:
            self.assertEqual(table["[spectra set](#spectra-set)"], spectra.attrs["adamas_spectra"].decode())
            self.assertEqual(table["[model](#model)"], model.attrs["adamas_model"].decode())

    def test_report(self):
        kinds, reports = SCHEMA.schema["$defs"], ("classification", "validation", "plan_report")
        every = {name for kind in reports for name in kinds[kind]["properties"]}
        parts = {name for kind in ("library", "specimen", "parcel") for name in kinds[kind]["properties"]}
        parts |= set(kinds["plan_report"]["properties"]["plan"]["properties"])
        outline = rows(section(self.text, "Report"))
        self.assertGreater(len(outline), 10)
        for row in outline:
            for name in spans(" ".join(row)):
                self.assertIn(name, every | parts | {"classification", "validation", "plan"})
        shared = set.intersection(*(set(kinds[kind]["properties"]) for kind in reports))
        self.assertLessEqual(shared, {name for row in outline for name in spans(row[0])})


class Links(unittest.TestCase):
    def documents(self):
        return ["README.md", *(os.path.relpath(path, ROOT) for path in glob.glob(os.path.join(ROOT, "docs", "*.md")))]

    def test_links_resolve(self):
        checked = 0
        for document in self.documents():
            for link in re.findall(r"\]\(([^)\s]+)\)", without_code(read(document))):
                if re.match(r"[a-z]+:", link):
                    continue
                path, _, fragment = link.partition("#")
                target = os.path.normpath(os.path.join(os.path.dirname(document), path)) if path else document
                with self.subTest(document=document, link=link):
                    self.assertTrue(os.path.exists(os.path.join(ROOT, target)))
                    if fragment:
                        self.assertIn(fragment, [anchor(h) for h in headings(read(target))])
                checked += 1
        self.assertGreater(checked, 40)

    def test_files_that_are_named_exist(self):
        checked = 0
        for document in self.documents():
            for path in re.findall(r"`((?:bench|bindings|cmake|core|include|tests)/[\w./-]+\.\w+)`", read(document)):
                with self.subTest(document=document, path=path):
                    self.assertTrue(os.path.exists(os.path.join(ROOT, path)))
                checked += 1
        self.assertGreater(checked, 20)


if __name__ == "__main__":
    main()
