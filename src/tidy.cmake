# clang-tidy over the portable part, with the compiler.
#
# It goes through everything that a file includes, which takes it ten times as long as the file itself.
# So it is for trees whose files are joined (regwatch_join_sources): what they include is seen once.
find_program(CLANG_TIDY_PROGRAM clang-tidy REQUIRED)
mark_as_advanced(CLANG_TIDY_PROGRAM)

function(regwatch_add_tidy)
  # The check left out is of files that include sources, as those that are joined do.
  set_target_properties(${ARGN} PROPERTIES
    CXX_CLANG_TIDY "${CLANG_TIDY_PROGRAM};--quiet;--config-file=${PROJECT_SOURCE_DIR}/.clang-tidy;--checks=-bugprone-suspicious-include;--header-filter=/(src|service)/[^:]*[.](h|cpp)$")
endfunction()
