"""What the peers are, and which BLAS kernels they use."""
import ctypes
import json

import h5py
import numpy
import scipy
import sklearn
import steps

numpy.ones((2, 2)) @ numpy.ones((2, 2))
paths = {line.split()[-1] for line in open("/proc/self/maps") if "blas" in line}


def kernels(path):
    try:
        name = ctypes.CDLL(path).openblas_get_corename
    except AttributeError:
        return None
    name.restype = ctypes.c_char_p
    return name().decode()


print(json.dumps({"h5py": h5py.__version__, "NumPy": numpy.__version__, "SciPy": scipy.__version__, "scikit-learn":
                  sklearn.__version__, "baselines": steps.BASELINES,
                  "BLAS": ", ".join(sorted({k for k in map(kernels, paths) if k}))}))
