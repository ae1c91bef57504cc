// The baseline of watched keys as rows: written by what a look found, read back as a snapshot.
//
// Inside a transaction of the caller's; one thread at a time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/store.h"
#include "state/sqlite.h"

namespace regwatch {

Result<void> write_baseline(Database& database, const BaselineUpdate& update);
Result<std::optional<StoredBaseline>> read_baseline(Database& database, const std::string& watch,
                                                    const KeyPath& key);
Result<std::vector<BaselineName>> list_baselines(Database& database);
// Whether each row is as it was written; as far as is known of those of earlier versions.
Result<void> check_baselines(Database& database);
Result<void> forget_baseline(Database& database, const std::string& watch, const KeyPath& key);

}  // namespace regwatch
