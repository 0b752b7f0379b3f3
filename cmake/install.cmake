# Where Debian expects things. Meant for packages and for
# `DESTDIR=... cmake --install build/release`.

set(doc_dir share/doc/comity)

foreach(program comityd comity)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()

foreach(folder data proto)
  if(EXISTS ${PROJECT_SOURCE_DIR}/${folder})
    install(DIRECTORY ${folder} DESTINATION share/comity
      PATTERN CMakeLists.txt EXCLUDE)
  endif()
endforeach()
install(DIRECTORY docs/ DESTINATION ${doc_dir})
install(FILES README.md DESTINATION ${doc_dir} OPTIONAL)

configure_file(cmake/comityd.service.in comityd.service @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/comityd.service
  DESTINATION lib/systemd/system)

# The command writes its own completions, so they know every option.
if(COMITY_COMPLETIONS AND TARGET comity)
  set(completions
    bash bash-completion/completions/comity
    zsh zsh/site-functions/_comity
    fish fish/vendor_completions.d/comity.fish)
  set(written)
  while(completions)
    list(POP_FRONT completions shell path)
    cmake_path(GET path PARENT_PATH folder)
    set(file ${CMAKE_BINARY_DIR}/completions/${path})
    add_custom_command(
      OUTPUT ${file}
      COMMAND ${CMAKE_COMMAND} -E make_directory
        ${CMAKE_BINARY_DIR}/completions/${folder}
      COMMAND comity completion ${shell} > ${file}
      DEPENDS comity
      COMMENT "Writing the completions for ${shell}"
      VERBATIM)
    install(FILES ${file} DESTINATION share/${folder})
    list(APPEND written ${file})
  endwhile()
  add_custom_target(comity_completions ALL DEPENDS ${written})
endif()
