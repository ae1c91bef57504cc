#include "state/left_out_rows.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "state/stored_time.h"

namespace regwatch {
namespace {

// In the order of the enumeration.
constexpr std::string_view kReasons[] = {"muted", "limited", "limited_in_all"};

LeftOut reason_of(std::string_view word) {
    const auto found = std::find(std::begin(kReasons), std::end(kReasons), word);
    return found == std::end(kReasons)
               ? LeftOut::muted
               : static_cast<LeftOut>(std::distance(std::begin(kReasons), found));
}

}  // namespace

Result<void> add_left_out(Database& database, const LeftOutCount& count) {
    // What was told belongs to the times before.
    auto add = database.statement(
        "INSERT INTO left_out (action, watch, reason, number, first_at, last_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (action, watch, reason) DO UPDATE SET "
        "first_at = CASE WHEN number > 0 THEN min(first_at, excluded.first_at) "
        "ELSE excluded.first_at END, "
        "last_at = max(last_at, excluded.last_at), number = number + excluded.number");
    if (!add) return std::move(add).error();
    {
        Use use(**add);
        use->bind(1, count.action).bind(2, count.watch);
        use->bind(3, kReasons[static_cast<std::size_t>(count.why)]).bind(4, count.count);
        use->bind(5, ticks(count.since)).bind(6, ticks(count.last));
        if (auto done = use->run(); !done) return done;
    }
    auto drop = database.statement("DELETE FROM left_out WHERE number = 0");
    if (!drop) return std::move(drop).error();
    Use use(**drop);
    return use->run();
}

Result<std::vector<LeftOutCount>> read_left_out(Database& database) {
    auto statement = database.statement(
        "SELECT action, watch, reason, number, first_at, last_at FROM left_out WHERE number > 0 "
        "ORDER BY action, watch, reason");
    if (!statement) return std::move(statement).error();
    Use use(**statement);
    std::vector<LeftOutCount> counts;
    for (;;) {
        auto row = use->step();
        if (!row) return std::move(row).error();
        if (!*row) return counts;
        counts.push_back({use->text(0), use->text(1), reason_of(use->text(2)), use->integer(3),
                          wall_time(use->integer(4)), wall_time(use->integer(5))});
    }
}

}  // namespace regwatch
