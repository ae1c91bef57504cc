// The names of accounts, from the local machine or the domain; each is asked for once.
//
// Any thread.
#pragma once

#include <map>
#include <string>

#include "base/sync.h"
#include "platform/accounts.h"

namespace regwatch::win32 {

class SystemAccounts final : public Accounts {
public:
    [[nodiscard]] std::string name_of(std::u16string_view sid) override REGWATCH_EXCLUDES(mutex_);

private:
    Mutex mutex_;
    // Names may change, but hardly while the service runs. One that is not known is asked for again.
    std::map<std::u16string, std::string> known_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace regwatch::win32
