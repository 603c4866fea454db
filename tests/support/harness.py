"""A test case that runs the command in a temporary folder, and the files of tests/data and of ADAMAS_SHARED."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

import jsonschema

ADAMAS = os.environ["ADAMAS"]
DATA = [os.environ.get("ADAMAS_TEST_DATA", ""), *(os.path.join(os.environ.get("ADAMAS_SHARED", ""), name) for name in ("oracles", "data"))]
SANITIZED = os.environ.get("ADAMAS_SANITIZER", "") != ""


with open(os.path.join(os.path.dirname(__file__), "..", "..", "core", "report", "report.schema.json"), encoding="utf-8") as _file:
    SCHEMA = jsonschema.Draft202012Validator(json.load(_file))


def data_files(*names):
    """The paths of NAME or NAME.gz in tests/data, else in ADAMAS_SHARED. The test is skipped if one of them is missing."""
    paths = []
    for name in names:
        found = [p for folder in DATA for p in (os.path.join(folder, name), os.path.join(folder, name + ".gz")) if os.path.exists(p)]
        if not found:
            raise unittest.SkipTest(f"{name} is missing")
        paths.append(found[0])
    return paths


class Result(unittest.TextTestResult):
    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print(f"[SKIP] {test.id().replace('__main__.', '')}: {reason}", file=sys.stderr)


def main():
    """Run the tests of the script; print which are skipped, and why, in the format of Criterion."""
    unittest.main(testRunner=unittest.TextTestRunner(resultclass=Result))


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def run_adamas(self, *arguments, **options):
        return subprocess.run([ADAMAS, *arguments], cwd=self.folder.name, capture_output=True, text=True, **options)

    def adamas(self, *arguments, **options):
        """Run the command, expect success, and return its output."""
        done = self.run_adamas(*arguments, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def refused(self, *arguments, output="out.h5", says=(), **options):
        """Run the command; expect exit code 1, one line with all of `says` on standard error, and no file left."""
        before = sorted(os.listdir(self.folder.name))
        done = self.run_adamas(*arguments, **options)
        self.assertEqual(done.returncode, 1, f"{arguments}: {done.stderr}{done.stdout}")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertFalse(os.path.exists(self.path(output)))
        self.assertEqual(sorted(os.listdir(self.folder.name)), before)
        for part in [says] if isinstance(says, str) else says:
            self.assertIn(part, done.stderr)
        return done.stderr

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return name

    def read(self, name):
        """The content of a file."""
        with open(self.path(name), "rb") as file:
            return file.read()

    def read_lines(self, name):
        return self.read(name).decode("utf-8").splitlines()

    def report(self, name):
        """A report, after checking it against the JSON Schema."""
        found = json.loads(self.read(name))
        for error in SCHEMA.iter_errors(found):
            nearest = jsonschema.exceptions.best_match([error])
            self.fail(f"{name}: {'/'.join(map(str, nearest.absolute_path))}: {nearest.message[:300]}")
        return found

    def wide(self, name, axis, rows, columns=("specimen", "origin")):
        """Write a wide table of rows (metadata..., intensities)."""
        lines = [",".join([*columns, *(f"{w:.6f}" for w in axis)])]
        lines += [",".join([*map(str, row[:-1]), *(f"{v:.9g}" for v in row[-1])]) for row in rows]
        return self.write(name, "\n".join(lines) + "\n")

    def library(self, name, axis=None, origins=("A", "B"), specimens=5, shots=3, seed=1):
        """Make a small library of lines whose heights differ by origin, specimen and shot."""
        import numpy as np

        random = np.random.default_rng(seed)
        axis = np.linspace(300, 340, 400) if axis is None else axis
        centres = np.linspace(axis[0] + 3, axis[-1] - 3, 8)
        lines = np.exp(-0.5 * ((axis - centres[:, None]) / 0.3) ** 2)
        rows = []
        for o, origin in enumerate(origins):
            base = 1 + 0.5 * np.sin(np.arange(8) * (o + 1))
            for s in range(specimens):
                own = base * np.exp(0.05 * random.standard_normal(8))
                for _ in range(shots):
                    shot = 1000 * (own * np.exp(0.03 * random.standard_normal(8))) @ lines
                    rows.append((f"{origin}{s}", origin, shot + 200 + 5 * random.standard_normal(axis.size)))
        self.wide(name + ".csv", axis, rows)
        self.adamas("import", "-o", name + ".h5", name + ".csv")
        return name + ".h5"
