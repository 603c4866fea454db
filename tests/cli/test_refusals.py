"""Bad input: one clear line, exit code 1, and nothing left."""
import unittest

import h5py
import numpy as np

from harness import Case

METHOD = "snv | pca(2) | twolevel"


class Refusals(Case):
    def setUp(self):
        super().setUp()
        self.library("lib")
        self.adamas("train", "-o", "model.h5", "--method", METHOD, "lib.h5")

    def classify(self, parcel, **options):
        return self.refused("classify", "-m", "model.h5", "-o", "r.json", parcel, output="r.json", **options)

    def cut(self, name, length):
        with open(self.path("cut.h5"), "wb") as file:
            file.write(self.read(name)[:length])

    def test_truncated(self):
        for fraction in (0, 0.01, 0.5, 0.999):
            self.cut("lib.h5", int(fraction * len(self.read("lib.h5"))))
            self.classify("cut.h5", says="cut.h5")
            self.cut("model.h5", int(fraction * len(self.read("model.h5"))))
            self.refused("classify", "-m", "cut.h5", "-o", "r.json", "lib.h5", output="r.json", says="cut.h5")

    def test_text_renamed(self):
        self.write("text.h5", "wavelength,intensity\n300,1\n")
        self.classify("text.h5", says=["text.h5", "not an HDF5 file"])
        self.refused("info", "text.h5", says="not an HDF5 file")

    def test_model_given_as_parcel_and_the_other_way(self):
        self.classify("model.h5", says=["model.h5", "a model"])
        self.refused("classify", "-m", "lib.h5", "-o", "r.json", "lib.h5", output="r.json", says=["lib.h5", "not a model"])

    def test_axis(self):
        self.library("far", axis=np.linspace(500, 540, 400))
        self.classify("far.h5", says=["far.h5", "300"])
        self.library("part", axis=np.linspace(310, 340, 300))
        self.classify("part.h5", says=["part.h5", "300", "missing"])

    def test_nan_in_a_wavelength(self):
        self.write("nan.csv", "specimen,300,nan,302,303\ns,1,2,3,4\n")
        self.refused("import", "-o", "out.h5", "nan.csv", says=["nan.csv", "nan"])
        with h5py.File(self.path("lib.h5"), "r+") as file:
            file["/entry/data/wavelength"][7] = np.nan
        self.classify("lib.h5", says=["lib.h5", "channel 8"])

    def test_tables(self):
        self.write("empty.csv", "specimen,300,301,302\n")
        self.refused("import", "-o", "out.h5", "empty.csv", says="empty.csv")
        self.write("nothing.csv", "")
        self.refused("import", "-o", "out.h5", "nothing.csv", says="nothing.csv")
        self.write("twice.csv", "specimen,300,301,301\ns,1,2,3\n")
        self.refused("import", "-o", "out.h5", "twice.csv", says=["twice.csv", "301"])
        self.write("short.csv", "specimen,300,301,302\ns,1,2,3\nt,1,2\n")
        self.refused("import", "-o", "out.h5", "short.csv", says=["short.csv:3"])
        self.refused("import", "-o", "out.h5", "absent.csv", says=["absent.csv", "No such file"])

    def test_one_specimen_of_an_origin(self):
        self.library("two", origins=("A", "B"), specimens=2)
        lines = self.read_lines("two.csv")
        self.write("one.csv", "\n".join(line for line in lines if not line.startswith("B1")) + "\n")
        self.adamas("import", "-o", "one.h5", "one.csv")
        self.refused("validate", "one.h5", "--leave", "specimen", "-o", "v.json", output="v.json",
                     says=["'B' has 1 specimen", "at least 2"])

    def test_method(self):
        self.refused("train", "-o", "out.h5", "--method", "snv | pcaa | twolevel", "lib.h5",
                     says=["column 7", "pcaa", "twolevel", "whittaker"])
        self.refused("train", "-o", "out.h5", "--method", "snip(max_half=3)", "lib.h5", says=["column 6", "max_half_window"])

    def test_two_libraries_with_the_same_specimen(self):
        self.refused("train", "-o", "out.h5", "lib.h5", "lib.h5", says=["A0", "lib.h5"])

    def test_usage(self):
        for arguments in (["classify", "lib.h5"], ["train", "lib.h5"], ["nonsense"], ["validate", "--folds", "1", "lib.h5"],
                          ["validate", "--leave", "moon", "lib.h5"], ["info"], ["train", "-o", "x", "--nonsense", "lib.h5"]):
            done = self.run_adamas(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertEqual(self.run_adamas("--help").returncode, 0)

    def test_edge_parcels(self):
        """One stone, one shot, NaN, a flat and a clipped shot: answers that say what was set aside."""
        lines = self.read_lines("lib.csv")
        fields = lines[1].split(",")
        n = len(fields) - 2
        top = sorted(map(float, fields[2:]))[-60]
        rows = [["one", *fields[2:]], ["nan", "nan", *fields[3:]], ["flat", *["5"] * n],
                ["clipped", *[f"{min(float(v), top)}" for v in fields[2:]]]]
        self.write("p.csv", "\n".join([",".join(["specimen", *lines[0].split(",")[2:]]), *map(",".join, rows)]) + "\n")
        self.adamas("import", "-o", "p.h5", "p.csv")
        printed = self.adamas("classify", "-m", "model.h5", "-o", "r.json", "p.h5")
        self.assertIn("(set aside: 1 not finite)", printed)
        found = {s["id"]: s for s in self.report("r.json")["specimens"]}
        self.assertEqual(found["one"]["shots"]["used"], 1)
        self.assertAlmostEqual(sum(found["one"]["probability"].values()), 1)
        self.assertEqual(found["nan"]["shots"], {"used": 0, "set_aside": {"not_finite": 1, "saturated": 0, "outlier": 0}})
        self.assertEqual(found["nan"]["probability"], {"A": None, "B": None})
        self.assertEqual(found["flat"]["shots"]["set_aside"]["not_finite"], 1)
        self.assertEqual(found["clipped"]["shots"]["set_aside"]["saturated"], 1)


if __name__ == "__main__":
    unittest.main()
