// Whether a service with all rights may obey its configuration: one that has programs run, or the registry
// written, must not be anybody's to change, and neither must the data directory.
//
// Any thread. What the owners and access lists mean is decided by action/file_trust.h. Where the system
// keeps none, nothing is wrong with them.
#pragma once

#include <string>
#include <vector>

#include "platform/program_files.h"
#include "settings/settings.h"

namespace regwatch {

// Whether it lets whoever writes it act with the rights of the service.
[[nodiscard]] bool lends_rights(const Settings& settings);

// What is wrong with a file or folder, and how to repair it, as a sentence; empty: nothing.
enum class PlaceKind { folder, file };
[[nodiscard]] std::string why_unsafe(const std::string& path, PlaceKind kind, ProgramFiles& files);

// Of the data directory and of each file of the configuration that is unsafe, a sentence.
[[nodiscard]] std::vector<std::string> why_not_obeyed(const Settings& settings,
                                                      const std::string& data_directory,
                                                      const std::vector<std::string>& config_files,
                                                      ProgramFiles& files);

// What keeps `install` from taking over what is there: a sentence for the data directory, and one for the
// configuration or, where there is none, the folder that it would be put into. What does not exist is made
// safe.
[[nodiscard]] std::vector<std::string> why_not_taken_over(const std::string& data_directory,
                                                          const std::string& config,
                                                          const std::string& config_folder,
                                                          ProgramFiles& files);

}  // namespace regwatch
