"""Calls to the C library: its errors as exceptions, progress, interruption by Ctrl-C, a check for forked processes."""
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

_used = False  # True if this process has called the library
_forked = False  # True if this process was forked from one that had called the library


def _after_fork() -> None:
    global _forked
    _forked = _used


os.register_at_fork(after_in_child=_after_fork)


def _check_not_forked() -> None:
    global _used
    if _forked:
        raise RuntimeError("this process was forked from one that had used Adamas: OpenMP's threads do not survive a fork. Start fresh "
                           "processes instead: multiprocessing.get_context('spawn'), or joblib's default, loky")
    _used = True


def call(function: Callable[..., int], *arguments: Any) -> None:
    """Call a function whose last argument is an adamas_error and raise its error. The call releases the GIL."""
    _check_not_forked()
    error = ffi.new("adamas_error *")
    if function(*arguments, error):
        raise exception_of(error)


def create(kind: str, function: Callable[..., int], *arguments: Any) -> ffi.CData:
    """Call a function that creates a handle of type adamas_KIND. The handle is freed when it is garbage-collected."""
    out = ffi.new(f"adamas_{kind} **")
    call(function, out, *arguments)
    return own(kind, out[0])


def own(kind: str, handle: ffi.CData) -> ffi.CData:
    """Let the garbage collector free a handle of type adamas_KIND."""
    return ffi.gc(handle, getattr(lib, f"adamas_{kind}_free"))


class _ProgressState:
    """The state of one call of `run`, shared with the progress callback of the library."""

    def __init__(self, progress: Progress) -> None:
        self.function = progress if callable(progress) else None
        self.show_bar = progress is True or (progress is None and _is_interactive())
        self.cancelled = False
        self.exception: BaseException | None = None
        self.latest: tuple[str, int, int] = ("", 0, 0)
        self.bar: Any = None

    def report(self, stage: str, done: int, total: int) -> bool:
        """Pass progress to the function of the caller. Returns True if the call is to be cancelled."""
        self.latest = (stage, done, total)
        try:
            if self.function and self.function(stage, done, total):
                self.cancelled = True
        except BaseException as exception:  # raised again by _run_interruptibly: it must not pass through C
            self.exception = exception
            self.cancelled = True
        return self.cancelled

    def draw(self) -> None:
        stage, done, total = self.latest
        if not self.show_bar or not stage:
            return
        if self.bar is None:
            self.bar = _new_bar()
            self.show_bar = self.bar is not None
            if self.bar is None:
                return
        self.bar.total, self.bar.n = total or None, done
        self.bar.set_description(stage)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()


def _is_interactive() -> bool:
    return "ipykernel" in sys.modules or bool(sys.stderr and sys.stderr.isatty())


def _new_bar() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tqdm warns if a notebook has no widgets
            from tqdm.auto import tqdm
    except ImportError:
        return None
    return tqdm(leave=False)


@ffi.def_extern(error=1)
def python_progress(data: ffi.CData, stage: ffi.CData, done: int, total: int) -> int:
    return ffi.from_handle(data).report(ffi.string(stage).decode(), done, total)


def run(function: Callable[..., int], *arguments: Any, seed: int = 1, threads: int | None = None, progress: Progress = None,
         parts: Iterable["Part"] = ()) -> None:
    """Call a function whose last arguments are adamas_options and an adamas_error.

    Ctrl-C and `progress` can end the call. `parts` are the spectra sets that the call reads. They are locked until it
    returns.
    """
    _check_not_forked()
    state = _ProgressState(progress)
    handle = ffi.new_handle(state)
    options = ffi.new("adamas_options *", lib.adamas_options_init)
    options.seed = check_not_negative("seed", seed)
    options.threads = threads or 0
    options.progress = lib.python_progress
    options.progress_data = handle
    error = ffi.new("adamas_error *")
    with ExitStack() as held:
        locks = {id(part.lock): part.lock for part in parts}
        for key in sorted(locks):  # in a fixed order, so that two callers cannot deadlock
            held.enter_context(locks[key])
        status = _run_interruptibly(state, lambda: function(*arguments, options, error))
    if status:
        raise exception_of(error)


def run_in_blocks(step: Callable[[], bool]) -> None:
    """Call `step`, which does a part of the work, until it returns True. Ctrl-C ends the loop between two calls."""
    state = _ProgressState(False)

    def loop() -> int:
        while not state.cancelled and not step():
            pass
        return 0

    _run_interruptibly(state, loop)


def _run_interruptibly(state: _ProgressState, function: Callable[[], int]) -> int:
    """Call a function so that a signal can interrupt it.

    Python runs signal handlers only in its main thread, between two instructions, which may be those of a callback. A
    call from the main thread therefore runs in a worker thread, while the main thread waits for it and for signals.
    """
    if threading.current_thread() is not threading.main_thread():
        status = function()
    else:
        status = _run_in_thread(state, function)
    if state.exception is not None:
        raise state.exception
    return status


def _run_in_thread(state: _ProgressState, function: Callable[[], int]) -> int:
    found: list[int] = []
    done = threading.Event()

    def body() -> None:
        try:
            found.append(function())
        except BaseException as exception:
            state.exception = state.exception or exception
        finally:
            done.set()

    worker = threading.Thread(target=body, name="adamas", daemon=True)
    worker.start()
    try:
        if not done.wait(0.5):  # no bar for a short call
            while not done.wait(0.1):
                state.draw()
    except BaseException as exception:  # KeyboardInterrupt, or what another signal handler raises
        state.exception = exception
        state.cancelled = True
    finally:
        while not done.is_set():  # the library still reads the arrays of the caller
            try:
                done.wait()
            except BaseException as exception:
                state.exception = exception
        worker.join()
        state.close()
    return found[0] if found else -1


class RowSource:
    """The rows of a two-dimensional array of any dtype, read by the library in blocks, as float32."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.n_channels = source.shape[1]

    def fill(self, first: int, n: int, out: ffi.CData) -> None:
        target = np.frombuffer(ffi.buffer(out, n * self.n_channels * 4), np.float32).reshape(n, self.n_channels)
        with np.errstate(over="ignore"):  # too large a value becomes infinite: the library sets the shot aside
            target[:] = self.source[first:first + n]


@ffi.def_extern(error=lib.ADAMAS_E_DATA)
def python_row_reader(data: ffi.CData, first: int, n: int, out: ffi.CData, error: ffi.CData) -> int:
    try:
        ffi.from_handle(data).fill(first, n, out)
        return lib.ADAMAS_OK
    except BaseException as exception:
        line = f"shots {first + 1} to {first + n} could not be read: {type(exception).__name__}: {exception}"
        if error != ffi.NULL:
            error.code = lib.ADAMAS_E_DATA
            ffi.memmove(error.message, line.replace("\n", " ").encode()[:1000] + b"\0", min(len(line.encode()), 1000) + 1)
        return lib.ADAMAS_E_DATA


def string(value: ffi.CData) -> str | None:
    return None if value == ffi.NULL else ffi.string(value).decode("utf-8")


def path_bytes(value: Path) -> bytes:
    return os.fsencode(os.fspath(value))


def string_array(values: Sequence[str]) -> tuple[ffi.CData, Any]:
    """A char *[], and the objects that it refers to, which must live as long: the joined strings and their addresses."""
    if not len(values):
        return ffi.NULL, None
    joined = "\0".join(values)
    if joined.count("\0") != len(values) - 1:
        wrong = next(value for value in values if "\0" in value)
        raise ValueError(f"the string {wrong!r} contains a NUL character")
    content = np.frombuffer(joined.encode("utf-8") + b"\0", np.uint8)
    starts = np.zeros(len(values), np.uintp)
    starts[1:] = np.flatnonzero(content == 0)[:-1] + 1
    starts += np.uintp(content.ctypes.data)
    return ffi.cast("char **", ffi.from_buffer(starts)), (content, starts)


def _encoded(value: str) -> bytes:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is of type {type(value).__name__}, str expected")
    if "\0" in value:
        raise ValueError(f"the string {value!r} contains a NUL character")
    return value.encode("utf-8")


def check_not_negative(name: str, value: int) -> int:
    if value < 0:
        raise ValueError(f"{name} is {value}, 0 or more expected")
    return value


def optional_string(value: str | None) -> Any:
    return ffi.NULL if value is None else ffi.new("char[]", _encoded(value))


def columns(column_at: Callable[[int], ffi.CData]) -> dict[str, np.ndarray]:
    """Copies of the columns of a table by name: arrays of float64, or of str objects."""
    found: dict[str, np.ndarray] = {}
    place = 0
    while (column := column_at(place)) != ffi.NULL:
        found[ffi.string(column.name).decode("utf-8")] = values(column)
        place += 1
    return found


def values(column: ffi.CData) -> np.ndarray:
    """A copy of one column: an array of float64, or of str objects."""
    if column.number != ffi.NULL:
        return np.frombuffer(ffi.buffer(column.number, column.n * 8), np.float64).copy() if column.n else np.empty(0)
    out = np.empty(column.n, object)
    out[:] = [ffi.string(column.text[i]).decode("utf-8") for i in range(column.n)]
    return out
