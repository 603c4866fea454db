"""Threads, signals and processes."""
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time

import h5py
import numpy as np
import pytest

import adamas


def together(*functions):
    """Run functions at the same time, each in its own thread."""
    found, failures, gate = [None] * len(functions), [], threading.Barrier(len(functions))

    def run(place, function):
        try:
            gate.wait()
            found[place] = function()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    return found


def test_two_models_at_once_give_what_one_after_the_other_gives(files, simulated):
    methods = ("snip(40) | sqrt | snv | pca(6) | twolevel", "snip(20) | snv | pca(4) | lda")

    def work(method):
        lib = adamas.read(files)
        model = adamas.Model.train(method, lib)
        report = model.classify(simulated / "parcel.h5", declared="CAR")
        return model.to_bytes(), report.html, adamas.validate(method, lib, leave="folds", folds=3).html

    alone = [work(method) for method in methods]
    assert together(*(lambda m=m: work(m) for m in methods)) == alone


def test_one_model_serves_many_threads(fitted, simulated):
    parcel = simulated / "parcel.h5"
    alone = fitted.predict_proba(parcel)
    for found in together(*[lambda: fitted.predict_proba(parcel)] * 4):
        assert np.array_equal(found, alone)


def test_one_set_is_safe_in_two_threads(files):
    lib = adamas.read(files[0])
    alone = lib.intensity
    for found in together(*[lambda: lib.intensity] * 3):
        assert np.array_equal(found, alone)


def test_h5py_reads_at_the_same_time(files, simulated):
    def by_h5py():
        total = 0.0
        for _ in range(10):
            for path in files:
                with h5py.File(path) as file:
                    total += float(file["entry/data/intensity"][:].sum(dtype=np.float64))
        return total

    def by_adamas():
        return sum(float(adamas.read(files).intensity.sum(dtype=np.float64)) for _ in range(10))

    a, b = together(by_h5py, by_adamas)
    assert a == pytest.approx(b, rel=1e-12) and a > 0


def test_the_gil_is_released(fitted, simulated):
    """Another thread counts during a call."""
    counted, stop = [0], threading.Event()

    def count():
        while not stop.is_set():
            counted[0] += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    start = time.monotonic()
    fitted.classify(simulated / "parcel.h5")
    lasted = time.monotonic() - start
    stop.set()
    thread.join()
    assert counted[0] > 20 * lasted, (counted, lasted)


INTERRUPTED = """
import os, signal, sys, threading, time, numpy, adamas
signal.signal(signal.SIGINT, signal.default_int_handler)  # SIGINT is ignored in background processes
what, folder = sys.argv[1:]
rng = numpy.random.default_rng(1)
X = rng.random((6000, 2048)).cumsum(axis=1)
w = 300 + numpy.arange(2048) / 10
stones = numpy.arange(6000) // 10
lib = adamas.Spectra.from_array(X, w, specimen=stones, origin=numpy.array(["A/1", "A/2", "A/3", "B/1", "B/2", "B/3"], object)[stones % 6])
class Long:
    shape, dtype = (100000, 2048), X.dtype
    def __getitem__(self, rows):
        return X[numpy.arange(rows.start, rows.stop) % 6000]
stones = numpy.arange(100000) // 200
long = adamas.Spectra.from_array(Long(), w, specimen=stones, origin=numpy.array(["A/1", "A/2", "A/3", "B/1", "B/2", "B/3"], object)[stones % 6])
def begin(stage, done, total):
    if not begin.called and (what != "validate" or stage == "holding out"):
        begin.called = True
        print("working", flush=True)
begin.called = False
try:
    if what == "validate":
        adamas.validate("snip(40) | snv | pca(20) | twolevel", lib, leave="specimen", progress=begin)
    elif what == "train":
        adamas.OriginClassifier(progress=begin).fit(long)
    elif what == "write":
        long.write(folder + "/set.h5", progress=begin)
    elif what == "rows":
        print("working", flush=True)
        adamas.Model.train("snip(40) | whittaker | snv", long).preprocess(long).rows(0, 100000)
    print("finished")
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize("what", ["validate", "train", "write", "rows"])
def test_ctrl_c_ends_the_work(what, tmp_path):
    child = subprocess.Popen([sys.executable, "-c", INTERRUPTED, what, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "working\n", child.stderr.read()
    time.sleep(1.2 if what == "rows" else 0.3)
    child.send_signal(signal.SIGINT)
    start = time.monotonic()
    answer = child.stdout.readline()
    took = time.monotonic() - start
    child.communicate()
    assert answer == "interrupted\n"
    assert took < 2, f"{took:.2f} s"  # far below 1 s on an idle machine
    assert not list(tmp_path.iterdir())


def test_progress_function(made):
    calls = []
    adamas.Model.train("snv | pca(3) | twolevel", made, progress=lambda *at: calls.append(at) and None)
    assert calls and all(isinstance(stage, str) and done >= 0 and total >= 0 for stage, done, total in calls)


def test_a_progress_function_that_raises(made):
    def broken(stage, done, total):
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        adamas.Model.train("snv | pca(3) | twolevel", made, progress=broken)


def test_a_bar_is_drawn(capsys, fitted, simulated):
    fitted.model_.classify(simulated / "parcel.h5", progress=True)
    assert "%|" in capsys.readouterr().err


def test_no_bar_without_a_terminal_or_without_tqdm(capsys, fitted, simulated, monkeypatch):
    fitted.model_.classify(simulated / "parcel.h5")
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    fitted.model_.classify(simulated / "parcel.h5", progress=True)
    assert capsys.readouterr().err == ""


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_is_refused():
    adamas.Method("snv")
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            adamas.make_library()
            answer = "it worked"
        except RuntimeError as error:
            answer = str(error)
        os.write(write, answer.encode())
        os._exit(0)
    os.waitpid(child, 0)
    answer = os.read(read, 1000).decode()
    assert "forked" in answer and "spawn" in answer and "loky" in answer
    assert len(adamas.make_library()) == 135


def test_a_process_that_forks_before_its_first_call_may_go_on():
    script = ("import os, adamas\nchild = os.fork()\nif not child:\n    os._exit(len(adamas.make_library(['A'], specimens=1, shots=1)))\n"
              "assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3")
    subprocess.run([sys.executable, "-c", script], check=True)


def predict(model, path):
    return adamas.OriginClassifier.from_model(model).predict_proba(path)


def test_spawn_and_loky(fitted, simulated):
    from joblib import Parallel, delayed

    alone = fitted.predict_proba(simulated / "parcel.h5")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert np.array_equal(pool.apply(predict, (fitted.model_, str(simulated / "parcel.h5"))), alone)
    found = Parallel(n_jobs=2, backend="loky")(delayed(predict)(fitted.model_, str(simulated / "parcel.h5")) for _ in range(2))
    assert all(np.array_equal(one, alone) for one in found)


def test_spectra_are_not_pickled(made):
    with pytest.raises(TypeError, match="write"):
        pickle.dumps(made)
