# What is installed: the native library, the public headers, find_package(heddle) and heddle.pc; in
# flavour explore also what heddle_add_scenarios() and heddle_add_fuzz_targets() link, and the
# command `heddle'.

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/heddle)

install(TARGETS heddle EXPORT heddle
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(HEDDLE_FLAVOUR STREQUAL "explore")
    set_target_properties(heddle_engine PROPERTIES EXPORT_NAME engine)
    set_target_properties(heddle_explored PROPERTIES EXPORT_NAME explored)
    set_target_properties(heddle_command PROPERTIES EXPORT_NAME command)
    set_target_properties(heddle_report PROPERTIES EXPORT_NAME report)
    set_target_properties(heddle_scenario_setting PROPERTIES EXPORT_NAME scenario)
    set_target_properties(heddle_fuzz_target PROPERTIES EXPORT_NAME fuzz_target)
    set_target_properties(heddle_fuzz_standalone PROPERTIES EXPORT_NAME fuzz_standalone)
    install(TARGETS heddle_engine heddle_explored heddle_command heddle_report
            heddle_scenario_setting heddle_fuzz_target heddle_fuzz_standalone
        EXPORT heddle
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
    install(TARGETS heddle_scenarios RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    install(FILES ${PROJECT_SOURCE_DIR}/cmake/heddle_add_scenarios.cmake
        ${PROJECT_SOURCE_DIR}/cmake/heddle_add_fuzz_targets.cmake
        DESTINATION ${package_dir})
    # The generated table of scenarios includes the first, code under test the second.
    install(FILES ${PROJECT_SOURCE_DIR}/engine/scenario_table.h
        ${PROJECT_SOURCE_DIR}/engine/weak_cas.h
        DESTINATION ${package_dir}/engine)
    install(FILES ${PROJECT_SOURCE_DIR}/engine/heddle-gdb.py
        DESTINATION ${CMAKE_INSTALL_DATADIR}/heddle)
endif()
install(EXPORT heddle
    NAMESPACE heddle::
    FILE heddle-targets.cmake
    DESTINATION ${package_dir})

configure_package_config_file(
    ${PROJECT_SOURCE_DIR}/cmake/heddle-config.cmake.in
    ${PROJECT_BINARY_DIR}/package/heddle-config.cmake
    INSTALL_DESTINATION ${package_dir}
    NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(
    ${PROJECT_BINARY_DIR}/package/heddle-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES
    ${PROJECT_BINARY_DIR}/package/heddle-config.cmake
    ${PROJECT_BINARY_DIR}/package/heddle-config-version.cmake
    DESTINATION ${package_dir})

# The prefix is found from where heddle.pc lies, so that `cmake --install --prefix` and a moved
# tree work.
file(RELATIVE_PATH pc_to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(
    ${PROJECT_SOURCE_DIR}/cmake/heddle.pc.in
    ${PROJECT_BINARY_DIR}/package/heddle.pc
    @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/package/heddle.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
