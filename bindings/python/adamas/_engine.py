"""Calling the C library: errors become exceptions, Ctrl-C and progress go both ways, a forked process is refused."""
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import numpy as np

from adamas._library import ffi, lib
from adamas.errors import exception_of

if TYPE_CHECKING:
    from adamas.spectra import Part

Progress = bool | Callable[[str, int, int], Any] | None
Path = str | os.PathLike[str]

_used = False  # has this process called the engine?
_forked = False  # is this the child of one that had?


def _after_fork() -> None:
    global _forked
    _forked = _used


os.register_at_fork(after_in_child=_after_fork)


def _enter() -> None:
    global _used
    if _forked:
        raise RuntimeError("this process was forked from one that had used Adamas: OpenMP's threads do not survive a fork. Start fresh "
                           "processes instead: multiprocessing.get_context('spawn'), or joblib's default, loky")
    _used = True


def call(function: Callable[..., int], *arguments: Any) -> None:
    """Calls what takes an adamas_error last; the GIL is released meanwhile."""
    _enter()
    error = ffi.new("adamas_error *")
    if function(*arguments, error):
        raise exception_of(error)


def make(kind: str, function: Callable[..., int], *arguments: Any) -> ffi.CData:
    """Calls what makes a handle of this kind; it is freed with the last reference to it."""
    out = ffi.new(f"adamas_{kind} **")
    call(function, out, *arguments)
    return owned(kind, out[0])


def owned(kind: str, handle: ffi.CData) -> ffi.CData:
    return ffi.gc(handle, getattr(lib, f"adamas_{kind}_free"))


class _Watch:
    """One long call as its progress callback sees it."""

    def __init__(self, progress: Progress) -> None:
        self.tell = progress if callable(progress) else None
        self.bar_wanted = progress is True or (progress is None and _is_watched())
        self.cancelled = False
        self.failure: BaseException | None = None
        self.at: tuple[str, int, int] = ("", 0, 0)
        self.bar: Any = None

    def told(self, stage: str, done: int, total: int) -> bool:
        """Is the work to stop?"""
        self.at = (stage, done, total)
        try:
            if self.tell and self.tell(stage, done, total):
                self.cancelled = True
        except BaseException as failure:  # whatever it is, it goes on where Python called
            self.failure = failure
            self.cancelled = True
        return self.cancelled

    def draw(self) -> None:
        stage, done, total = self.at
        if not self.bar_wanted or not stage:
            return
        if self.bar is None:
            self.bar = _new_bar()
            self.bar_wanted = self.bar is not None
            if self.bar is None:
                return
        self.bar.total, self.bar.n = total or None, done
        self.bar.set_description(stage)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()


def _is_watched() -> bool:
    return "ipykernel" in sys.modules or bool(sys.stderr and sys.stderr.isatty())


def _new_bar() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tqdm's, where a notebook has no widgets
            from tqdm.auto import tqdm
    except ImportError:
        return None
    return tqdm(leave=False)


@ffi.def_extern(error=1)
def python_progress(data: ffi.CData, stage: ffi.CData, done: int, total: int) -> int:
    return ffi.from_handle(data).told(ffi.string(stage).decode(), done, total)


def work(function: Callable[..., int], *arguments: Any, seed: int = 1, threads: int | None = None, progress: Progress = None,
         parts: Iterable["Part"] = ()) -> None:
    """Calls what takes adamas_options and an adamas_error last. Ctrl-C, a bar, the caller's own progress function.

    `parts` are the spectra sets that it reads: no other call may meanwhile.
    """
    _enter()
    watch = _Watch(progress)
    handle = ffi.new_handle(watch)
    options = ffi.new("adamas_options *", lib.adamas_options_init)
    options.seed = count("seed", seed)
    options.threads = threads or 0
    options.progress = lib.python_progress
    options.progress_data = handle
    error = ffi.new("adamas_error *")
    with ExitStack() as held:
        locks = {id(part.lock): part.lock for part in parts}
        for key in sorted(locks):  # in one order, so that two callers never wait for each other
            held.enter_context(locks[key])
        status = _watched(watch, lambda: function(*arguments, options, error))
    if status:
        raise exception_of(error)


def bit_by_bit(step: Callable[[], bool]) -> None:
    """Calls step, which calls the engine, until it says that it is done; Ctrl-C ends that."""
    watch = _Watch(False)

    def steps() -> int:
        while not watch.cancelled and not step():
            pass
        return 0

    _watched(watch, steps)


def _watched(watch: _Watch, run: Callable[[], int]) -> int:
    """Python runs signal handlers in its main thread alone, between any two instructions, also of what the engine calls back. So what
    the main thread runs runs in a thread of its own, while the main one waits for it, and for signals."""
    if threading.current_thread() is not threading.main_thread():
        status = run()
    else:
        status = _apart(watch, run)
    if watch.failure is not None:
        raise watch.failure
    return status


def _apart(watch: _Watch, run: Callable[[], int]) -> int:
    found: list[int] = []
    done = threading.Event()

    def body() -> None:
        try:
            found.append(run())
        except BaseException as failure:
            watch.failure = watch.failure or failure
        finally:
            done.set()

    worker = threading.Thread(target=body, name="adamas", daemon=True)
    worker.start()
    try:
        if not done.wait(0.5):  # short work shows nothing
            while not done.wait(0.1):
                watch.draw()
    except BaseException as failure:  # KeyboardInterrupt, or whatever a signal's handler raises
        watch.failure = failure
        watch.cancelled = True
    finally:
        while not done.is_set():  # the engine still reads what the caller lent
            try:
                done.wait()
            except BaseException as failure:
                watch.failure = failure
        worker.join()
        watch.close()
    return found[0] if found else -1


class Rows:
    """What the engine's row reader asks: any array of two dimensions, a block at a time."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.n_channels = source.shape[1]

    def fill(self, first: int, n: int, out: ffi.CData) -> None:
        target = np.frombuffer(ffi.buffer(out, n * self.n_channels * 4), np.float32).reshape(n, self.n_channels)
        with np.errstate(over="ignore"):  # too large for float32 is infinite: the engine sets such a shot aside
            target[:] = self.source[first:first + n]


@ffi.def_extern(error=lib.ADAMAS_E_DATA)
def python_row_reader(data: ffi.CData, first: int, n: int, out: ffi.CData, error: ffi.CData) -> int:
    try:
        ffi.from_handle(data).fill(first, n, out)
        return lib.ADAMAS_OK
    except BaseException as failure:
        line = f"shots {first + 1} to {first + n} could not be had: {type(failure).__name__}: {failure}"
        if error != ffi.NULL:
            error.code = lib.ADAMAS_E_DATA
            ffi.memmove(error.message, line.replace("\n", " ").encode()[:1000] + b"\0", min(len(line.encode()), 1000) + 1)
        return lib.ADAMAS_E_DATA


def text(value: ffi.CData) -> str | None:
    return None if value == ffi.NULL else ffi.string(value).decode("utf-8")


def path(value: Path) -> bytes:
    return os.fsencode(os.fspath(value))


def texts(values: Sequence[str]) -> tuple[ffi.CData, Any]:
    """A char *[], and what must live as long: all texts one after the other, and where each begins."""
    if not len(values):
        return ffi.NULL, None
    joined = "\0".join(values)
    if joined.count("\0") != len(values) - 1:
        wrong = next(value for value in values if "\0" in value)
        raise ValueError(f"the text {wrong!r} has a NUL within, none expected")
    content = np.frombuffer(joined.encode("utf-8") + b"\0", np.uint8)
    starts = np.zeros(len(values), np.uintp)
    starts[1:] = np.flatnonzero(content == 0)[:-1] + 1
    starts += np.uintp(content.ctypes.data)
    return ffi.cast("char **", ffi.from_buffer(starts)), (content, starts)


def _encoded(value: str) -> bytes:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is of type {type(value).__name__}, a text expected")
    if "\0" in value:
        raise ValueError(f"the text {value!r} has a NUL within, none expected")
    return value.encode("utf-8")


def count(name: str, value: int) -> int:
    if value < 0:
        raise ValueError(f"{name} is {value}, 0 or more expected")
    return value


def optional(value: str | None) -> Any:
    return ffi.NULL if value is None else ffi.new("char[]", _encoded(value))


def columns(column_at: Callable[[int], ffi.CData]) -> dict[str, np.ndarray]:
    """The columns of a table by name: float64, or text as objects; copied."""
    found: dict[str, np.ndarray] = {}
    place = 0
    while (column := column_at(place)) != ffi.NULL:
        found[ffi.string(column.name).decode("utf-8")] = values(column)
        place += 1
    return found


def values(column: ffi.CData) -> np.ndarray:
    if column.number != ffi.NULL:
        return np.frombuffer(ffi.buffer(column.number, column.n * 8), np.float64).copy() if column.n else np.empty(0)
    out = np.empty(column.n, object)
    out[:] = [ffi.string(column.text[i]).decode("utf-8") for i in range(column.n)]
    return out
