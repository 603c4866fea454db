"""Cross-validation: accuracy on real spectra, and comparison with scikit-learn on the same folds."""
import csv
import math
import unittest

import numpy as np

from harness import SANITIZED, Case, data_files, main


class Validate(Case):
    def check_consistent(self, report, n):
        """Check the summary against the probabilities of the specimens."""
        self.assertEqual(len(report["specimens"]), n)
        right, loss = 0, 0
        confusion = {t: dict.fromkeys(row, 0) for t, row in report["confusion"].items()}
        for specimen in report["specimens"]:
            p = specimen["probability"]
            self.assertAlmostEqual(sum(p.values()), 1, places=9)
            likeliest = max(p, key=p.get)
            right += likeliest == specimen["true_origin"]
            loss -= math.log(max(p[specimen["true_origin"]], 1e-300)) / n
            confusion[specimen["true_origin"]][likeliest] += 1
        self.assertEqual(report["right"], right)
        self.assertAlmostEqual(report["accuracy"], right / n, places=12)
        self.assertAlmostEqual(report["log_loss"], loss, places=9)
        self.assertEqual(report["confusion"], confusion)
        balanced = np.mean([row[t] / sum(row.values()) for t, row in confusion.items()])
        self.assertAlmostEqual(report["balanced_accuracy"], balanced, places=12)

    def check_probabilities(self, report):
        """Check that at equal priors the probabilities are those of the LRs, which alone have bounds.

        Returns the share of LRs within their bounds.
        """
        names = [o["origin"] for o in report["origins"]]
        p = np.array([[s["probability"][o] for o in names] for s in report["specimens"]])
        odds = np.log10(p / (1 - p) * (len(names) - 1))
        lr = np.array([[s["log10_lr_before_gate"][o] for o in names] for s in report["specimens"]])
        self.assertTrue((lr * odds >= 0).all() and (abs(lr) <= abs(odds) + 1e-9).all())
        return np.isclose(lr, odds, rtol=0, atol=1e-9).mean()

    def check_evidence(self, report, printed):
        """Check coverage, answers and the gate against the specimens, and the printed values against the report."""
        truth = [s["true_origin"] for s in report["specimens"]]
        names = [o["origin"] for o in report["origins"]]
        p = np.array([[s["typicality"][o] for o in names] for s in report["specimens"]])
        lr = np.array([[s["log10_lr"][o] for o in names] for s in report["specimens"]], dtype=float)
        own = np.array([[o == t for o in names] for t in truth])
        for row in report["coverage"]:
            self.assertAlmostEqual(row["covered"], np.mean(p[own] > row["epsilon"]), places=12)
            self.assertAlmostEqual(row["size"], np.mean((p > row["epsilon"]).sum(1)), places=12)
            self.assertTrue(row["low"] <= row["covered"] <= row["high"])
        for place, origin in enumerate(report["origins"]):
            self.assertEqual(origin["gated"], np.isnan(lr[own[:, place], place]).sum())
            wrong = lr[~own[:, place], place]
            wrong = wrong[~np.isnan(wrong)]
            largest = origin["largest_wrong_log10_lr"]
            self.assertEqual(largest, None if wrong.size == 0 else np.max(wrong))
            self.assertAlmostEqual(origin["cllr"], origin["cllr_min"] + origin["cllr_cal"], places=12)
            self.assertIn(f"{origin['cllr']:.3f}", printed)
            row = report["answers"][origin["origin"]]
            self.assertEqual(sum(row.values()), own[:, place].sum())
            for answer in names + ["none"]:
                said = [s["answer"] == answer for s, o in zip(report["specimens"], own) if o[place]]
                self.assertEqual(row[answer], sum(said))
        middle = report["cross_entropy"][len(report["cross_entropy"]) // 2]
        self.assertAlmostEqual(middle["as_is"], report["cllr"], places=12)
        self.assertAlmostEqual(middle["after_pav"], report["cllr_min"], places=12)
        self.assertIn(f"{report['cllr']:.3f}", printed)

    @unittest.skipIf(SANITIZED, "minutes under a sanitizer")
    def test_olive_oils(self):
        self.adamas("import", "-o", "oils.h5", *data_files("olive_oil_ftir.csv"))
        printed = self.adamas("validate", "oils.h5", "--leave", "specimen", "-o", "v.json")
        report = self.report("v.json")
        self.check_consistent(report, 60)
        self.check_evidence(report, printed)
        self.assertGreater(self.check_probabilities(report), 0.1)
        self.assertLessEqual(report["cllr"], 0.30)
        at_10 = next(row for row in report["coverage"] if row["epsilon"] == 0.1)
        self.assertGreaterEqual(at_10["covered"], 50 / 60)
        self.assertGreaterEqual(report["right"], 54)
        self.assertLessEqual(report["log_loss"], 0.32)
        self.assertEqual(len(report["folds"]), 60)

    @unittest.skipIf(SANITIZED, "minutes under a sanitizer")
    def test_herbal_preparations(self):
        files = data_files(*(f"aceh_herbal_libs/{p}_iteration_{i}.asc" for p in range(1, 14) for i in (1, 2, 3)))
        self.adamas("import", "-o", "h.h5", "--specimen", r"(\d+_iteration_\d+)", "--origin", r"^(\d+)_", *files)
        self.adamas("validate", "h.h5", "--leave", "specimen", "-o", "v.json")
        report = self.report("v.json")
        self.check_consistent(report, 39)
        self.assertGreaterEqual(report["right"], 37)

    def test_lda_is_scikit_learns(self):
        from sklearn.decomposition import PCA
        from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

        source, = data_files("olive_oil_ftir.csv")
        self.adamas("import", "-o", "oils.h5", source)
        self.adamas("validate", "oils.h5", "--leave", "specimen", "--method", "snv | pca(components=10, of=shots) | lda", "-o", "v.json")
        report = self.report("v.json")
        self.check_consistent(report, 60)
        rows = list(csv.reader(self.read_lines(source)))[1:]
        x = np.array([r[2:] for r in rows], dtype=float)
        x = (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True)
        ids = np.array([r[0] for r in rows])
        origin = {r[0]: r[1] for r in rows}
        for specimen in report["specimens"]:
            left = ids == specimen["id"]
            pca = PCA(10, svd_solver="full").fit(x[~left])
            training = list(dict.fromkeys(ids[~left]))
            means = np.array([pca.transform(x[ids == i]).mean(0) for i in training])
            lda = LinearDiscriminantAnalysis().fit(means, [origin[i] for i in training])
            expected = lda.predict_proba(pca.transform(x[left]).mean(0)[None])[0]
            found = np.exp([specimen["log_density"][o] for o in lda.classes_]) * lda.priors_
            found /= found.sum()
            np.testing.assert_allclose(found, expected, atol=2e-5)

    def test_folds_sessions_localities(self):
        lines = (self.library("lib"), self.read_lines("lib.csv"))[1]
        out = ["session," + lines[0]]
        for line in lines[1:]:
            specimen, origin, rest = line.split(",", 2)
            number = int(specimen[1:])
            out.append(f"day {number % 3},{specimen},{origin}/place {number % 2},{rest}")
        self.write("more.csv", "\n".join(out) + "\n")
        self.adamas("import", "-o", "more.h5", "more.csv")
        method = "snv | pca(2) | twolevel"
        for leave, folds in (("specimen", 10), ("session", 3), ("locality", 4)):
            self.adamas("validate", "more.h5", "--leave", leave, "--method", method, "-o", "v.json")
            report = self.report("v.json")
            self.check_consistent(report, 10)
            self.assertEqual(len(report["folds"]), folds)
            self.assertEqual(set(report["confusion"]), {"A", "B"})
        self.adamas("validate", "more.h5", "--folds", "5", "--level", "2", "--method", method, "-o", "v.json")
        self.assertEqual(len(self.report("v.json")["confusion"]), 4)
        self.refused("validate", "more.h5", "--leave", "parcel", "--method", method, "-o", "w.json", output="w.json",
                     says=["A0", "no parcel"])

    def test_localities_and_sessions_together(self):
        """By default if the library allows it; what is new to it is told apart, in the report and in print."""
        lines = (self.library("lib", specimens=36), self.read_lines("lib.csv"))[1]
        out = ["session," + lines[0]]
        for line in lines[1:]:
            specimen, origin, rest = line.split(",", 2)
            number = int(specimen[1:])
            out.append(f"day {number // 3 % 4},{specimen},{origin}/place {number % 3},{rest}")
        self.write("more.csv", "\n".join(out) + "\n")
        self.adamas("import", "-o", "more.h5", "more.csv")
        method = "snv | pca(2) | twolevel"
        for leave in ("auto", "locality-session"):
            printed = self.adamas("validate", "more.h5", "--leave", leave, "--method", method, "-o", f"{leave}.json", "--html", "v.html")
            report = self.report(f"{leave}.json")
            self.check_consistent(report, 72)
            self.check_evidence(report, printed)
            self.assertEqual(report["leave"], "locality and session")
            self.assertEqual(len(report["folds"]), 6 * 3)
            self.assertEqual([row["specimens"] for row in report["cases"]], [72, 72, 72])
            for key in ("accuracy", "accuracy_interval_95", "log_loss", "covered", "covered_interval_95"):
                self.assertEqual(report["cases"][0][key], report[key])
            for row in report["cases"]:
                found = next(line for line in printed.splitlines() if line.startswith(row["case"]))
                for key in ("accuracy", "log_loss", "covered", "wrong_single"):
                    self.assertIn(f" {row[key]:.4f}", found)
                self.assertTrue(f"<td>{row['case']}</td>" in self.read("v.html").decode(), row["case"])
        self.assertEqual(self.read("auto.json"), self.read("locality-session.json"))
        self.library("plain")
        self.refused("validate", "plain.h5", "--leave", "locality-session", "-o", "w.json", output="w.json", says=["A0", "no session"])

    def test_measured_differently(self):
        """The output begins with the warning that origins were measured with different energies."""
        lines = (self.library("lib", specimens=25), self.read_lines("lib.csv"))[1]
        out = [lines[0]]
        for line in lines[1:]:
            specimen, origin, *rest = line.split(",")
            out.append(",".join([specimen, origin, *(f"{float(v) * (3 if origin == 'B' else 1):.9g}" for v in rest)]))
        self.write("bright.csv", "\n".join(out) + "\n")
        self.adamas("import", "-o", "bright.h5", "bright.csv")
        printed = self.adamas("validate", "bright.h5", "--method", "pca(2) | twolevel", "-o", "v.json")
        warning = "the library may have learned how it was measured"
        self.assertTrue(printed.startswith(warning), printed)
        self.assertIn("total intensity", printed)
        report = self.report("v.json")
        self.assertTrue(report["warnings"][0].startswith(warning))
        self.assertGreater(report["audit"]["balanced_accuracy"], 0.9)
        self.check_evidence(report, printed)
        self.assertNotIn("LR > 10", printed)  # two origins: there is no open set
        self.assertNotIn("open_set", report["origins"][0])

    def test_open_set(self):
        self.library("lib", origins=("A", "B", "C"), specimens=24)
        printed = self.adamas("validate", "lib.h5", "--method", "snv | pca(4) | twolevel", "-o", "v.json")
        report = self.report("v.json")
        self.check_evidence(report, printed)
        for origin in report["origins"]:
            found = origin["open_set"]
            self.assertEqual(found["specimens"], 24)
            self.assertTrue(24 - found["none"] >= found["above_1"] >= found["above_10"] >= found["above_100"])
        self.assertIn("LR > 10", printed)

    def test_same_bytes_on_any_number_of_threads(self):
        self.library("lib")
        for threads in ("1", "2", "3"):
            self.adamas("validate", "lib.h5", "--folds", "5", "--threads", threads, "-o", f"v{threads}.json")
        reports = [self.read(f"v{t}.json") for t in "123"]
        self.assertEqual(reports[0], reports[1])
        self.assertEqual(reports[0], reports[2])


if __name__ == "__main__":
    main()
