# The part of the host that only Windows has, and the program.
target_sources(regwatch_host PRIVATE
  arguments.cpp
  check_command.cpp
  commands.cpp
  console.cpp
  console_host.cpp
  doctor_checks.cpp
  doctor_command.cpp
  event_source.cpp
  explain_command.cpp
  install.cpp
  mute_command.cpp
  places.cpp
  reload_command.cpp
  run_command.cpp
  scm_host.cpp
  self_test_command.cpp
  service_control.cpp
  service_manager.cpp
  service_status.cpp
  start_command.cpp
  state_commands.cpp
  status_command.cpp
  test_action_command.cpp
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

# Beside the program, where `regwatch install` takes them from.
set(copied_config)
foreach(file IN ITEMS
    regwatch.json schema.json packs/autostart.json packs/browsers.json packs/certificates.json
    packs/com.json packs/credentials.json packs/defender.json packs/hijacks.json packs/logging.json
    packs/office.json packs/policy.json packs/remote-access.json packs/services.json)
  set(copy "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/config/${file}")
  add_custom_command(OUTPUT "${copy}"
    COMMAND ${CMAKE_COMMAND} -E copy "${PROJECT_SOURCE_DIR}/config/${file}" "${copy}"
    DEPENDS "${PROJECT_SOURCE_DIR}/config/${file}" VERBATIM)
  list(APPEND copied_config "${copy}")
endforeach()
add_custom_target(regwatch-config ALL DEPENDS ${copied_config})
add_dependencies(regwatch regwatch-config)
