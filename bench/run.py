#!/usr/bin/env python3
"""./run bench: runs the programs of the benchmark and writes their results to bench/results.json and bench/README.md.

With --peers the Python programs of bench/peers are run beside them. --spectra N sets the number of spectra of `whole`
(20000). --only PART[,PART] runs some of stages, whole, latency, scale, pca, train, large; the results of the others stay
as bench/results.json has them. `large` takes minutes and 3.3 GB of disk, and is run only if it is named."""
import argparse
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess

import tables

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN, WORK, HERE = ROOT / "build/release/bin", ROOT / "build/bench", ROOT / "bench"
PEERS = HERE / "peers"
BASELINES = {"snip": "snip(40)", "arpls": "arpls(lam=1e6)", "savgol": "savgol(11, 2, deriv=1)"}
METHOD = "align(0.3) | {} | whittaker(20) | snv | pca(components=50) | lda"
RUNS = 5
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}


def run(*command, check=True):
    """The JSON lines that a program prints. If it fails: [] without check, else the end."""
    done = subprocess.run([str(c) for c in command], env=ENVIRONMENT, cwd=WORK, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr.strip())
        if check:
            raise SystemExit(f"{command[0]} failed")
        return []
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def python(script, *arguments):
    return run("/usr/bin/python3", PEERS / script, *arguments)


def data(name, specimens, shots, channels, first, form):
    """A file of simulated spectra, made if it is missing or older than the sources of bench-data."""
    path = WORK / f"{name}-{specimens}x{shots}x{channels}-{form}.h5"
    newest = max((HERE / source).stat().st_mtime for source in ("data.c", "make_data.c"))
    if not path.exists() or path.stat().st_mtime < newest:
        run(BIN / "bench-data", path, specimens, shots, channels, first, form)
    return path


def parcel(spectra, form="contiguous", channels=8192):
    return data("parcel", spectra // 20, 20, channels, 100000, form)


def library(channels=8192):
    return data("library", 160, 5, channels, 0, "gzip")


def model(baseline, channels=8192):
    """A model trained on a small library; None if the engine has no such step."""
    path = WORK / f"model-{baseline}-{channels}.h5"
    path.unlink(missing_ok=True)
    run(BIN / "adamas", "train", "-o", path, "--method", METHOD.format(BASELINES[baseline]), library(channels), check=False)
    return path if path.exists() else None


class Peer:
    """A Python process that reads, preprocesses and classifies the file once each time it is asked."""

    def __init__(self, baseline, spectra, way):
        command = ["/usr/bin/python3", PEERS / "whole.py", parcel(spectra), library(), baseline, str(spectra), way]
        self.process = subprocess.Popen(command, env=ENVIRONMENT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.answer()

    def answer(self):
        return json.loads(self.process.stdout.readline())

    def run(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.answer()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def median(records, name):
    """One record of several of the same run: the median rate, the highest peak."""
    return dict(records[0], name=name, runs=len(records), peak_mb=max(r["peak_mb"] for r in records),
                rate=statistics.median(r["rate"] for r in records))


def stages(options):
    records = run(BIN / "bench-stages", parcel(20000), parcel(20000, "gzip"))
    if options.peers:
        records += python("whole.py", parcel(20000), library(), parcel(20000, "gzip"), "stages", "plain")
    return records


def whole(options):
    """Adamas and the peers take turns, so that other load of the machine affects them alike."""
    records = []
    for baseline in BASELINES:
        made, ours = model(baseline), {}
        if not made:
            records.append({"what": "left out", "name": baseline})
            continue
        ways = ["plain"] + ["expert"] * (baseline == "snip") if options.peers else []
        peers = [Peer(baseline, min(options.spectra, 2000 if way == "plain" else 20000), way) for way in ways]
        forms = {"ours": ("contiguous", 2), "ours, one thread": ("contiguous", 1), "ours, gzip+shuffle": ("gzip", 2)}
        for _ in range(RUNS):
            for name, (form, threads) in forms.items():
                ours.setdefault(name, []).extend(
                    run(BIN / "bench-whole", "classify", made, parcel(options.spectra, form), threads, 1))
            for peer in peers:
                found = peer.run()
                ours.setdefault(found["what"], []).append(found)
        for peer in peers:
            peer.stop()
        records += [dict(median(found, baseline), what="whole", way=name) for name, found in ours.items()]
    return records


def latency(options):
    records = []
    for baseline in BASELINES:
        made = model(baseline)
        if made:
            records += [dict(r, name=baseline) for r in
                        run(BIN / "bench-whole", "one", made, parcel(2000), options.one)]
    return records


def scale(options):
    records, made = [], model("snip")
    for spectra in (1000, 5000, 20000, 100000, 200000):
        if spectra <= 10 * options.spectra:
            found = run(BIN / "bench-whole", "stream", made, parcel(2000), spectra, 2, 3)
            records += [dict(r, name="spectra") for r in found]
    for channels in (2048, 4096, 8192, 16384, 40960):
        made = model("snip", channels)
        found = run(BIN / "bench-whole", "stream", made, parcel(1000, "gzip", channels), 2000, 2, 3)
        records += [dict(r, name="channels", channels=channels) for r in found]
    return records


def pca(options):
    matrix, components = WORK / "matrix.f32", WORK / "components.f32"
    records = run(BIN / "bench-pca", parcel(20000), 6000, 50, 3, matrix, components)
    if options.peers:
        records += python("pca.py", matrix, int(records[0]["channels"]), components)
    return records


def large(_options):
    """Principal components of a file that is larger than what one would hold in memory."""
    path = parcel(100000)
    records = run(BIN / "bench-whole", "train", "snip(40) | snv | pca(components=50, of=shots)", path, 2, 1)
    path.unlink()
    return records


def train(options):
    big = data("training", 300, 20, 8192, 0, "gzip")
    clock = run(BIN / "bench-whole", "train", "snip(40) | snv | pca | twolevel", big, 2, 1)
    if options.peers:
        for of in ("specimens", "shots"):
            clock += python("train.py", big, 2, of)
    return clock


def machine():
    def read(*command):
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()

    cpu = dict(re.findall(r"^(.*?): +(.*)$", read("lscpu"), re.M))
    return {"processor": cpu.get("Model name"), "caches": ", ".join(f"{k[:3].strip()} {v}" for k, v in cpu.items()
            if "cache" in k and "(" in v), "cores": os.cpu_count(), "system": platform.platform(),
            "compiler": read("cc", "--version").splitlines()[0], "load before": os.getloadavg()[0]}


PARTS = {f.__name__: f for f in (stages, whole, latency, scale, pca, train, large)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--spectra", type=int, default=20000)
    parser.add_argument("--one", type=int, default=3000, help="how often a single spectrum is classified")
    parser.add_argument("--only", default=",".join(part for part in PARTS if part != "large"))
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    kept = HERE / "results.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    results["machine"] = machine()
    for part in options.only.split(","):
        print(f"-- {part}", flush=True)
        results[part] = PARTS[part](options)
    if options.peers:
        results["peers"] = python("versions.py")[0]
    kept.write_text(json.dumps(results, indent=1) + "\n")
    tables.write(results, HERE / "README.md")


main()
