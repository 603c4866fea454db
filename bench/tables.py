"""Writes bench/results.json as the tables of bench/README.md, and two figures if matplotlib is installed."""
import pathlib

BEGIN, END = "<!-- results: written by ./run bench -->", "<!-- end of results -->"
FLOOR_OF = {"align(0.3)": ["one transform", "17 lags"]}  # floors that are sums of others


def number(x, digits=3):
    if x is None or x != x:
        return ""
    return f"{x:,.0f}" if abs(x) >= 1000 else f"{x:.{digits}g}"


def ratio(a, b):
    return f"{number(a / b)} ×" if a and b else ""


def table(head, rows):
    return "\n".join(["| " + " | ".join(map(str, row)) + " |" for row in [head, ["---"] * len(head), *rows]])


def by_name(records, what):
    return {r["name"]: r for r in records if r["what"] == what}


def floor_of(floors, method):
    """The floor of a method: the sum of those of its steps; None if one of them is not known."""
    parts = [part for step in method.split(" | ") for part in FLOOR_OF.get(step, [step])]
    found = [floors.get(part) for part in parts]
    return sum(f["one"] for f in found) if all(found) else None


def stages(records):
    ours, floors, peers = (by_name(records, what) for what in ("stage", "floor", "peer stage"))
    rows = []
    for name, r in ours.items():
        floor, peer = floor_of(floors, name), peers.get(name, {}).get("rate")
        rows.append([f"`{name}`".replace("|", "\\|"), number(r["one"]), number(r["all"]), number(r["rate"]), number(floor),
                     ratio(r["one"], floor), number(peer), ratio(r["rate"], peer)])
    rows += [[f"`{name}`".replace("|", "\\|"), "no such step"] + [""] * 6 for name in by_name(records, "left out")]
    head = ["stage", "µs, one thread", "µs, all threads", "spectra/s", "floor, µs", "ours / floor", "peer, spectra/s",
            "ours / peer"]
    return table(head, rows) + f"\n\narPLS took {number(records_mean(records))} iterations a spectrum on these data.\n"


def records_mean(records):
    return next((r["mean"] for r in records if r["name"] == "arPLS iterations"), None)


def whole(records):
    rows = []
    for baseline in dict.fromkeys(r["name"] for r in records):
        way = {r["way"]: r for r in records if r["name"] == baseline and r["what"] == "whole"}
        if not way:
            rows.append([baseline, "no such step"] + [""] * 9)
            continue
        rate = {name: r["rate"] for name, r in way.items()}
        ours = rate["ours"]
        rows.append([baseline, number(way["ours"]["spectra"]), number(ours), ratio(ours, rate["ours, one thread"]),
                     number(rate.get("plain")), ratio(ours, rate.get("plain")), number(rate.get("expert")),
                     ratio(ours, rate.get("expert")), number(rate["ours, gzip+shuffle"]),
                     number(way["ours, one thread"]["peak_mb"]), number(way["ours"]["peak_mb"])])
    return table(["baseline", "spectra", "ours, spectra/s", "two threads / one", "chemometrician, spectra/s",
                  "ours / chemometrician", "expert, spectra/s", "ours / expert", "ours from gzip+shuffle, spectra/s",
                  "peak MB, one thread", "peak MB, two"], rows)


def latency(records):
    return table(["baseline", "one spectrum, µs (median)", "peak MB"],
                 [[r["name"], number(r["us"]), number(r["peak_mb"])] for r in records])


def scale(records):
    return table(["spectra", "channels", "µs a spectrum", "peak MB"],
                 [[number(r["spectra"]), r.get("channels", 8192), number(r["us"]), number(r["peak_mb"])] for r in records])


def pca(records):
    shorts = {r["name"]: r["short"] for r in records if r["what"] == "peer pca"}
    ours = records[0]
    rows = [["ours", number(ours["seconds"]), "", f"{shorts['ours']:.1e}" if "ours" in shorts else "", number(ours["peak_mb"])]]
    rows += [[r["name"], number(r["seconds"]), ratio(r["seconds"], ours["seconds"]), f"{r['short']:.1e}", ""]
             for r in records if r["what"] == "peer pca" and r["name"] != "ours"]
    return (f"PCA(50) of {number(ours['rows'])} × {number(ours['channels'])}:\n\n" + table(
        ["solver", "seconds", "theirs / ours", "captured variance short of exact, of the total", "peak MB"], rows))


def train(records):
    ours = records[0]
    rows = [["ours", number(ours["seconds"]), "", number(ours["peak_mb"])]]
    rows += [[f"scikit-learn, PCA of {r['name']}", number(r["seconds"]), ratio(r["seconds"], ours["seconds"]), ""]
             for r in records[1:]]
    return "`train`, 300 specimens × 20 shots:\n\n" + table(["", "seconds", "theirs / ours", "peak MB"], rows)


def large(records):
    ours = records[0]
    return (f"PCA(50) of {number(ours['spectra'])} × 8,192 of a file, after `snip(40) | snv`: {number(ours['seconds'])} s, "
            f"peak {number(ours['peak_mb'])} MB.")


def figure(path, records, key, title, expected):
    try:
        import matplotlib
    except ImportError:
        return
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "adamas"
    from matplotlib import pyplot

    x, y = [r[key] for r in records], [r["us"] for r in records]
    drawing, axes = pyplot.subplots(figsize=(6, 4))
    axes.loglog(x, y, "o-", label="measured")
    axes.loglog(x, [y[0] * expected(n) / expected(x[0]) for n in x], "--", color="grey", label=expected.__doc__)
    axes.set_xticks(x, [f"{n:,}" for n in x], minor=False, rotation=30)
    low, high = min(y) / 2, max(y) * 2
    marks = [2**n for n in range(20) if low <= 2**n <= high]  # decades alone would leave a flat curve without a number
    axes.set_yticks(marks, [str(n) for n in marks], minor=False)
    axes.minorticks_off()
    axes.set_ylim(low, high)
    axes.set(xlabel=title, ylabel="µs a spectrum")
    axes.legend()
    drawing.savefig(path, metadata={"Date": None}, bbox_inches="tight")
    pyplot.close(drawing)


def constant(n):
    """the same for any number"""
    return 1


def n_log_n(n):
    """n log n"""
    import math

    return n * math.log(n)


def machine(results):
    facts = [r for r in results.get("stages", []) if r["what"] == "machine"]
    lines = [f"{k}: {v}" for k, v in results["machine"].items()] + [f"{r['name']}: {r['text']}" for r in facts]
    lines += [f"peers: {k} {v}" for k, v in results.get("peers", {}).items()]
    return "\n".join(f"* {line}" for line in lines)


def write(results, path):
    parts = [("The machine", machine(results))]
    for name, title, draw in [("stages", "Stages", stages), ("whole", "The whole way", whole),
                              ("latency", "One spectrum", latency), ("scale", "Scaling", scale),
                              ("pca", "Principal components", pca), ("train", "Training", train),
                              ("large", "Principal components of a large file", large)]:
        if results.get(name):
            parts.append((title, draw(results[name])))
    if results.get("scale"):
        folder = pathlib.Path(path).parent
        for key, title, expected in [("spectra", "spectra", constant), ("channels", "channels", n_log_n)]:
            figure(folder / f"scaling-{key}.svg", [r for r in results["scale"] if r["name"] == key], key, title, expected)
    text = "\n\n".join(f"### {title}\n{body}" for title, body in parts)
    before, rest = path.read_text().split(BEGIN)
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}")
    print(text)
