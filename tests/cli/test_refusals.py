"""Invalid input: one line on standard error, exit code 1, and no file left."""
import os

import h5py
import numpy as np

from harness import Case, main

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

    def test_a_declared_origin_that_no_library_has(self):
        for origin in ("Atlantis", "a", "AB", "A "):
            self.refused("classify", "-m", "model.h5", "-o", "r.json", "--html", "r.html", "--declared", origin, "lib.h5",
                         output="r.json", says=[f"the origin '{origin}' is in no library", "hold 'A', 'B'"])
        self.refused("classify", "-m", "model.h5", "--stones", "9", "lib.h5", says=["lib.h5: 10 stones measured", "to have 9"])
        self.adamas("import", "-o", "few.h5", "--set", "case/stones=three", "lib.csv")
        self.classify("few.h5", says=["few.h5: case/stones is 'three'", "whole number above 0"])

    def test_a_model_without_matching_step(self):
        self.adamas("train", "-o", "plain.h5", "--method", "snv | pca(2)", "lib.h5")
        self.refused("classify", "-m", "plain.h5", "-o", "r.json", "lib.h5", output="r.json", says="can preprocess, not classify")
        self.refused("plan", "-m", "plain.h5", "-o", "r.json", "--parcel", "50", output="r.json",
                     says=["no calibration", "no matching step"])

    def test_two_libraries_with_the_same_specimen(self):
        self.refused("train", "-o", "out.h5", "lib.h5", "lib.h5", says=["A0", "lib.h5"])

    def test_usage(self):
        for arguments in (["classify", "lib.h5"], ["train", "lib.h5"], ["nonsense"], ["validate", "--folds", "1", "lib.h5"],
                          ["validate", "--leave", "moon", "lib.h5"], ["info"], ["train", "-o", "x", "--nonsense", "lib.h5"],
                          ["help", "nonsense"], ["info", "--threads", "4097", "lib.h5"]):
            done = self.run_adamas(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertEqual(self.run_adamas("--help").returncode, 0)
        self.adamas("info", "--threads", "4096", "lib.h5")

    def test_help_runs_nothing(self):
        for arguments in (["train", "lib.h5", "-o", "x.h5", "--help"], ["train", "-h", "-o", "x.h5", "lib.h5"]):
            self.assertTrue(self.adamas(*arguments).startswith("usage: adamas train"))
            self.assertFalse(os.path.exists(self.path("x.h5")))

    def test_output_that_is_an_input(self):
        self.write("table.csv", "file,specimen\nlib.csv,s\n")
        os.symlink("lib.h5", self.path("link.h5"))
        for arguments in (["import", "-o", "lib.csv", "lib.csv"], ["import", "-o", "./lib.csv", "--table", "table.csv", "lib.csv"],
                          ["import", "-o", "table.csv", "--table", "table.csv", "lib.csv"],
                          ["train", "-o", "lib.h5", "model.h5", "lib.h5"], ["train", "-o", "link.h5", "lib.h5"],
                          ["validate", "-o", "lib.h5", "lib.h5"], ["classify", "-m", "model.h5", "-o", "model.h5", "lib.h5"],
                          ["preprocess", "--method", "snv", "-o", "lib.h5", "lib.h5"]):
            output = arguments[arguments.index("-o") + 1]
            before = self.read(output)
            done = self.run_adamas(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertEqual(done.stderr, f"adamas {arguments[0]}: the output {output} is also an input\n")
            self.assertEqual(self.read(output), before)

    def test_a_model_that_was_edited(self):
        def put(name, change):
            def edit(file):
                values = change(file[name][...])
                del file[name]
                file[name] = values
            return edit

        def leave_out(name):
            return lambda file: file.pop(name)

        def state_of_400(file):
            put("judge/match/mean", lambda v: np.zeros((len(v), 400)))(file)
            put("judge/match/basis", lambda v: np.zeros((400, 400)))(file)
            put("judge/match/between", lambda v: np.zeros(400))(file)

        def state_of_100_origins(file):
            put("judge/match/mean", lambda v: np.zeros((100, v.shape[1])))(file)
            put("judge/match/specimens", lambda v: np.ones(100))(file)
            put("judge/match/mean_inverse_shots", lambda v: np.ones(100))(file)

        edits = [(put(name, lambda v: v * np.nan), [f"/{name}", "finite"]) for name in
                  ("judge/pca/mean", "judge/pca/components", "judge/pca/explained_variance", "judge/match/mean", "judge/match/numbers", "origins/shots")]
        edits += [(leave_out(name), [f"/{name}", "missing"]) for name in
                  ("detector_segments", "wavelength", "origins/shots", "judge/pca/mean", "judge/match/between", "judge/match",
                   "libraries/sha256")]
        edits += [(lambda file, fact=fact: file["facts"].attrs.__delitem__(fact), [fact, "missing"]) for fact in
                  ("method", "method_canonical", "engine", "level", "synthetic")]
        edits += [(state_of_400, ["/judge/match/basis", "400 x 400", "2 x 2 expected"]),
                  (state_of_100_origins, ["/judge/match/mean", "100 x 2", "2 x 2 expected"]),
                  (put("origins/origin", lambda v: v[[0, 1, 1]]), ["/origins/specimens", "3 x 1 expected"]),
                  (put("origins/specimens", lambda v: v[:1]), ["/origins/specimens", "2 x 1 expected"]),
                  (put("libraries/file", lambda v: np.zeros(len(v))), ["/libraries/file", "text expected"]),
                  (put("judge/pca/mean", lambda v: v[:-1]), ["/judge/pca/mean", "expected"]),
                  (put("judge/pca/components", lambda v: v[:, :-1]), ["/judge/pca/mean", "399 x 1 expected"]),
                  (put("wavelength", lambda v: v[:-1]), ["399 expected"]),
                  (put("detector_segments", lambda v: np.array([0.0, 400.0])), ["detector_segments", "below 400"])]
        for edit, says in edits:
            with open(self.path("edited.h5"), "wb") as file:
                file.write(self.read("model.h5"))
            with h5py.File(self.path("edited.h5"), "r+") as file:
                edit(file)
            self.refused("classify", "-m", "edited.h5", "-o", "r.json", "lib.h5", output="r.json", says=["edited.h5", *says])

    def test_edge_parcels(self):
        """One specimen, one shot, NaN, a constant and a saturated shot: the report says what was set aside."""
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
        self.assertEqual(found["flat"]["shots"]["set_aside"]["saturated"], 1)
        self.assertEqual(found["clipped"]["shots"]["set_aside"]["saturated"], 1)


if __name__ == "__main__":
    main()
