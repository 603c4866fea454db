"""Training models and classifying parcels."""
import os

import h5py
import numpy as np

from harness import Case, main

SYNTHETIC = "synthetic reference spectra: not evidence"
OWN_LIBRARY = "the parcel is one of the model's own reference libraries: this says nothing of new specimens"
MEDIUM = "the wavelengths' medium (air or vacuum) is stated for the %s only: they can differ by 0.3 nm"


class Classify(Case):
    def parcel(self, name="parcel"):
        """A parcel of three specimens from A and two from B, without origins."""
        self.library("other", specimens=3, seed=2)
        lines = self.read_lines("other.csv")
        out = [",".join([line.split(",")[0], *line.split(",")[2:]]) for line in lines]
        self.write(name + ".csv", "\n".join(out) + "\n")
        self.adamas("import", "-o", name + ".h5", "--set", "case/declared_origin=A", name + ".csv")
        return name + ".h5"

    def test_report(self):
        self.library("lib")
        self.parcel()
        self.adamas("train", "-o", "model.h5", "lib.h5")
        printed = self.adamas("classify", "-m", "model.h5", "-o", "report.json", "parcel.h5")
        self.assertIn("A0", printed)
        report = self.report("report.json")
        self.assertEqual(report["parcel"]["declared_origin"], "A")
        self.assertFalse(report["synthetic"])
        self.assertEqual(len(report["specimens"]), 6)
        for specimen in report["specimens"]:
            self.assertEqual(max(specimen["probability"], key=specimen["probability"].get), specimen["id"][0])
            self.assertEqual(specimen["shots"], {"used": 3, "set_aside": {"not_finite": 0, "saturated": 0, "outlier": 0}})
        self.assertEqual([o["prior"] for o in report["origins"]], [0.5, 0.5])

    def test_controls(self):
        """Of six specimens two are controls, one of them with the wrong origin: four are judged, and the wrong one is named."""
        self.library("lib", specimens=90)
        self.parcel()
        with h5py.File(self.path("parcel.h5"), "r+") as file:
            ids = [i.decode() for i in file["entry/specimens/id"]]
            known = ["A" if i in ("A0", "B0") else "" for i in ids]
            file.create_dataset("entry/specimens/control", data=known, dtype=h5py.string_dtype())
        self.adamas("train", "-o", "model.h5", "lib.h5")
        printed = self.adamas("classify", "-m", "model.h5", "-o", "report.json", "--declared", "", "parcel.h5")
        report = self.report("report.json")
        self.assertIn("he 4 stones measured", report["conclusion"])
        self.assertIn("he 4 stones measured", printed)
        self.assertRegex(report["warnings"][0], r"^control specimen B0 \(of A, p-value 0\.\d+\) is not like its own origin")
        self.assertEqual([s.get("control") for s in report["specimens"]], [k or None for k in known])
        self.assertEqual([s["control_p"] is None for s in report["specimens"]], [not k for k in known])
        self.assertEqual(report["parcel"]["stones"], 4)
        self.assertRegex(printed, r"(?m)^A0 .*  control of A, p \d\.\d+$")
        self.assertRegex(printed, r"(?m)^B0 .*  control of A, p 0\.0\d+: fails$")

    def test_same_bytes_on_any_number_of_threads(self):
        self.library("lib")
        self.parcel()
        for threads in ("1", "2"):
            self.adamas("train", "-o", f"m{threads}.h5", "--threads", threads, "lib.h5")
            self.adamas("classify", "-m", "m1.h5", "-o", f"r{threads}.json", "--threads", threads, "parcel.h5")
        self.assertEqual(*(self.read(f"m{t}.h5") for t in "12"))
        self.assertEqual(*(self.read(f"r{t}.json") for t in "12"))

    def test_same_bytes_on_any_number_of_blas_threads(self):
        """Of many origins: the product of a larger matrix on two threads of BLAS has other last digits than on one."""
        random = np.random.default_rng(3)
        rows = ["specimen,origin," + ",".join(str(400 + i) for i in range(60))]
        for origin in range(13):
            centre = 100 + random.normal(size=60) * 3
            for specimen in range(8):
                spectrum = centre + random.normal(size=60)
                rows += [f"{origin}-{specimen},O{origin}," + ",".join(f"{x:.4f}" for x in spectrum + random.normal(size=60) * 0.3)
                         for shot in range(2)]
        self.write("many.csv", "\n".join(rows) + "\n")
        self.adamas("import", "-o", "many.h5", "many.csv")
        self.adamas("train", "-o", "model.h5", "--method", "snv | pca(14) | twolevel", "many.h5")
        for threads in "12":
            self.adamas("classify", "-m", "model.h5", "-o", f"{threads}.json", "many.h5",
                        env={**os.environ, "OPENBLAS_NUM_THREADS": threads})
        self.assertEqual(self.read("1.json"), self.read("2.json"))

    def test_synthetic_comes_first(self):
        self.library("lib")
        self.adamas("import", "-o", "marked.h5", "--set", "provenance/synthetic=yes", "lib.csv")
        self.adamas("train", "-o", "model.h5", "marked.h5")
        report = self.warned("marked.h5", SYNTHETIC, OWN_LIBRARY)
        self.assertEqual(list(report)[0], "warnings")
        self.assertTrue(report["synthetic"])

    def warned(self, parcel, *warnings):
        """The report, after checking that it has these warnings and that the output begins with them."""
        printed = self.adamas("classify", "-m", "model.h5", "-o", "report.json", parcel)
        report = self.report("report.json")
        self.assertEqual(report.get("warnings", []), list(warnings))
        self.assertEqual(printed.splitlines()[:len(warnings)], list(warnings))
        self.assertIn(report["conclusion"], printed.splitlines()[len(warnings):len(warnings) + 2])
        self.assertNotRegex(printed, "(?<!95 % )probability")  # probabilities at equal priors are only in the JSON
        return report

    def test_own_library(self):
        self.library("lib")
        self.adamas("train", "-o", "model.h5", "lib.h5")
        self.warned("lib.h5", OWN_LIBRARY)
        self.warned(self.parcel())

    def test_medium_that_one_side_states(self):
        self.library("lib")
        self.parcel()
        for name in ("lib", "parcel"):
            self.adamas("import", "-o", f"{name}_air.h5", "--set", "axis/medium=air", name + ".csv")
        self.adamas("train", "-o", "model.h5", "lib.h5")
        self.warned("parcel_air.h5", MEDIUM % "parcel")
        self.adamas("train", "-o", "model.h5", "lib_air.h5")
        self.warned("parcel.h5", MEDIUM % "model")
        self.warned("parcel_air.h5")

    def test_long_origins(self):
        """The names of columns contain those of origins, which may be long."""
        origins = [letter * 400 for letter in "AB"]
        self.library("lib", origins=origins)
        self.adamas("train", "-o", "model.h5", "lib.h5")
        report = self.warned("lib.h5", OWN_LIBRARY)
        self.assertEqual(list(report["specimens"][0]["probability"]), origins)
        self.assertIn("A" * 10, self.adamas("validate", "--folds", "3", "lib.h5"))

    def test_nothing_of_use(self):
        self.library("lib")
        self.adamas("train", "-o", "model.h5", "lib.h5")
        axis = self.read_lines("lib.csv")[0].split(",")[2:]
        self.write("flat.csv", "\n".join([",".join(["specimen", *axis]), ",".join(["s", *["5"] * len(axis)])]) + "\n")
        self.adamas("import", "-o", "flat.h5", "flat.csv")
        printed = self.adamas("classify", "-m", "model.h5", "flat.h5")
        self.assertTrue(printed.startswith("No stone of the parcel has a shot of use: nothing can be said of its origin.\n"), printed)
        self.assertNotIn("nan", printed)

    def test_components_are_scikit_learns(self):
        from scipy.linalg import subspace_angles
        from sklearn.decomposition import PCA

        for specimens, channels in ((20, 200), (60, 100)):  # fewer and more shots than channels
            axis = np.linspace(300, 340, channels)
            self.library("lib", axis=axis, specimens=specimens)
            for of in ("shots", "specimens"):
                self.adamas("train", "-o", "model.h5", "--method", f"snv | pca(6, of={of}) | lda", "lib.h5")
                self.adamas("preprocess", "-m", "model.h5", "-o", "out.h5", "lib.h5")
                with h5py.File(self.path("out.h5")) as file:
                    x = file["/entry/data/intensity"][:].astype(float)
                if of == "specimens":
                    x = x.reshape(-1, 3, channels).mean(1)
                expected = PCA(6, svd_solver="full").fit(x)
                with h5py.File(self.path("model.h5")) as file:
                    np.testing.assert_allclose(file["/judge/pca/explained_variance"][:], expected.explained_variance_, rtol=1e-6)
                    components = file["/judge/pca/components"][:].astype(float)
                self.assertLess(subspace_angles(components.T, expected.components_.T).max(), 1e-5)
                largest = np.abs(components).argmax(1)
                self.assertTrue((components[np.arange(6), largest] > 0).all())


if __name__ == "__main__":
    main()
