#include "state/change_rows.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string_view>
#include <utility>

#include "change/change_size.h"
#include "state/stored.h"
#include "state/stored_time.h"
#include "text/fold.h"
#include "text/utf.h"

namespace regwatch {
namespace {

// In the order of the enumerations. Words, because people read the tables too.
constexpr std::string_view kKinds[] = {"value_set",   "value_deleted", "key_created",
                                       "key_deleted", "key_renamed",   "security_changed"};
constexpr std::string_view kDetections[] = {"notify", "sweep", "startup", "hive_load", "reload"};
constexpr std::uint64_t kRowsBetweenProgress = 256;
constexpr char kBetween = '\x1f';  // the texts of a list

constexpr const char* kColumns =
    "change.sequence, id, kind, root, view, key, value, before_type, before_data, after_type, "
    "after_data, detection, detected_at, not_before, key_last_write, watch, tags, techniques, "
    "severity, new_name, security_before, security_after, extra, before_size, before_sha256, "
    "after_size, after_sha256, hive_owner, control_set";

template <class Words>
std::size_t index_of(const Words& words, std::string_view word) {
    const auto found = std::find(std::begin(words), std::end(words), word);
    return found == std::end(words)
               ? 0
               : static_cast<std::size_t>(std::distance(std::begin(words), found));
}

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) {
        if (!all.empty()) all += kBetween;
        all += text;
    }
    return all;
}

std::vector<std::string> split(std::string_view all) {
    std::vector<std::string> texts;
    while (!all.empty()) {
        const std::size_t end = std::min(all.find(kBetween), all.size());
        texts.emplace_back(all.substr(0, end));
        all.remove_prefix(std::min(end + 1, all.size()));
    }
    return texts;
}

// Type and data from `index` on, what is to be said of the rest from `rest` on.
void bind_data(Statement& statement, int index, int rest, const std::optional<ChangeData>& data) {
    if (!data) {
        statement.bind_null(index).bind_null(index + 1);
    } else {
        statement.bind(index, static_cast<std::int64_t>(data->type)).bind(index + 1, data->bytes);
    }
    if (!data || data->whole()) {
        statement.bind_null(rest).bind(rest + 1, std::string_view());
    } else {
        statement.bind(rest, static_cast<std::int64_t>(data->size)).bind(rest + 1, data->sha256);
    }
}

std::optional<ChangeData> data_of(const Statement& row, int column, int rest) {
    if (row.is_null(column)) return std::nullopt;
    ChangeData data = ValueData{static_cast<ValueType>(row.integer(column)), row.bytes(column + 1)};
    if (row.is_null(rest)) return data;
    data.size = static_cast<std::uint64_t>(row.integer(rest));
    data.sha256 = row.text(rest + 1);
    data.redacted = data.sha256.empty();
    return data;
}

SharedChange change_of(const Statement& row) {
    auto change = std::make_shared<Change>();
    change->sequence = static_cast<std::uint64_t>(row.integer(0));
    change->id = row.text(1);
    change->kind = static_cast<DifferenceKind>(index_of(kKinds, row.text(2)));
    change->key = {stored(row.integer(3), Root::current_user), to_utf16(row.text(5)),
                   stored(row.integer(4), View::bits32)};
    change->value_name = to_utf16(row.text(6));
    change->before = data_of(row, 7, 23);
    change->after = data_of(row, 9, 25);
    change->detection = static_cast<Detection>(index_of(kDetections, row.text(11)));
    change->detected_at = wall_time(row.integer(12));
    change->not_before = wall_time(row.integer(13));
    change->key_last_write = wall_time(row.integer(14));
    change->watch = row.text(15);
    change->tags = split(row.text(16));
    change->techniques = split(row.text(17));
    change->severity = stored(row.integer(18), Severity::critical);
    change->new_name = to_utf16(row.text(19));
    change->security_before = row.text(20);
    change->security_after = row.text(21);
    change->hive_owner = row.text(27);
    change->control_set = to_utf16(row.text(28));
    return change;
}

// A commit that went through may be said to have failed: then the same change comes again.
Result<void> is_known(Database& database, const Change& change) {
    auto statement = database.statement("SELECT id FROM change WHERE sequence=?1");
    if (!statement) return std::move(statement).error();
    Use use(**statement);
    use->bind(1, static_cast<std::int64_t>(change.sequence));
    auto row = use->step();
    if (!row) return std::move(row).error();
    if (*row && use->text(0) == change.id) return {};
    return Error{ErrorKind::invalid, 0, "writing a change into", database.file(),
                 "another change has the number " + std::to_string(change.sequence)};
}

Result<void> write_change(Database& database, const Change& change) {
    auto statement = database.statement(
        "INSERT INTO change VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
        "?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29) "
        "ON CONFLICT (sequence) DO NOTHING");
    if (!statement) return std::move(statement).error();
    Use use(**statement);
    use->bind(1, static_cast<std::int64_t>(change.sequence)).bind(2, change.id);
    use->bind(3, kKinds[static_cast<std::size_t>(change.kind)]);
    use->bind(4, static_cast<std::int64_t>(change.key.root));
    use->bind(5, static_cast<std::int64_t>(change.key.view));
    use->bind(6, to_wtf8(change.key.subkey)).bind(7, to_wtf8(change.value_name));
    bind_data(*use, 8, 24, change.before);
    bind_data(*use, 10, 26, change.after);
    use->bind(12, kDetections[static_cast<std::size_t>(change.detection)]);
    use->bind(13, ticks(change.detected_at)).bind(14, ticks(change.not_before));
    use->bind(15, ticks(change.key_last_write)).bind(16, change.watch);
    use->bind(17, joined(change.tags)).bind(18, joined(change.techniques));
    use->bind(19, static_cast<std::int64_t>(change.severity));
    use->bind(20, to_wtf8(change.new_name));
    use->bind(21, change.security_before).bind(22, change.security_after);
    use->bind(23, std::string_view());
    use->bind(28, change.hive_owner).bind(29, to_wtf8(change.control_set));
    if (auto done = use->run(); !done) return done;
    if (database.changed() > 0) return {};
    return is_known(database, change);
}

// Of what was deleted, too: a number is given out once.
Result<void> write_last_sequence(Database& database, std::uint64_t number) {
    auto statement = database.statement(
        "INSERT INTO fact VALUES ('last_sequence', ?1) "
        "ON CONFLICT (name) DO UPDATE SET number=max(number, excluded.number)");
    if (!statement) return std::move(statement).error();
    Use use(**statement);
    use->bind(1, static_cast<std::int64_t>(number));
    return use->run();
}

// Runs what deletes rows, and says how many.
Result<std::uint64_t> deleted(Database& database, const char* sql, std::string_view text,
                              std::int64_t number) {
    auto statement = database.statement(sql);
    if (!statement) return std::move(statement).error();
    Use use(**statement);
    use->bind(1, text).bind(2, number);
    if (auto done = use->run(); !done) return std::move(done).error();
    return static_cast<std::uint64_t>(database.changed());
}

Result<std::vector<std::string>> actions_owed(Database& database) {
    auto statement = database.statement("SELECT DISTINCT action FROM pending ORDER BY action");
    if (!statement) return std::move(statement).error();
    Use use(**statement);
    std::vector<std::string> actions;
    for (;;) {
        auto row = use->step();
        if (!row) return std::move(row).error();
        if (!*row) return actions;
        actions.push_back(use->text(0));
    }
}

Result<void> give_up(Database& database, const std::string& action, const Retention& retention,
                     std::vector<LostDeliveries>& lost) {
    const auto note = [&](Result<std::uint64_t> count, const char* reason) -> Result<void> {
        if (!count) return std::move(count).error();
        if (*count > 0) lost.push_back({action, *count, reason});
        return {};
    };
    const auto& known = retention.actions;
    if (std::find(known.begin(), known.end(), action) == known.end()) {
        return note(deleted(database, "DELETE FROM pending WHERE action=?1 AND ?2=0", action, 0),
                    "there is no such action any more");
    }
    auto done = note(deleted(database,
                             "DELETE FROM pending WHERE action=?1 AND sequence IN "
                             "(SELECT sequence FROM change WHERE detected_at<?2)",
                             action, ticks(retention.oldest_delivery)),
                     "they are older than allowed");
    if (!done || retention.most_deliveries == 0) return done;
    return note(deleted(database,
                        "DELETE FROM pending WHERE action=?1 AND sequence<=(SELECT sequence FROM "
                        "pending WHERE action=?1 ORDER BY sequence DESC LIMIT 1 OFFSET ?2)",
                        action, static_cast<std::int64_t>(retention.most_deliveries)),
                "they are more than allowed");
}

// A piece at a time, so that nobody waits long. Says whether more is to go.
constexpr std::int64_t kMostAtOnce = 10'000;

Result<bool> forget_changes(Database& database, const Retention& retention) {
    auto old = database.statement(
        "DELETE FROM change WHERE sequence IN (SELECT sequence FROM change WHERE detected_at<?1 "
        "AND sequence NOT IN (SELECT sequence FROM pending) LIMIT ?2)");
    if (!old) return std::move(old).error();
    {
        Use use(**old);
        use->bind(1, ticks(retention.oldest_change)).bind(2, kMostAtOnce);
        if (auto done = use->run(); !done) return std::move(done).error();
    }
    const bool is_more = database.changed() >= kMostAtOnce;
    if (is_more || retention.most_changes == 0) return is_more;
    auto many = database.statement(
        "DELETE FROM change WHERE sequence IN (SELECT sequence FROM change WHERE sequence<="
        "(SELECT sequence FROM change ORDER BY sequence DESC LIMIT 1 OFFSET ?1) "
        "AND sequence NOT IN (SELECT sequence FROM pending) ORDER BY sequence LIMIT ?2)");
    if (!many) return std::move(many).error();
    Use use(**many);
    use->bind(1, static_cast<std::int64_t>(retention.most_changes)).bind(2, kMostAtOnce);
    if (auto done = use->run(); !done) return std::move(done).error();
    return database.changed() >= kMostAtOnce;
}

}  // namespace

// The greater of what is noted and of what is there.
Result<std::uint64_t> read_last_sequence(Database& database) {
    auto last = database.number(
        "SELECT max(ifnull((SELECT number FROM fact WHERE name='last_sequence'), 0), "
        "ifnull((SELECT max(sequence) FROM change), 0))");
    if (!last) return std::move(last).error();
    return static_cast<std::uint64_t>(*last);
}

Result<void> write_record(Database& database, const NewRecord& record) {
    if (auto done = write_change(database, *record.change); !done) return done;
    if (auto done = write_last_sequence(database, record.change->sequence); !done) return done;
    if (record.actions == nullptr) return {};
    for (const std::string& action : *record.actions) {
        auto statement = database.statement("INSERT OR IGNORE INTO pending VALUES (?1, ?2)");
        if (!statement) return std::move(statement).error();
        Use use(**statement);
        use->bind(1, action).bind(2, static_cast<std::int64_t>(record.change->sequence));
        if (auto done = use->run(); !done) return done;
    }
    return {};
}

Result<void> delete_delivery(Database& database, const DeliveryId& delivered) {
    auto statement = database.statement("DELETE FROM pending WHERE action=?1 AND sequence=?2");
    if (!statement) return std::move(statement).error();
    Use use(**statement);
    use->bind(1, delivered.action).bind(2, static_cast<std::int64_t>(delivered.sequence));
    return use->run();
}

Result<std::vector<SharedChange>> read_pending(Database& database, const std::string& action,
                                               std::uint64_t after, std::size_t limit) {
    static const std::string sql = std::string("SELECT ") + kColumns +
                                   " FROM pending JOIN change ON change.sequence=pending.sequence "
                                   "WHERE action=?1 AND pending.sequence>?2 "
                                   "ORDER BY pending.sequence LIMIT ?3";
    auto statement = database.statement(sql.c_str());
    if (!statement) return std::move(statement).error();
    Use use(**statement);
    use->bind(1, action).bind(2, static_cast<std::int64_t>(after));
    use->bind(3, static_cast<std::int64_t>(limit));
    std::vector<SharedChange> changes;
    for (std::size_t bytes = 0; bytes < kMostBytesAtOnce;) {
        auto row = use->step();
        if (!row) return std::move(row).error();
        if (!*row) break;
        changes.push_back(change_of(*use));
        bytes += size_in_memory(*changes.back());
    }
    return changes;
}

bool fits(const Change& change, const HistoryQuery& query) {
    if (query.from && change.detected_at < *query.from) return false;
    if (query.to && change.detected_at >= *query.to) return false;
    if (!query.watch.empty() && change.watch != query.watch) return false;
    if (query.kind && change.kind != *query.kind) return false;
    if (change.sequence <= query.after) return false;
    if (!query.key.empty() && fold(change.key.text()).find(fold(query.key)) == std::u16string::npos)
        return false;
    if (query.ids.empty()) return true;
    return std::any_of(query.ids.begin(), query.ids.end(), [&](const std::string& id) {
        return id == change.id || id == std::to_string(change.sequence);
    });
}

Result<std::vector<SharedChange>> read_history(Database& database, const HistoryQuery& query) {
    static const std::string sql = std::string("SELECT ") + kColumns +
                                   " FROM change WHERE sequence>?1 AND detected_at>=?2 "
                                   "ORDER BY sequence DESC";
    auto statement = database.statement(sql.c_str());
    if (!statement) return std::move(statement).error();
    Use use(**statement);
    use->bind(1, static_cast<std::int64_t>(query.after));
    use->bind(2, query.from ? ticks(*query.from) : std::numeric_limits<std::int64_t>::min());
    std::vector<SharedChange> changes;
    std::uint64_t looked_at = 0;
    while (query.limit == 0 || changes.size() < query.limit) {
        if (query.on_progress && looked_at++ % kRowsBetweenProgress == 0)
            query.on_progress(looked_at);
        auto row = use->step();
        if (!row) return std::move(row).error();
        if (!*row) break;
        SharedChange change = change_of(*use);
        if (fits(*change, query)) changes.push_back(std::move(change));
    }
    std::reverse(changes.begin(), changes.end());
    return changes;
}

Result<Retained> retain_rows(Database& database, const Retention& retention) {
    Retained retained;
    auto owed = actions_owed(database);
    if (!owed) return std::move(owed).error();
    for (const std::string& action : *owed) {
        if (auto done = give_up(database, action, retention, retained.lost); !done)
            return std::move(done).error();
    }
    auto more = forget_changes(database, retention);
    if (!more) return std::move(more).error();
    retained.is_more = *more;
    return retained;
}

}  // namespace regwatch
