"""Full disks, Ctrl-C, terminals, and files that are larger than the memory in use."""
import os
import pty
import resource
import signal
import subprocess
import time
import unittest

import h5py
import numpy as np

from harness import ADAMAS, SANITIZED, Case, main


class Limits(Case):
    def test_full_disk(self):
        """A full disk, simulated by file-size limits of many sizes."""
        self.library("lib")
        self.adamas("train", "-o", "model.h5", "--method", "snv | pca(2) | twolevel", "lib.h5")
        commands = {"a.h5": ["import", "-o", "a.h5", "lib.csv"],
                    "b.h5": ["train", "-o", "b.h5", "--method", "snv | pca(2) | twolevel", "lib.h5"],
                    "c.json": ["classify", "-m", "model.h5", "-o", "c.json", "lib.h5"],
                    "d.h5": ["preprocess", "-m", "model.h5", "-o", "d.h5", "lib.h5"]}
        for output, command in commands.items():
            self.adamas(*command)
            size = os.path.getsize(self.path(output))
            os.remove(self.path(output))
            for limit in (0, 1, 500, 2048, size // 2, size - 1):
                self.refused(*command, output=output, says=[output, "File too large"],
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))

    def test_an_older_file_survives(self):
        self.library("lib")
        before = self.read("lib.h5")
        done = self.run_adamas("import", "-o", "lib.h5", "lib.csv",
                               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.read("lib.h5"), before)

    def interrupt(self, *arguments, by=signal.SIGINT):
        """A signal during the work ends the command by that signal, and no file is left."""
        before = sorted(os.listdir(self.folder.name))
        running = subprocess.Popen([ADAMAS, *arguments], cwd=self.folder.name, stderr=subprocess.PIPE)
        time.sleep(0.7)
        self.assertIsNone(running.poll(), "the work was too short to be interrupted")
        running.send_signal(by)
        _, said = running.communicate(timeout=60)
        self.assertEqual(running.returncode, -by)
        self.assertIn(b"cancelled", said)
        self.assertEqual(sorted(os.listdir(self.folder.name)), before)

    def test_interrupted(self):
        self.library("lib", specimens=60, shots=10)
        self.interrupt("validate", "lib.h5", "--leave", "specimen", "-o", "v.json")
        self.large(2000)
        for by in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self.interrupt("preprocess", "--method", "snip(500) | snv", "-o", "out.h5", "large.h5", by=by)

    def test_full_standard_output(self):
        self.library("lib")
        for command in (["--version"], ["help"], ["help", "methods"], ["train", "--help"], ["info", "lib.h5"]):
            with open("/dev/full", "w", encoding="utf-8") as full:
                done = subprocess.run([ADAMAS, *command], cwd=self.folder.name, stdout=full, stderr=subprocess.PIPE,
                                      text=True)
            self.assertEqual(done.returncode, 1, command)
            self.assertEqual(done.stderr, "adamas: standard output: No space left on device\n")

    def test_progress_on_a_terminal_only(self):
        self.library("lib", specimens=40, shots=8)
        command = ["validate", "lib.h5", "--folds", "10", "--method", "align | snip | snv | pca | twolevel", "-o", "v.json"]
        self.assertEqual(self.run_adamas(*command).stderr, "")
        controller, terminal = pty.openpty()
        running = subprocess.Popen([ADAMAS, *command], cwd=self.folder.name, stdout=subprocess.DEVNULL, stderr=terminal)
        running.wait()
        os.set_blocking(controller, False)
        self.assertRegex(os.read(controller, 100000), rb"[a-z ]+: \d+ of \d+ \(\d+ %\)")

    def large(self, shots):
        """A file of 8,192 channels and 20 shots per specimen, written by h5py."""
        random = np.random.default_rng(3)
        axis = np.linspace(200, 850, 8192)
        text = h5py.string_dtype()
        with h5py.File(self.path("large.h5"), "w") as file:
            data = file.create_group("/entry/data")
            file.attrs["default"], file["entry"].attrs["default"] = "entry", "data"
            data.attrs["signal"], data.attrs["axes"] = "intensity", ["spectrum_index", "wavelength"]
            data["wavelength"] = axis
            rows = data.create_dataset("intensity", (shots, 8192), dtype="f4")
            lines = np.exp(-0.5 * ((axis - np.linspace(210, 840, 40)[:, None]) / 0.2) ** 2).astype("f4")
            for first in range(0, shots, 500):
                n = min(500, shots - first)
                heights = random.uniform(500, 5000, (n, 40)).astype("f4")
                rows[first:first + n] = heights @ lines + random.normal(100, 5, (n, 8192)).astype("f4")
            file.create_dataset("/entry/shots/specimen", data=[f"s{i // 20}" for i in range(shots)], dtype=text)
            ids = [f"s{i}" for i in range((shots + 19) // 20)]
            file.create_dataset("/entry/specimens/id", data=ids, dtype=text)
            file.create_dataset("/entry/specimens/origin", data=["AB"[i % 2] for i in range(len(ids))], dtype=text)

    @unittest.skipIf(SANITIZED, "a sanitizer's memory is its own")
    def test_memory_is_bounded(self):
        self.large(400)
        self.adamas("train", "-o", "model.h5", "--method", "snip(40) | snv | pca(10) | twolevel", "large.h5")
        self.large(10000)
        self.assertGreater(os.path.getsize(self.path("large.h5")), 325e6)
        running = subprocess.Popen([ADAMAS, "classify", "-m", "model.h5", "-o", "r.json", "--threads", "2", "large.h5"],
                                   cwd=self.folder.name, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(running.returncode, 0)
        print(f"10,000 x 8,192 shots classified with a peak of {usage.ru_maxrss / 1024:.0f} MiB")
        self.assertLess(usage.ru_maxrss, 200 * 1024)


if __name__ == "__main__":
    main()
