# What `cmake --install build` puts where. The man page and the completions are written from the
# command line's own description; each is installed where the file exists.
if(TARGET wayout-mpi)
  install(TARGETS wayout-mpi RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()
if(TARGET wayout)
  install(TARGETS wayout RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

set(man_page "${PROJECT_SOURCE_DIR}/docs/wayout.1")
if(EXISTS "${man_page}")
  install(FILES "${man_page}" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
endif()

set(completions "${PROJECT_SOURCE_DIR}/src/wayout/cli/completions")
if(EXISTS "${completions}/wayout.bash")
  install(FILES "${completions}/wayout.bash" RENAME wayout
          DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
endif()
if(EXISTS "${completions}/wayout.zsh")
  install(FILES "${completions}/wayout.zsh" RENAME _wayout
          DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
endif()
if(EXISTS "${completions}/wayout.fish")
  install(FILES "${completions}/wayout.fish"
          DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
endif()

install(DIRECTORY "${PROJECT_SOURCE_DIR}/cases" DESTINATION "${CMAKE_INSTALL_DATADIR}/wayout"
        FILES_MATCHING PATTERN "*.toml" PATTERN "*.md")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/docs/schema" DESTINATION "${CMAKE_INSTALL_DATADIR}/wayout"
        FILES_MATCHING PATTERN "*.json")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
