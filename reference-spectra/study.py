#!/usr/bin/env python3
"""Performance on simulated specimens, as Markdown tables: see `./run study`.

For each level of difficulty: validation on libraries of several seeds, leaving out each locality in turn and each
origin in turn (open set); and classification of parcels of 60 stones, from localities and sessions that no library
holds, by a model of seed 1.
"""
import argparse
import concurrent.futures
import json
import os
import random
import shutil
import subprocess

ORIGINS = ["CAR", "DRC", "South Africa"]
LIBRARIES = ["CAR.h5", "DRC.h5", "South-Africa.h5"]
NONE = "none of these"
STONES = 60
HERE = os.path.dirname(os.path.abspath(__file__))


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


class Study:
    def __init__(self, options):
        self.o = options

    def simulate(self, level, folder, *more):
        run(os.path.join(self.o.bin, "adamas-simulate"), "--origins", os.path.join(HERE, "origins.csv"),
            "--level", level, "--threads", "1", "-o", folder, *more)

    def adamas(self, command, *more):
        run(os.path.join(self.o.bin, "adamas"), command, "--threads", "1", *more)

    def report(self, folder, command, *more):
        path = os.path.join(folder, command + ".json")
        self.adamas(command, "-o", path, *more)
        with open(path) as file:
            return json.load(file)

    def libraries(self, level, seed, shots):
        folder = os.path.join(self.o.folder, f"{level}-{seed}")
        self.simulate(level, folder, "--specimens", "100", "--shots", str(shots), "--seed", str(seed))
        return folder, [os.path.join(folder, name) for name in LIBRARIES]

    def validate(self, level, seed):
        """The validation report of one seed, leaving out localities and, for the open set, origins."""
        folder, files = self.libraries(level, seed, 10)
        report = self.report(folder, "validate", "--leave", "locality", "--method", self.o.method, *files)
        shutil.rmtree(folder)
        return report

    def train(self, level):
        folder, files = self.libraries(level, 1, 20)
        model = os.path.join(self.o.folder, f"{level}-model.h5")
        self.adamas("train", "-o", model, "--method", self.o.method, *files)
        shutil.rmtree(folder)
        return model

    def composition(self, number):
        """A parcel's declared origin, its kind, its number of stones of each origin, and whether of two localities."""
        draw = random.Random(number)
        declared, kind = ORIGINS[number % 3], ["pure", "library", "open set", "random"][number // 3 % 4]
        others = [origin for origin in ORIGINS if origin != declared]
        if kind == "pure":
            stones = {declared: STONES}
        elif kind == "library":
            stones = {declared: STONES * 3 // 4, others[number // 12 % 2]: STONES // 4}
        elif kind == "open set":
            stones = {declared: STONES * 3 // 4, "foreign": STONES // 4}
        else:
            weights = [draw.gammavariate(a, 1) for a in (1, 1, 1, 0.5)]
            drawn = draw.choices(ORIGINS + ["foreign"], weights, k=STONES)
            stones = {origin: drawn.count(origin) for origin in drawn}
        return declared, kind, stones, draw.random() < 0.3

    def parcel(self, level, model, number):
        declared, kind, stones, two = self.composition(number)
        folder = os.path.join(self.o.folder, f"{level}-parcel-{number}")
        first = 1000 + 2 * number
        both = f"{first},{first + 1}"
        self.simulate(level, folder, "--shots", "10", "--seed", "1", "--sessions", both,
                      "--localities", both if two else str(first),
                      "--parcel", ",".join(f"{o}:{n}" for o, n in stones.items()))
        report = self.report(folder, "classify", "-m", model, "--declared", "", os.path.join(folder, "parcel.h5"))
        shutil.rmtree(folder)
        shares = {row["origin"]: row["stones"] for row in report["parcel"]["composition"]}
        truth = {origin: stones.get("foreign" if origin == NONE else origin, 0) / STONES for origin in shares}
        product = sum(s["log10_lr"][declared] or 0 for s in report["specimens"])
        held = [row["interval_95"][0] - 1e-9 <= truth[o] <= row["interval_95"][1] + 1e-9 for o, row in shares.items()]
        return {"declared": declared, "kind": kind, "two": two, "foreign": 1 - shares[declared]["mean"],
                "product": product, "covered": held, "error": [shares[o]["mean"] - truth[o] for o in shares],
                "width": [row["interval_95"][1] - row["interval_95"][0] for row in shares.values()]}

    def declared(self, level, model, origin):
        """The threshold and detection limit for a declared origin, the same for all parcels of as many stones."""
        folder = os.path.join(self.o.folder, f"{level}-declared-{origin.replace(' ', '-')}")
        self.simulate(level, folder, "--shots", "10", "--seed", "1", "--sessions", "7,8",
                      "--parcel", f"{origin}:{STONES}")
        report = self.report(folder, "classify", "-m", model, "--declared", origin, os.path.join(folder, "parcel.h5"))
        shutil.rmtree(folder)
        return report["parcel"]["declared"]


def share(rows, test):
    return sum(map(test, rows)) / len(rows) if rows else float("nan")


def median(values):
    values = sorted(values)
    return values[len(values) // 2] if values else float("nan")


def in_percent(value):
    return "-" if value is None or value != value else f"{100 * value:.1f} %"


def by_origin(reports, key):
    return {origin: [report["origins"][i][key] for report in reports] for i, origin in enumerate(ORIGINS)}


def total(reports, key, within=None):
    return sum((row[within] if within else row)[key] for report in reports for row in report["origins"])


def print_row(cells):
    print("| " + " | ".join(map(str, cells)) + " |")


def print_heading(names):
    print_row(names)
    print("|" + "---|" * len(names))


def is_inconsistent(row, thresholds):
    """Whether the parcel is called inconsistent with its declared origin."""
    return row["foreign"] > thresholds[row["declared"]]["threshold"]


def print_validations(results):
    print_heading(["level", "seeds", "Cllr, mean (greatest): CAR", "DRC", "South Africa",
                   "largest misleading LR reported", "open set: LR > 10", "closed set: no LR"])
    for level, reports in results.items():
        cllr = by_origin(reports, "cllr")
        cells = [f"{sum(v) / len(v):.3f} ({max(v):.3f})" for v in cllr.values()]
        wrong = max(report["largest_wrong_log10_lr"] for report in reports)
        open_set = total(reports, "above_10", "open_set") / total(reports, "specimens", "open_set")
        gated = total(reports, "gated") / total(reports, "specimens")
        print_row([level, len(reports), *cells, f"{10 ** wrong:.1f}", in_percent(open_set), in_percent(gated)])
    print()


def print_parcels(results):
    print_heading(["level", "parcels", "intervals that contain the true share: all", "pure", "two localities",
                   "root mean square error", "mean width", "pure parcels called inconsistent",
                   "25 % foreign called inconsistent: of a library origin", "of another origin"])
    for level, (rows, thresholds) in results.items():
        def covered(rows):
            return in_percent(share([c for row in rows for c in row["covered"]], bool))

        def called(kind):
            return in_percent(share([row for row in rows if row["kind"] == kind],
                                    lambda row: is_inconsistent(row, thresholds)))
        errors = [e * e for row in rows for e in row["error"]]
        widths = [w for row in rows for w in row["width"]]
        print_row([level, len(rows), covered(rows), covered([r for r in rows if r["kind"] == "pure"]),
                   covered([r for r in rows if r["two"]]), f"{(sum(errors) / len(errors)) ** 0.5:.3f}",
                   f"{sum(widths) / len(widths):.3f}", called("pure"), called("library"), called("open set")])
    print()


def print_products(results):
    print_heading(["level", "threshold: CAR, DRC, South Africa", "detection limit",
                   "product of the stones' LRs for the declared origin: pure, median", "pure, below 1",
                   "25 % foreign, median", "25 % foreign, above 1"])
    for level, (rows, thresholds) in results.items():
        pure = [row["product"] for row in rows if row["kind"] == "pure"]
        mixed = [row["product"] for row in rows if row["kind"] in ("library", "open set")]
        print_row([level, ", ".join(in_percent(thresholds[o]["threshold"]) for o in ORIGINS),
                   ", ".join(in_percent(thresholds[o].get("revealed")) for o in ORIGINS),
                   f"10^{median(pure):.1f}", in_percent(share(pure, lambda x: x < 0)),
                   f"10^{median(mixed):.1f}", in_percent(share(mixed, lambda x: x > 0))])


def check(validations, parcels):
    """The limits that the level `demonstration` must keep, wide enough for the random error of a small study."""
    rows, thresholds = parcels["demonstration"]
    held = share([c for row in rows for c in row["covered"]], bool)
    called = {kind: share([row for row in rows if row["kind"] == kind], lambda row: is_inconsistent(row, thresholds))
              for kind in ("pure", "library", "open set")}
    assert held >= 0.85, f"only {held} of the intervals contain the true share"
    assert called["pure"] <= 0.12, f"{called['pure']} of the pure parcels are called inconsistent"
    assert min(called["library"], called["open set"]) >= 0.75, f"{called} of the parcels are called inconsistent"
    for reports in validations.values():
        assert all(row["cllr"] <= 1.05 for report in reports for row in report["origins"]), "a Cllr above 1.05"
        too_many = 0.05 * total(reports, "specimens", "open_set")
        assert total(reports, "above_10", "open_set") <= too_many, "too many LRs above 10 in the open set"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--method", required=True)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--parcels", type=int, default=300)
    parser.add_argument("--levels", nargs="+", default=["demonstration", "realistic"])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    study = Study(options)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        seeds = range(1, options.seeds + 1)
        validations = {level: list(pool.map(lambda seed: study.validate(level, seed), seeds))
                       for level in options.levels}
        print_validations(validations)
        parcels = {}
        for level in options.levels:
            model = study.train(level)
            thresholds = dict(zip(ORIGINS, pool.map(lambda origin: study.declared(level, model, origin), ORIGINS)))
            rows = list(pool.map(lambda number: study.parcel(level, model, number), range(options.parcels)))
            parcels[level] = (rows, thresholds)
    print_parcels(parcels)
    print_products(parcels)
    if options.check:
        check(validations, parcels)


if __name__ == "__main__":
    main()
