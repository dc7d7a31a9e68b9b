# One target per room (folder of src/wayout). The link line of a room is the list of what it may use;
# tools/check_floors.py holds it against the floors and against the includes.

# wayout_warnings(TARGET)
function(wayout_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # g++ 12 sees overlaps in sound additions of strings (GCC bug 105651).
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(WAYOUT_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# wayout_room(NAME [DEPS room...] [LIBS target...] [TEST_DEPS room...])
# From the .cpp files of the calling folder:
#   wayout_NAME          the library: everything but what follows
#   wayout_NAME_test     the *_test.cpp files, run by ctest; TEST_DEPS are what only they may use
#   wayout_STEM_fuzz     one program per STEM_fuzz.cpp, in the fuzz preset only
# main.cpp is left to the room.
function(wayout_room name)
  cmake_parse_arguments(PARSE_ARGV 1 ROOM "" "" "DEPS;LIBS;TEST_DEPS")
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(fuzzers ${sources})
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cpp$")

  list(TRANSFORM ROOM_DEPS PREPEND wayout_)
  list(TRANSFORM ROOM_TEST_DEPS PREPEND wayout_)
  if(sources)
    add_library(wayout_${name} STATIC ${sources})
    wayout_warnings(wayout_${name})
    set(scope PUBLIC)
  else() # headers only
    add_library(wayout_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(wayout_${name} ${scope} "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(wayout_${name} ${scope} ${ROOM_DEPS} ${ROOM_LIBS})

  if(tests AND WAYOUT_TESTS)
    add_executable(wayout_${name}_test ${tests})
    wayout_warnings(wayout_${name}_test)
    target_link_libraries(wayout_${name}_test PRIVATE wayout_${name} ${ROOM_TEST_DEPS}
                          rapidcheck_gtest rapidcheck GTest::gmock GTest::gtest_main)
    gtest_discover_tests(wayout_${name}_test TEST_PREFIX "${name}/" DISCOVERY_TIMEOUT 120
                         WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}" PROPERTIES TIMEOUT 300)
  endif()

  foreach(fuzzer IN LISTS fuzzers)
    cmake_path(GET fuzzer STEM stem)
    set_property(GLOBAL APPEND PROPERTY WAYOUT_FUZZERS "${stem}")
    if(WAYOUT_FUZZ)
      add_executable(wayout_${stem} ${fuzzer})
      wayout_warnings(wayout_${stem})
      target_link_libraries(wayout_${stem} PRIVATE wayout_${name})
      target_link_options(wayout_${stem} PRIVATE -fsanitize=fuzzer)
      add_dependencies(fuzzers wayout_${stem})
    endif()
  endforeach()
endfunction()

# wayout_test(NAME DEPS room...)
# A test program that crosses rooms, from the *_test.cpp files of the calling folder under tests/.
function(wayout_test name)
  cmake_parse_arguments(PARSE_ARGV 1 TEST "" "" "DEPS")
  file(GLOB tests CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp")
  list(TRANSFORM TEST_DEPS PREPEND wayout_)
  add_executable(wayout_${name}_test ${tests})
  wayout_warnings(wayout_${name}_test)
  target_link_libraries(wayout_${name}_test PRIVATE ${TEST_DEPS}
                        rapidcheck_gtest rapidcheck GTest::gmock GTest::gtest_main)
  gtest_discover_tests(wayout_${name}_test TEST_PREFIX "${name}/" DISCOVERY_TIMEOUT 120
                       WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}" PROPERTIES TIMEOUT 300)
endfunction()
