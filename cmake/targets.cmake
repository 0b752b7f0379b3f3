# The functions that declare our targets. A folder's CMakeLists.txt names its
# sources and what it may use, nothing else.

# comity_library(<folder> [GRPC_PCH] [SOURCES <file>...] [DEPS <target>...])
#
# Declares comity_<folder>, alias comity::<folder>. DEPS is all that <folder>
# may include. Without SOURCES the folder has headers only. GRPC_PCH compiles
# with the precompiled gRPC headers: for folders that include grpcpp.
function(comity_library folder)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "GRPC_PCH" "" "SOURCES;DEPS")
  comity_refuse_unparsed(${folder} "${ARG_UNPARSED_ARGUMENTS}")
  if(NOT ARG_SOURCES)
    add_library(comity_${folder} INTERFACE)
    target_include_directories(comity_${folder} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(comity_${folder} INTERFACE ${ARG_DEPS})
  else()
    add_library(comity_${folder} STATIC ${ARG_SOURCES})
    target_include_directories(comity_${folder} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(comity_${folder}
      PUBLIC ${ARG_DEPS}
      PRIVATE comity_options)
    if(ARG_GRPC_PCH)
      comity_use_grpc_pch(comity_${folder})
    endif()
  endif()
  add_library(comity::${folder} ALIAS comity_${folder})
endfunction()

# comity_program(<name> [GRPC_PCH] SOURCES <file>... DEPS <target>...)
#
# Declares the executable <name>, built as <build>/bin/<name>.
function(comity_program name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "GRPC_PCH" "" "SOURCES;DEPS")
  comity_refuse_unparsed(${name} "${ARG_UNPARSED_ARGUMENTS}")
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name}
    PRIVATE ${ARG_DEPS} comity_options $<TARGET_NAME_IF_EXISTS:comity_tsan>)
  if(ARG_GRPC_PCH)
    comity_use_grpc_pch(${name})
  endif()
endfunction()

# comity_test(<folder> [GRPC_PCH] [SLOW] [SERIAL] [TIMEOUT <seconds>]
#             SOURCES <file>... [DEPS <target>...])
#
# Declares the GoogleTest program comity_<folder>_test and each of its tests.
# It links comity::<folder>, where that is a library, and GoogleTest with its
# main. A folder with tests of two kinds declares a second program under a name
# of its own (store_crash). SLOW labels the tests, so that `ctest -LE slow`
# leaves them out; SERIAL runs each alone; TIMEOUT is for one test.
# Tests find the tree by the macro COMITY_SOURCE_DIR.
function(comity_test folder)
  cmake_parse_arguments(PARSE_ARGV 1 ARG
    "GRPC_PCH;SLOW;SERIAL" "TIMEOUT" "SOURCES;DEPS")
  comity_refuse_unparsed(${folder} "${ARG_UNPARSED_ARGUMENTS}")
  if(NOT BUILD_TESTING)
    return()
  endif()
  set(program comity_${folder}_test)
  add_executable(${program} ${ARG_SOURCES})
  target_include_directories(${program} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${program}
    PRIVATE COMITY_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  # The main of GoogleMock starts GoogleTest too.
  target_link_libraries(${program}
    PRIVATE ${ARG_DEPS} GTest::gmock_main GTest::gmock GTest::gtest
            comity_options $<TARGET_NAME_IF_EXISTS:comity_tsan>)
  # Asked at generation, since a folder may be declared after its tests.
  target_link_libraries(${program}
    PRIVATE $<TARGET_NAME_IF_EXISTS:comity::${folder}>)
  if(ARG_GRPC_PCH)
    comity_use_grpc_pch(${program})
  endif()

  set(properties TIMEOUT 120)
  if(ARG_SLOW)
    set(properties TIMEOUT 900 LABELS slow)
  endif()
  if(ARG_TIMEOUT)
    list(APPEND properties TIMEOUT ${ARG_TIMEOUT})
  endif()
  if(ARG_SERIAL)
    list(APPEND properties RUN_SERIAL ON)
  endif()
  # Found when ctest starts, so that building a program never runs it.
  gtest_discover_tests(${program}
    TEST_PREFIX "${folder}: "
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 120
    PROPERTIES ${properties})
endfunction()

# comity_fuzzer(<name> SOURCES <file>... DEPS <target>...)
#
# Declares comity_<name>_fuzz, a libFuzzer program; only in the preset `fuzz`.
# `./dev fuzz` runs each, starting from tests/data/fuzz/<name>/ where present.
function(comity_fuzzer name)
  if(NOT COMITY_FUZZ)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;DEPS")
  comity_refuse_unparsed(${name} "${ARG_UNPARSED_ARGUMENTS}")
  add_executable(comity_${name}_fuzz ${ARG_SOURCES})
  target_include_directories(comity_${name}_fuzz PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(comity_${name}_fuzz PRIVATE ${ARG_DEPS} comity_options)
  target_link_options(comity_${name}_fuzz PRIVATE -fsanitize=fuzzer)
endfunction()

# A word in the wrong place would otherwise be dropped without a sound.
function(comity_refuse_unparsed name unparsed)
  if(unparsed)
    message(FATAL_ERROR "${name}: not understood: ${unparsed}")
  endif()
endfunction()

function(comity_use_grpc_pch target)
  if(COMITY_PCH)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "EXECUTABLE")
      # As the headers were compiled; otherwise GCC does not take them.
      target_compile_options(${target} PRIVATE -fPIC)
    endif()
    target_precompile_headers(${target} REUSE_FROM comity_grpc_pch)
    target_link_libraries(${target} PRIVATE comity_grpc_pch)
  endif()
endfunction()
