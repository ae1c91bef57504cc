// A file for reg.exe and the Registry Editor: "Windows Registry Editor Version 5.00", UTF-16 with its mark.
//
// Pure; any thread. Text that the format cannot hold in quotes (line ends, NULs, no terminator) is
// written in hexadecimal, exactly. A name that holds a NUL or a line end cannot be written at all; a
// comment stands in its place.
#pragma once

#include <string>
#include <vector>

#include "change/registry_edit.h"

namespace regwatch {

// The bytes of the file. Edits are carried out in the order in which they stand.
[[nodiscard]] std::string to_reg_file(const std::vector<RegistryEdit>& edits);

}  // namespace regwatch
