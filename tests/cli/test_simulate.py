"""adamas-simulate: all output is marked as synthetic, has the same bytes for any number of threads; error messages."""
import csv
import os
import subprocess

from harness import ADAMAS, Case, main

SIMULATE = os.path.join(os.path.dirname(ADAMAS), "adamas-simulate")
ORIGINS = os.path.join(os.path.dirname(__file__), "..", "..", "reference-spectra", "origins.csv")


class Simulate(Case):
    def simulate(self, *arguments, code=0):
        done = subprocess.run([SIMULATE, "--origins", ORIGINS, *arguments], cwd=self.folder.name, capture_output=True, text=True)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def test_libraries_and_parcel(self):
        self.simulate("--specimens", "6", "--shots", "3", "--seed", "5", "-o", "lib")
        self.simulate("--shots", "3", "--seed", "6", "--declared", "South Africa", "--parcel", "South Africa:3,CAR:2,foreign:1", "-o", "lib")
        libraries = ["lib/CAR.h5", "lib/DRC.h5", "lib/South-Africa.h5"]
        for name in [*libraries, "lib/parcel.h5"]:
            printed = self.adamas("info", name)
            self.assertTrue(printed.startswith("synthetic reference spectra: not evidence\n"))
            self.assertIn("8192 channels, air, 4 detector segments", printed)
            self.assertIn("full scale 65535", printed)
        self.adamas("train", "-o", "model.h5", "--method", "sqrt | snv | pca(4) | twolevel", *libraries)
        for command in (["info", "model.h5"], ["classify", "-m", "model.h5", "-o", "r.json", "lib/parcel.h5"],
                        ["validate", "--folds", "3", "--method", "sqrt | snv | pca(3) | twolevel", "-o", "v.json", *libraries]):
            self.assertTrue(self.adamas(*command).startswith("synthetic reference spectra: not evidence\n"), command)
        for name in ("r.json", "v.json"):
            first = list(self.report(name).items())[0]
            self.assertIn("synthetic reference spectra: not evidence", str(first))
            self.assertTrue(self.report(name)["synthetic"])
        self.assertEqual(self.report("r.json")["parcel"]["declared_origin"], "South Africa")
        truth = list(csv.DictReader(self.read_lines("lib/parcel-truth.csv")))
        self.assertEqual(len(truth), 6)
        self.assertNotIn("origin", self.adamas("info", "lib/parcel.h5").split("axis")[0].replace("(no origins)", ""))

    def test_same_bytes_on_any_number_of_threads(self):
        for threads in ("1", "2"):
            self.simulate("--specimens", "3", "--shots", "2", "--threads", threads, "-o", threads)
        self.assertEqual(self.read("1/CAR.h5"), self.read("2/CAR.h5"))

    def test_refusals(self):
        for arguments, code in ((["--specimens", "0", "-o", "x"], 2), (["--level", "easy", "-o", "x"], 2), (["--nonsense"], 2),
                                (["--parcel", "Atlantis:3", "-o", "x"], 1)):
            done = self.simulate(*arguments, code=code)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)


if __name__ == "__main__":
    main()
