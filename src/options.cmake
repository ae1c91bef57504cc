# How everything of this project is compiled. Dependencies do not link regwatch_options, so that
# their warnings never fail this build.

# Kept apart because the dependencies must be instrumented too: ThreadSanitizer reports races that
# are none when one side of a lock is in code it cannot see.
add_library(regwatch_sanitizers INTERFACE)
if(REGWATCH_SANITIZE)
  target_compile_options(regwatch_sanitizers INTERFACE
    "-fsanitize=${REGWATCH_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(regwatch_sanitizers INTERFACE "-fsanitize=${REGWATCH_SANITIZE}")
endif()

add_library(regwatch_options INTERFACE)
target_compile_features(regwatch_options INTERFACE cxx_std_20)
target_link_libraries(regwatch_options INTERFACE regwatch_sanitizers)

if(MSVC)
  target_compile_options(regwatch_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:/W4 /WX /permissive- /utf-8 /Zc:__cplusplus /sdl /guard:cf>)
  target_link_options(regwatch_options INTERFACE
    /guard:cf /CETCOMPAT /DYNAMICBASE /HIGHENTROPYVA /DEPENDENTLOADFLAG:0x800 /Brepro)
else()
  target_compile_options(regwatch_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wconversion -Wshadow -Werror
      -fstack-protector-strong -fcf-protection=full>
    # gcc 12 takes the copy inside "text" + std::string for an overlap (its bug 105651).
    $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
    $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wthread-safety>)
  # The fortified functions need the optimizer, and hide from the sanitizers what they check.
  if(REGWATCH_SANITIZE)
    target_compile_definitions(regwatch_options INTERFACE _GLIBCXX_ASSERTIONS)
  else()
    target_compile_definitions(regwatch_options INTERFACE
      $<IF:$<CONFIG:Debug>,_GLIBCXX_ASSERTIONS,_FORTIFY_SOURCE=2>)
  endif()
endif()

if(WIN32)
  target_compile_definitions(regwatch_options INTERFACE
    UNICODE _UNICODE NOMINMAX WIN32_LEAN_AND_MEAN _WIN32_WINNT=0x0602)
endif()
if(MINGW)
  # Template-heavy tests have more sections than a plain COFF object can number.
  target_compile_options(regwatch_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wa,-mbig-obj>)
  # Without -static the exe needs three runtime DLLs beside it; without the time stamp the same
  # sources give the same file; the stack protector is a library here.
  target_link_options(regwatch_options INTERFACE
    -static -fstack-protector-strong
    -Wl,--no-insert-timestamp,--dynamicbase,--nxcompat,--high-entropy-va
    $<$<CONFIG:Release>:-s>)
endif()

# For the one executable whose entry point is wmain.
add_library(regwatch_wide_main INTERFACE)
if(MINGW)
  target_compile_options(regwatch_wide_main INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-municode>)
  target_link_options(regwatch_wide_main INTERFACE -municode)
endif()

# Not part of regwatch_options, so that a new version number compiles only the files that print it.
add_library(regwatch_version INTERFACE)
target_compile_definitions(regwatch_version INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:REGWATCH_VERSION="${PROJECT_VERSION}">)

# Most of the time that a small file takes goes into the headers it includes, so ten at once take three
# times as long as one. For builds that are made from nothing: after a change, more than that file is
# compiled again. What is joined is of one folder, in tests/unit also of one first word; there, names
# in unnamed namespaces have to differ.
option(REGWATCH_JOIN_SOURCES "Compile several source files as one" OFF)

# At the end of the folder that calls it, when the target has all of its sources. What clang-tidy goes
# through may have as many as its folder has: to it, nearly all of a small file is the headers.
function(regwatch_join_sources target)
  if(REGWATCH_JOIN_SOURCES)
    cmake_language(EVAL CODE "cmake_language(DEFER CALL regwatch_group_sources [[${target}]])")
  endif()
endfunction()

function(regwatch_group_sources target)
  set(at_most 10)
  get_target_property(is_tidied ${target} CXX_CLANG_TIDY)
  if(is_tidied)
    set(at_most 40)
  endif()
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    get_filename_component(source "${source}" ABSOLUTE)
    get_filename_component(folder "${source}" DIRECTORY)
    get_filename_component(group "${folder}" NAME)
    if(group STREQUAL "unit")
      get_filename_component(name "${source}" NAME)
      string(REGEX REPLACE "_.*" "" group "${name}")
    endif()
    if(NOT DEFINED count_${group})
      set(count_${group} 0)
    endif()
    math(EXPR batch "${count_${group}} / ${at_most}")
    math(EXPR count_${group} "${count_${group}} + 1")
    set_property(SOURCE "${source}" PROPERTY UNITY_GROUP "${group}_${batch}")
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # gcc takes what is included for a header, whose types everybody could see.
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage>)
endfunction()

# With what nearly every file needs of the standard library already parsed, and with the headers named,
# a small file compiles in two thirds of the time. Sources name all the headers that they use all the same:
# the portable ones are also compiled without, by clang, and the rest always.
function(regwatch_precompile target)
  target_precompile_headers(${target} PRIVATE ${ARGN}
    <algorithm> <chrono> <functional> <map> <memory> <optional> <string> <vector>)
  # In a precompiled header gcc 12 forgets what is a system's header, and warns of std::string's insides.
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-array-bounds -Wno-stringop-overread -Wno-stringop-overflow>)
endfunction()
