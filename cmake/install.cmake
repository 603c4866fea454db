# What `cmake --install` installs, but for the programs, which their own folders install.
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/adamas)

install(TARGETS adamas EXPORT adamas LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT adamas NAMESPACE adamas:: FILE adamas-targets.cmake DESTINATION ${package})
install(FILES include/adamas/adamas.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/adamas)
install(FILES core/report/report.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/adamas)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/adamas)

if(ADAMAS_STATIC)
  install(TARGETS adamas_static EXPORT adamas_static ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT adamas_static NAMESPACE adamas:: FILE adamas-static-targets.cmake DESTINATION ${package})
  install(FILES cmake/dependencies.cmake DESTINATION ${package} RENAME adamas-static-dependencies.cmake)
  string(JOIN " " requires_private ${ADAMAS_PKG_CONFIG_MODULES})
  set(libs_private "-lfftw3f_threads ${OpenMP_C_FLAGS} -lpthread -lm")
endif()
configure_file(cmake/adamas.pc.in adamas.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/adamas.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

configure_package_config_file(cmake/adamas-config.cmake.in adamas-config.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(adamas-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/adamas-config.cmake ${PROJECT_BINARY_DIR}/adamas-config-version.cmake
  DESTINATION ${package})
