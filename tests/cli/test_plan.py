"""`adamas plan`: the number of specimens to measure."""

from harness import Case, main

METHOD = "snv | pca(2) | twolevel"


class Plan(Case):
    def setUp(self):
        super().setUp()
        self.places("lib", ("A", "B"), 3)
        self.adamas("train", "-o", "model.h5", "--method", METHOD, "lib.h5")

    def places(self, name, origins, localities):
        """A library of specimens of each origin, from the given number of localities."""
        self.library(name, origins=origins, specimens=4 * localities)
        lines = self.read_lines(name + ".csv")
        rows = [line.split(",") for line in lines]
        for row in rows[1:]:
            row[1] = f"{row[1]}/place-{int(row[0][1:]) % localities}"
        self.write(name + ".csv", "\n".join(map(",".join, rows)) + "\n")
        self.adamas("import", "-o", name + ".h5", name + ".csv")

    def plan(self, *arguments):
        return self.adamas("plan", "-m", "model.h5", *arguments)

    def test_report(self):
        printed = self.plan("--parcel", "20", "--share", "0.5", "--confidence", "0.5", "--declared", "B", "-o", "plan.json",
                            "--html", "plan.html")
        report = self.report("plan.json")
        plan = report["plan"]
        self.assertEqual(report["report"], "plan")
        self.assertEqual((plan["declared"], plan["parcel"], plan["share"], plan["confidence"]), ("B", 20, 0.5, 0.5))
        self.assertEqual(plan["perfect"], 1)
        tried = [row["stones"] for row in plan["rows"]]
        self.assertEqual(tried, sorted(set(tried)))
        self.assertEqual(tried[-1], 20)
        for row in plan["rows"]:
            self.assertTrue(0 <= row["chance"] <= 1)
            self.assertEqual(row["false_alarm"], 0.05)
        self.assertEqual(plan["stones"] is None, plan["rows"][-1]["chance"] < 0.5)
        self.assertIn(report["conclusion"], printed)
        self.assertIn(report["conclusion"], self.read("plan.html").decode("utf-8"))
        self.assertIn("a method without errors would need 1\n", printed)
        self.assertEqual(sum(line.split()[:1] == [str(int(n))] for line in printed.splitlines() for n in tried), len(tried))
        self.assertNotIn("nan", printed)

    def test_same_bytes_on_any_number_of_threads(self):
        for threads in ("1", "2", "3"):
            self.plan("--parcel", "10", "--share", "0.5", "--threads", threads, "-o", f"p{threads}.json")
        self.assertEqual(self.read("p1.json"), self.read("p2.json"))
        self.assertEqual(self.read("p1.json"), self.read("p3.json"))

    def test_no_number_suffices(self):
        """If two libraries have the same specimens, A and B cannot be distinguished."""
        rows = [line.split(",") for line in self.read_lines("lib.csv")]
        for row in rows[1:]:
            row[1] = ("A" if int(row[0][1:]) % 2 else "B") + row[1][1:]
        self.write("mixed.csv", "\n".join(map(",".join, rows)) + "\n")
        self.adamas("import", "-o", "mixed.h5", "mixed.csv")
        self.adamas("train", "-o", "model.h5", "--method", METHOD, "mixed.h5")
        printed = self.plan("--parcel", "10", "--share", "0.1", "-o", "plan.json")
        self.assertIsNone(self.report("plan.json")["plan"]["stones"])
        self.assertTrue(printed.startswith("No number of stones suffices: even with all 10 measured"), printed)

    def test_refusals(self):
        plan = ("plan", "-o", "r.json", "--parcel", "20")
        self.refused(*plan, "-m", "model.h5", "--declared", "Atlantis", output="r.json",
                     says=["'Atlantis' is in no library", "'A', 'B'"])
        self.refused(*plan, "-m", "lib.h5", output="r.json", says=["lib.h5", "not a model"])
        self.refused(*plan, "-m", "missing.h5", output="r.json", says="missing.h5")
        self.adamas("train", "-o", "plain.h5", "--method", "snv", "lib.h5")
        self.refused(*plan, "-m", "plain.h5", output="r.json", says=["no calibration", "no matching step"])
        self.write("few.csv", "\n".join(l for l in self.read_lines("lib.csv") if l[0] != "B" or l.startswith("B0,")) + "\n")
        self.adamas("import", "-o", "few.h5", "few.csv")
        self.adamas("train", "-o", "few-model.h5", "--method", METHOD, "few.h5")
        self.refused(*plan, "-m", "few-model.h5", output="r.json", says=["no calibration", "could be held out"])

    def test_usage(self):
        for arguments, says in (([], "--parcel"), (["--parcel", "0"], "--parcel cannot be 0"),
                                (["--parcel", "-3"], "--parcel cannot be -3"), (["--parcel", "ten"], "--parcel cannot be ten"),
                                (["--parcel", "9", "--share", "0"], "--share cannot be 0"),
                                (["--parcel", "9", "--share", "1"], "--share cannot be 1"),
                                (["--parcel", "9", "--confidence", "95"], "--confidence cannot be 95"),
                                (["--parcel", "9", "lib.h5"], "lib.h5")):
            done = self.run_adamas("plan", "-m", "model.h5", *arguments)
            self.assertEqual(done.returncode, 2, (arguments, done.stderr))
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assertIn(says, done.stderr)


if __name__ == "__main__":
    main()
