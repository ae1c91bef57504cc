// Port: whose hive it is. Implemented by src/win32/accounts.cpp and by tests.
//
// Any thread; may take time, since a domain may have to be asked.
#pragma once

#include <string>
#include <string_view>

#include "registry/key_path.h"

namespace regwatch {

class Accounts {
public:
    virtual ~Accounts() = default;
    // "DOMAIN\user" in UTF-8 for "S-1-5-21-…"; empty where nobody knows.
    [[nodiscard]] virtual std::string name_of(std::u16string_view sid) = 0;
};

// Of a key in a user's hive; empty for others, where nobody knows, and where there are no accounts.
[[nodiscard]] std::string owner_of_hive(Accounts* accounts, const KeyPath& key);

}  // namespace regwatch
