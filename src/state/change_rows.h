// The history and the deliveries owed as rows: a change goes in and comes out the same.
//
// Inside a transaction of the caller's; one thread at a time.
#pragma once

#include <string>
#include <vector>

#include "platform/store.h"
#include "state/sqlite.h"

namespace regwatch {

Result<std::uint64_t> read_last_sequence(Database& database);
Result<void> write_record(Database& database, const NewRecord& record);
Result<void> delete_delivery(Database& database, const DeliveryId& delivered);

Result<std::vector<SharedChange>> read_pending(Database& database, const std::string& action,
                                               std::uint64_t after, std::size_t limit);
Result<std::vector<SharedChange>> read_history(Database& database, const HistoryQuery& query);
struct Retained {
    std::vector<LostDeliveries> lost;
    bool is_more = false;  // a piece went, and more is to go
};
Result<Retained> retain_rows(Database& database, const Retention& retention);

// Whether the change is one of those asked for, but for `limit`.
[[nodiscard]] bool fits(const Change& change, const HistoryQuery& query);

}  // namespace regwatch
