# Everything the core stands on, as one target.
find_package(OpenMP REQUIRED COMPONENTS C)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(HDF5 REQUIRED COMPONENTS C)
find_package(PkgConfig REQUIRED)
pkg_check_modules(FFTWF REQUIRED IMPORTED_TARGET fftw3f)
pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET openblas)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
find_library(FFTWF_THREADS fftw3f_threads REQUIRED)
find_library(LAPACKE lapacke REQUIRED)
find_path(RANDOM123 Random123/philox.h REQUIRED)

add_library(adamas_dependencies INTERFACE)
target_include_directories(adamas_dependencies SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS} ${RANDOM123})
target_link_libraries(adamas_dependencies INTERFACE OpenMP::OpenMP_C Threads::Threads ZLIB::ZLIB ${HDF5_C_LIBRARIES}
  ${FFTWF_THREADS} PkgConfig::FFTWF ${LAPACKE} PkgConfig::OPENBLAS PkgConfig::JANSSON PkgConfig::CRYPTO PkgConfig::PCRE2
  PkgConfig::DEFLATE m)
