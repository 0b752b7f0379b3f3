# How our code is compiled: warnings, sanitizers, and what makes builds fast.

option(COMITY_WERROR "Treat warnings in our code as errors" ON)
option(COMITY_PCH "Precompile the gRPC headers" ON)
option(COMITY_FUZZ "Build the fuzzers; needs clang" OFF)
option(COMITY_COMPLETIONS "Write the shell completions at build time" OFF)
set(COMITY_SANITIZE "" CACHE STRING "Argument of -fsanitize=, or empty")
set(COMITY_COMPILE_JOBS 2 CACHE STRING "Compilations at a time")
set(COMITY_LINK_JOBS 1 CACHE STRING "Links at a time")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

# Symbols enough for a backtrace; full ones treble the size of a build.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
# Sanitized code is slow without optimisation; -O1 keeps backtraces readable.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer")

set_property(GLOBAL PROPERTY JOB_POOLS
  compile=${COMITY_COMPILE_JOBS} link=${COMITY_LINK_JOBS})
set(CMAKE_JOB_POOL_COMPILE compile)
set(CMAKE_JOB_POOL_PRECOMPILE_HEADER compile)
set(CMAKE_JOB_POOL_LINK link)

# Library headers are not ours to mend, and our warnings not theirs.
add_library(comity_options INTERFACE)
target_compile_options(comity_options INTERFACE
  -Wall -Wextra -Wshadow -Wconversion)
# Not in instrumented builds: GCC's warnings that follow the flow of data are
# unreliable there. The release build keeps them errors.
if(COMITY_WERROR AND NOT COMITY_SANITIZE)
  target_compile_options(comity_options INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 warns of std::string concatenation at -O2 without cause (GCC bug
  # 105651).
  target_compile_options(comity_options INTERFACE -Wno-restrict)
  if(COMITY_SANITIZE)
    # Instrumented code looks uninitialised to it on paths that cannot be.
    target_compile_options(comity_options INTERFACE -Wno-maybe-uninitialized)
  endif()
else()
  # Clang counts changes of sign as conversions; GCC does not in C++.
  target_compile_options(comity_options INTERFACE -Wno-sign-conversion)
endif()

# Generated code is instrumented too, hence for every target.
if(COMITY_SANITIZE)
  add_compile_options(-fsanitize=${COMITY_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${COMITY_SANITIZE})
endif()
if(COMITY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()

# The allocator of programs that serve: answers are many small strings, made on
# one thread and freed on another. Sanitizers bring their own.
add_library(comity_allocator INTERFACE)
add_library(comity::allocator ALIAS comity_allocator)
if(NOT COMITY_SANITIZE)
  find_library(COMITY_TCMALLOC tcmalloc_minimal REQUIRED)
  # Nothing names it, so the linker would leave it out.
  target_link_options(comity_allocator INTERFACE
    LINKER:--push-state,--no-as-needed ${COMITY_TCMALLOC} LINKER:--pop-state)
endif()

find_program(COMITY_MOLD mold)
if(COMITY_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

find_program(COMITY_CCACHE ccache)
if(COMITY_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Base folder and no hash of the working folder: clones share the cache.
  # The sloppiness is what ccache asks for where precompiled headers are used.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env
    CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
    CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    ${COMITY_CCACHE})
endif()
if(COMITY_PCH AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Lets ccache see which precompiled header a compilation used.
  add_compile_options(-fpch-preprocess)
endif()
