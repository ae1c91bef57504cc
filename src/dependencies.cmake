include(FetchContent)

# Debian has no packages of these libraries for Windows, so .ci/setup-debian.sh unpacks their
# sources and leaves this file with their places. It is read here and not in a preset, because a
# preset cannot say "if it exists", and without it the pinned commits are downloaded.
include("${CMAKE_SOURCE_DIR}/build/deps/sources.cmake" OPTIONAL)

FetchContent_Declare(fmt SYSTEM
  GIT_REPOSITORY https://github.com/fmtlib/fmt.git
  GIT_TAG f5e54359df4c26b6230fc61d38aa294581393084 # 10.1.1
  FIND_PACKAGE_ARGS 10 CONFIG)
FetchContent_Declare(spdlog SYSTEM
  GIT_REPOSITORY https://github.com/gabime/spdlog.git
  GIT_TAG 48bcf39a661a13be22666ac64db8a7f886f2637e # 1.15.2
  FIND_PACKAGE_ARGS 1.15 CONFIG)
FetchContent_Declare(nlohmann_json SYSTEM
  GIT_REPOSITORY https://github.com/nlohmann/json.git
  GIT_TAG bc889afb4c5bf1c0d8ee29ef35eaaf4c8bef8a5d # 3.11.2
  FIND_PACKAGE_ARGS 3.11 CONFIG)
FetchContent_Declare(CLI11 SYSTEM
  GIT_REPOSITORY https://github.com/CLIUtils/CLI11.git
  GIT_TAG 70f8072f9dd2292fd0b9f9e5f58e279f60483ed3 # 2.1.2
  FIND_PACKAGE_ARGS 2.1 CONFIG)

set(SPDLOG_FMT_EXTERNAL ON)
set(SPDLOG_PREVENT_CHILD_FD ON) # a script started by an action must not hold the log file open
set(FMT_INSTALL OFF)
set(CLI11_PRECOMPILED OFF)

# fmt before spdlog: spdlog takes the target when there is one and searches the machine when not.
FetchContent_MakeAvailable(fmt spdlog nlohmann_json CLI11)
set(regwatch_compiled_dependencies fmt spdlog)
# Its few files all include nearly all of it.
if(TARGET spdlog)
  set_target_properties(spdlog PROPERTIES UNITY_BUILD ON)
endif()

if(REGWATCH_BUILD_TESTS)
  FetchContent_Declare(Catch2 SYSTEM
    GIT_REPOSITORY https://github.com/catchorg/Catch2.git
    GIT_TAG fa43b77429ba76c462b1898d6cd2f2d7a9416b14 # 3.7.1
    FIND_PACKAGE_ARGS 3.7 CONFIG)
  FetchContent_MakeAvailable(Catch2)
  get_target_property(catch2_imported Catch2 IMPORTED)
  if(NOT catch2_imported)
    # clang 14 would take C++14, and leave out what prints a std::string_view.
    target_compile_features(Catch2 PUBLIC cxx_std_17)
    # A hundred small files that include much: in a quarter of the time when a few at once.
    set_target_properties(Catch2 PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 16)
    # What is compiled once and hardly used takes longer to optimize than that saves.
    if(NOT MSVC)
      target_compile_options(Catch2 PRIVATE -O0 -g0)
    endif()
  endif()
  list(APPEND regwatch_compiled_dependencies Catch2 Catch2WithMain)
endif()

# A dependency found as a package is an imported target: compiled already, nothing to instrument.
foreach(dependency IN LISTS regwatch_compiled_dependencies)
  if(TARGET ${dependency})
    target_link_libraries(${dependency} PRIVATE regwatch_sanitizers)
    # These too are hardly used by a test.
    if(REGWATCH_SANITIZE)
      target_compile_options(${dependency} PRIVATE -O0 -g0)
    endif()
  endif()
endforeach()

include(src/sqlite.cmake)
