# SQLite, from its amalgamation: Debian's source (build/deps/sqlite3, see .ci/setup-debian.sh), else
# vcpkg's package, else a download.
FetchContent_Declare(sqlite3 SYSTEM
  URL https://sqlite.org/2022/sqlite-amalgamation-3400100.zip
  URL_HASH SHA256=49112cc7328392aa4e3e5dae0b2f6736d0153430143d21f69327788ff4efe734
  FIND_PACKAGE_ARGS NAMES unofficial-sqlite3 CONFIG)
FetchContent_MakeAvailable(sqlite3)

if(TARGET unofficial::sqlite3::sqlite3)
  add_library(regwatch_sqlite INTERFACE)
  target_link_libraries(regwatch_sqlite INTERFACE unofficial::sqlite3::sqlite3)
  return()
endif()

# Not instrumented, whatever the build: it is well tested, and slow enough without.
add_library(regwatch_sqlite STATIC "${sqlite3_SOURCE_DIR}/sqlite3.c")
target_include_directories(regwatch_sqlite SYSTEM INTERFACE "${sqlite3_SOURCE_DIR}")
target_compile_definitions(regwatch_sqlite PRIVATE
  SQLITE_THREADSAFE=2             # a connection is used by one thread at a time; its owner sees to that
  SQLITE_DQS=0                    # "text" in double quotes is a name, so a misspelt one is an error
  SQLITE_DEFAULT_FOREIGN_KEYS=0
  SQLITE_DEFAULT_MEMSTATUS=0      # nobody asks, and counting takes a lock at each allocation
  SQLITE_DEFAULT_WAL_SYNCHRONOUS=1
  SQLITE_LIKE_DOESNT_MATCH_BLOBS
  SQLITE_MAX_EXPR_DEPTH=100
  SQLITE_OMIT_DEPRECATED
  SQLITE_OMIT_LOAD_EXTENSION      # a service loads no code that a database names
  SQLITE_OMIT_SHARED_CACHE
  SQLITE_TEMP_STORE=2             # in memory: no files in the folder for temporary ones
  SQLITE_TRUSTED_SCHEMA=0)        # nor runs it
set_target_properties(regwatch_sqlite PROPERTIES C_CLANG_TIDY "" EXPORT_COMPILE_COMMANDS OFF)
if(MSVC)
  target_compile_options(regwatch_sqlite PRIVATE /O2 /W0)
else()
  # Also in Debug, where nobody steps through it; the last -O counts.
  target_compile_options(regwatch_sqlite PRIVATE $<IF:$<CONFIG:Release>,-O2,-O1> -g0 -w)
  if(NOT WIN32)
    target_link_libraries(regwatch_sqlite INTERFACE ${CMAKE_DL_LIBS} m)
  endif()
endif()
