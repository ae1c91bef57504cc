# clang-tidy over the portable part.
#
# It goes through everything that a file includes, which takes it ten times as long as the file itself.
# So it is shown at once those files that are joined (regwatch_join_sources), in a library that nobody
# links: what they include is seen once, and only what changed is looked at again.
find_program(CLANG_TIDY_PROGRAM clang-tidy REQUIRED)
mark_as_advanced(CLANG_TIDY_PROGRAM)
get_target_property(values_sources regwatch_values SOURCES)
get_target_property(core_sources regwatch_core SOURCES)
add_library(regwatch_tidy OBJECT ${values_sources} ${core_sources})
regwatch_join_sources(regwatch_tidy)
target_link_libraries(regwatch_tidy PRIVATE
  regwatch_options spdlog::spdlog fmt::fmt nlohmann_json::nlohmann_json regwatch_sqlite regwatch_version)
target_include_directories(regwatch_tidy PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
target_compile_options(regwatch_tidy PRIVATE -O0 -g0 -fno-sanitize=all)
# The check left out is of files that include sources, as those made here do.
set_target_properties(regwatch_tidy PROPERTIES
  EXPORT_COMPILE_COMMANDS OFF
  CXX_CLANG_TIDY "${CLANG_TIDY_PROGRAM};--quiet;--config-file=${PROJECT_SOURCE_DIR}/.clang-tidy;--checks=-bugprone-suspicious-include;--header-filter=/(src|service)/[^:]*[.](h|cpp)$")
