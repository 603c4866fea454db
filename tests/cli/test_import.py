"""Import of text files into spectra sets that other programs can open."""
import os

import h5py
import numpy as np

from harness import Case, data_files, main


class Import(Case):
    def test_wide_table(self):
        source, = data_files("olive_oil_ftir.csv")
        self.assertIn("120 shots of 60 specimens, 570 channels", self.adamas("import", "-o", "oils.h5", source))
        rows = [line.split(",") for line in self.read_lines(source)]
        with h5py.File(self.path("oils.h5")) as file:
            data = file["/entry/data"]
            self.assertEqual(data.attrs["signal"], b"intensity")
            np.testing.assert_array_equal(data["wavelength"][:], [float(w) for w in rows[0][2:]])
            np.testing.assert_array_equal(data["intensity"][:], np.array([r[2:] for r in rows[1:]], dtype=np.float32))
            self.assertEqual(file["/entry/shots/specimen"].asstr()[3], rows[4][0])
            self.assertEqual(sorted(set(file["/entry/specimens/origin"].asstr()[:])), ["Greece", "Italy", "Portugal", "Spain"])

    def test_one_file_a_spectrum(self):
        files = data_files(*(f"aceh_herbal_libs/{name}.asc" for name in ("1_iteration_1", "10_iteration_1", "13_iteration_3")))
        printed = self.adamas("import", "-o", "herbal.h5", "--specimen", r"(\d+_iteration_\d+)", "--origin", r"^(\d+)_", *files)
        self.assertIn("3 shots of 3 specimens, 24878 channels", printed)
        with h5py.File(self.path("herbal.h5")) as file:
            self.assertEqual(len(set(file["/entry/specimens/origin"].asstr()[:])), 3)
            self.assertEqual(len(file["/entry/provenance/sources/sha256"]), 3)
            first = np.loadtxt(files[0], skiprows=1)
            np.testing.assert_array_equal(file["/entry/data/intensity"][0], first[:, 1].astype(np.float32))

    def test_silx_plots_it_untold(self):
        try:
            import silx.io
            from silx.io.nxdata import get_default
        except ImportError:
            self.skipTest("silx is not installed")
        self.library("lib")
        with silx.io.open(self.path("lib.h5")) as file:
            plot = get_default(file)
            self.assertTrue(plot.is_valid and plot.is_curve)
            self.assertEqual(plot.interpretation, "spectrum")
            self.assertEqual(plot.signal.shape, (30, 400))
            np.testing.assert_allclose(plot.axes[1][()], np.linspace(300, 340, 400), atol=1e-6)

    def test_same_input_same_bytes(self):
        self.library("lib")
        self.adamas("import", "-o", "again.h5", "lib.csv")
        self.assertEqual(self.read("lib.h5"), self.read("again.h5"))

    def test_interpolate(self):
        for name, start in (("a.txt", 300), ("b.txt", 299.9)):
            self.write(name, "".join(f"{start + 0.5 * i}\t{100 + i}\n" for i in range(50)))
        self.refused("import", "-o", "out.h5", "a.txt", "b.txt", says=["b.txt", "299.9", "300"])
        self.write("c.txt", "".join(f"{299.9 + 0.5 * i}\t{100 + i}\n" for i in range(60)))
        self.adamas("import", "-o", "out.h5", "--interpolate", "a.txt", "c.txt")
        with h5py.File(self.path("out.h5")) as file:
            np.testing.assert_allclose(file["/entry/data/intensity"][1], 100.2 + np.arange(50), rtol=1e-6)

    def test_false_replicates(self):
        """The same shot twice, or files of two specimens with one name, must not become two shots of a specimen."""
        os.mkdir(self.path("other"))
        self.write("1.txt", "300 1\n301 2\n")
        self.write("copy.txt", "300 1\n301 2\n")
        self.write("other/1.txt", "300 3\n301 4\n")
        self.refused("import", "-o", "out.h5", "1.txt", "copy.txt", says="copy.txt is the same as 1.txt")
        self.refused("import", "-o", "out.h5", "--specimen", "t", "1.txt", "1.txt", says="1.txt is the same as 1.txt")
        self.refused("import", "-o", "out.h5", "1.txt", "other/1.txt", says=["other/1.txt", "two files are named '1'"])
        self.adamas("import", "-o", "out.h5", "--specimen", "^.", "1.txt", "other/1.txt")


if __name__ == "__main__":
    main()
