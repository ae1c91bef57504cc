// Whether a program may be run by a service with all rights: only when nobody but administrators and
// the system can change it, or the folders that lead to it.
//
// Pure; any thread. Trusted are SYSTEM, the Administrators and TrustedInstaller, as owners and as
// holders of rights. Entries that deny are not counted in favour: an order of entries is easily got
// wrong. Creator Owner and Owner Rights speak of the owner, who is trusted or else refused anyway.
#pragma once

#include <string>
#include <vector>

#include "platform/program_files.h"

namespace regwatch {

enum class PlaceRole {
    file,
    folder,        // that the file is in: who may add a file there can add a library beside it
    folder_above,  // who may exchange it exchanges all that is in it
};

// What is wrong with one place, in one sentence that ends with the command that repairs it; empty:
// nothing.
[[nodiscard]] std::string complaint_about(const SecuredPlace& place, PlaceRole role);
// The first complaint about a file, or a folder, and all that is above it, in the order of
// HeldFile::places().
[[nodiscard]] std::string complaint_about(const std::vector<SecuredPlace>& places,
                                          PlaceRole first = PlaceRole::file);

}  // namespace regwatch
