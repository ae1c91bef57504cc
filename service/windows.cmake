# The part of the host that only Windows has, and the program.
target_sources(regwatch_host PRIVATE
  arguments.cpp
  check_command.cpp
  commands.cpp
  console.cpp
  console_host.cpp
  event_source.cpp
  install.cpp
  places.cpp
  run_command.cpp
  scm_host.cpp
  service_manager.cpp
  watch_command.cpp
  windows_platform.cpp
)
target_link_libraries(regwatch_host PUBLIC regwatch_win32 PRIVATE advapi32)

configure_file(regwatch.rc.in "${CMAKE_CURRENT_BINARY_DIR}/regwatch.rc" @ONLY)
set_source_files_properties("${CMAKE_CURRENT_BINARY_DIR}/regwatch.rc" PROPERTIES
  OBJECT_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/regwatch.manifest")
add_executable(regwatch main.cpp "${CMAKE_CURRENT_BINARY_DIR}/regwatch.rc")
target_include_directories(regwatch PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
target_link_libraries(regwatch PRIVATE regwatch_host regwatch_wide_main)
if(MSVC)
  target_link_options(regwatch PRIVATE /MANIFEST:NO) # it is in the resources
endif()
add_dependencies(regwatch regwatch-events)

# Beside the program, where `regwatch install` takes it from.
set(default_config "${PROJECT_SOURCE_DIR}/config/regwatch.json")
if(EXISTS "${default_config}")
  set(copied_config "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/config/regwatch.json")
  add_custom_command(OUTPUT "${copied_config}"
    COMMAND ${CMAKE_COMMAND} -E copy "${default_config}" "${copied_config}"
    DEPENDS "${default_config}" VERBATIM)
  add_custom_target(regwatch-config ALL DEPENDS "${copied_config}")
  add_dependencies(regwatch regwatch-config)
endif()
