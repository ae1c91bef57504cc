// Which keys there are twice, once for 64-bit and once for 32-bit programs (sdk, "Registry Keys Affected
// by WOW64").
//
// Pure; any thread. Whether a key of such a place is really there twice only the system can tell: some
// of them are shared. In a path with wildcards what they could stand for counts.
#pragma once

#include "registry/key_path.h"

namespace regwatch {

[[nodiscard]] bool has_32bit_view(const KeyPath& key);
// The 32-bit keys lie below the key itself, so that who watches all below it watches them too.
[[nodiscard]] bool contains_32bit_view(const KeyPath& key);
// The same key under the name that 64-bit programs know it by: HKLM\SOFTWARE\WOW6432Node\Example for
// HKLM\SOFTWARE\Example of the 32-bit view. Of a key that is shared, and of a 64-bit one, its own.
[[nodiscard]] KeyPath as_64bit(const KeyPath& key);

}  // namespace regwatch
