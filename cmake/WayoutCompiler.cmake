# How every target is compiled.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")

# Faster rebuilds where ccache happens to be installed.
find_program(WAYOUT_CCACHE ccache)
if(WAYOUT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${WAYOUT_CCACHE}")
endif()

# A fused multiply-add rounds once where the plain code rounds twice, so kernels built for newer
# processors would print other digits than the baseline.
add_compile_options(-ffp-contract=off)
# Paths in messages are the repository's own, wherever it was built.
add_compile_options("-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=")

if(WAYOUT_SANITIZE)
  add_compile_options("-fsanitize=${WAYOUT_SANITIZE}" -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options("-fsanitize=${WAYOUT_SANITIZE}")
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()
if(WAYOUT_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "The fuzzers need clang: cmake --preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_custom_target(fuzzers)
endif()
if(WAYOUT_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
