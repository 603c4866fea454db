"""The output of `adamas info`."""

from harness import Case, main


class Info(Case):
    def test_spectra_set(self):
        self.library("lib")
        self.adamas("import", "-o", "marked.h5", "--set", "provenance/synthetic=yes", "--set", "acquisition/full_scale=65535",
                    "--set", "axis/medium=air", "lib.csv")
        printed = self.adamas("info", "marked.h5")
        self.assertTrue(printed.startswith("synthetic reference spectra: not evidence\n"))
        for part in ["a reference library", "specimens      10", "shots          30", "usable         30", "2: A 5, B 5",
                     "400 channels, air, 1 detector segment", "300 to 340 nm", "full scale 65535", "lib.csv", "sha256"]:
            self.assertIn(part, printed)

    def test_model(self):
        self.library("lib")
        self.adamas("train", "-o", "model.h5", "--method", "snv | pca(3) | twolevel", "lib.h5")
        printed = self.adamas("info", "model.h5")
        for part in ["model.h5: a model", "snv | pca(3) | twolevel", "snv | pca(components=3, of=specimens) | twolevel",
                     "A: 5 specimens, 15 shots", "400 channels", "lib.h5"]:
            self.assertIn(part, printed)

    def test_clipped_shots_are_counted(self):
        axis = [300 + 0.1 * i for i in range(100)]
        rows = [("s1", "A", [10 + (i * 7) % 5 for i in range(100)]), ("s2", "A", [min(50, i) for i in range(100)])]
        self.wide("clip.csv", axis, rows)
        self.adamas("import", "-o", "clip.h5", "clip.csv")
        self.assertIn("usable         1, 1 saturated", self.adamas("info", "clip.h5"))


if __name__ == "__main__":
    main()
