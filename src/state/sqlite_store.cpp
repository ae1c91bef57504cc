#include "state/sqlite_store.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "platform/folder.h"
#include "state/baseline_rows.h"
#include "state/change_rows.h"
#include "state/left_out_rows.h"
#include "state/schema.h"
#include "text/time.h"

namespace regwatch {
namespace {

namespace fs = std::filesystem;

fs::path from_utf8(const std::string& path) {
    return fs::path(std::u8string(path.begin(), path.end()));
}

Error failed(const std::error_code& code, const char* doing, const std::string& subject) {
    const bool denied = code == std::errc::permission_denied ||
                        code == std::errc::read_only_file_system ||
                        code == std::errc::operation_not_permitted;
    return {denied ? ErrorKind::denied : ErrorKind::transient,
            static_cast<std::uint32_t>(code.value()), doing, subject, code.message()};
}

// 2026-11-02T10:15:30.1234567Z without what a file name cannot hold.
std::string stamp(WallTime time) {
    std::string text = to_iso_text(time);
    std::erase_if(text, [](char c) { return c == ':' || c == '-' || c == '.'; });
    return text;
}

}  // namespace

SqliteStore::SqliteStore(Options options, const Clock& clock)
    : options_(std::move(options)),
      file_(join_path(options_.folder, "regwatch.db")),
      clock_(clock) {}

SqliteStore::~SqliteStore() = default;

StoreState SqliteStore::state() const {
    const Lock lock(mutex_);
    return state_;
}

void SqliteStore::note(const Error& error) {
    state_ = state_of(error);
    // Whatever is wrong with it, the next opening finds out.
    if (state_ != StoreState::locked && state_ != StoreState::full) database_.reset();
}

template <class Body>
std::invoke_result_t<Body&> SqliteStore::guarded(Body body) {
    if (!database_) {
        auto opened = open_locked();
        if (!opened) return std::move(opened).error();
        // For whoever asks: that another one was begun is not to be told to nobody.
        untold_ = std::move(opened).value();
    }
    auto done = body();
    if (done) {
        state_ = StoreState::ready;
    } else {
        note(done.error());
    }
    return done;
}

template <class Body>
std::invoke_result_t<Body&> SqliteStore::in_transaction(Body body) {
    return guarded([&]() REGWATCH_NO_ANALYSIS -> decltype(body()) {
        Database& database = *database_;
        if (auto begun = database.run("BEGIN IMMEDIATE"); !begun) return std::move(begun).error();
        auto done = body();
        if (done) {
            auto committed = database.run("COMMIT");
            if (committed) return done;
            done = std::move(committed).error();
        }
        (void)database.run("ROLLBACK");
        return done;
    });
}

Result<void> SqliteStore::take() {
    const Lock lock(mutex_);
    return take_folder();
}

Result<StoreOpened> SqliteStore::open() {
    const Lock lock(mutex_);
    return open_locked();
}

Result<StoreOpened> SqliteStore::open_locked() {
    if (auto taken = take_folder(); !taken) return std::move(taken).error();
    if (!database_) {
        if (auto connected = find_or_begin(); !connected) return std::move(connected).error();
    }
    auto last = read_last_sequence(*database_);
    if (!last) {
        note(last.error());
        return std::move(last).error();
    }
    if (auto found = find_key(); !found) {
        note(found.error());
        return std::move(found).error();
    }
    auto left_out = read_left_out(*database_);
    if (!left_out) {
        note(left_out.error());
        return std::move(left_out).error();
    }
    StoreOpened opened = std::exchange(untold_, {});
    opened.last_sequence = *last;
    opened.left_out = std::move(left_out).value();
    opened.key = key_;
    state_ = StoreState::ready;
    return opened;
}

Result<void> SqliteStore::find_or_begin() {
    std::error_code ignored;
    // Empty because we could not fill it when we made it, it is none yet.
    const bool is_there = !is_beginning_ && fs::exists(from_utf8(file_), ignored);
    is_beginning_ = !is_there;
    bool is_new = !is_there;
    auto connected = connect();
    if (!connected && state_ == StoreState::damaged && options_.access == Access::own) {
        untold_.damage = connected.error().reason;
        auto moved = move_aside(untold_.damage);
        if (!moved) return std::move(moved).error();
        untold_.moved_aside = std::move(moved).value();
        is_new = is_beginning_ = true;
        connected = connect();
    } else if (connected && !is_there && ran_before_) {
        untold_.damage = "it is missing, although RegWatch has been here before";
        untold_.moved_aside = "gone";
    }
    if (!connected) return connected;
    untold_.is_new |= is_new;
    is_beginning_ = false;
    ran_before_ = options_.access == Access::own;
    return {};
}

// A second database that is never written to, in an exclusive transaction for as long as we live: the
// system lets go of it when the process ends, however it ends.
Result<void> SqliteStore::take_folder() {
    if (options_.access == Access::read || lock_) return {};
    std::error_code code;
    fs::create_directories(from_utf8(options_.folder), code);
    if (code) {
        const Error error = failed(code, "making the folder", options_.folder);
        state_ = error.kind == ErrorKind::denied ? StoreState::read_only : StoreState::failed;
        return error;
    }
    const std::string file = join_path(options_.folder, "regwatch.lock");
    // Every run leaves it behind.
    ran_before_ |= fs::exists(from_utf8(file), code);
    auto opened = Database::open(file, Database::Access::write, options_.patience);
    Result<void> taken;
    if (opened) {
        taken = (*opened)->run("PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE");
    } else {
        taken = opened.error();
    }
    if (taken) {
        lock_ = std::move(opened).value();
        return {};
    }
    state_ = state_of(taken.error());
    if (state_ != StoreState::locked) return taken;
    state_ = StoreState::in_use;
    return Error{ErrorKind::denied, 0, "using the data directory", options_.folder,
                 "another RegWatch is running with it; give each its own with --data-dir"};
}

Result<void> SqliteStore::connect() {
    const bool own = options_.access == Access::own;
    const auto fails = [this](Error error) REGWATCH_NO_ANALYSIS -> Result<void> {
        note(error);
        return error;
    };
    std::error_code ignored;
    if (fs::is_directory(from_utf8(file_), ignored)) {
        state_ = StoreState::damaged;
        return Error{ErrorKind::invalid, 0, "opening the state database", file_,
                     "this is a folder, not a file"};
    }
    auto opened = Database::open(file_, own ? Database::Access::write : Database::Access::read,
                                 options_.patience);
    if (!opened) return fails(std::move(opened).error());
    Database& database = **opened;
    if (own) {
        // Before anything is written into it.
        auto damage = find_damage(database, is_beginning_);
        if (!damage) return fails(std::move(damage).error());
        if (!damage->empty()) {
            state_ = StoreState::damaged;
            return Error{ErrorKind::invalid, 0, "opening the state database", file_, *damage};
        }
        if (auto prepared = prepare_connection(database); !prepared)
            return fails(std::move(prepared).error());
        if (options_.most_pages != 0) {
            auto limited =
                database.run("PRAGMA max_page_count = " + std::to_string(options_.most_pages));
            if (!limited) return fails(std::move(limited).error());
        }
    }
    Result<bool> known = true;
    if (own) {
        known = prepare_schema(database);
    } else {
        auto version = database.number("PRAGMA user_version");
        if (!version) return fails(std::move(version).error());
        known = *version == kSchemaVersion;
    }
    if (!known) return fails(std::move(known).error());
    if (!*known) {
        state_ = StoreState::newer;
        return Error{
            ErrorKind::unsupported, 0, "opening the state database", file_,
            "it was written by another version of RegWatch than this one; it is left as it is"};
    }
    // SQLite knows whether a page is one, and not whether it says what was written.
    if (own) {
        if (auto checked = check_baselines(database); !checked)
            return fails(std::move(checked).error());
    }
    database_ = std::move(opened).value();
    return {};
}

Result<void> SqliteStore::find_key() {
    auto statement = database_->statement("SELECT data FROM secret WHERE name='concealing'");
    if (!statement) return std::move(statement).error();
    {
        Use use(**statement);
        auto row = use->step();
        if (!row) return std::move(row).error();
        key_ = *row ? ConcealingKey::from(use->bytes(0)) : std::nullopt;
    }
    if (key_ || options_.access == Access::read) return {};
    const ConcealingKey drawn = ConcealingKey::drawn();
    const Bytes bytes = drawn.bytes();  // bound, not copied
    auto insert = database_->statement(
        "INSERT OR REPLACE INTO secret (name, data) VALUES ('concealing', ?1)");
    if (!insert) return std::move(insert).error();
    Use use(**insert);
    use->bind(1, bytes);
    // One that cannot be kept is none.
    if (use->run()) key_ = drawn;
    return {};
}

// Not deleted: what is left of it may be worth something to somebody.
Result<std::string> SqliteStore::move_aside(const std::string&) {
    database_.reset();
    const std::string target = file_ + ".damaged-" + stamp(clock_.wall_now());
    for (const char* suffix : {"", "-wal", "-shm"}) {
        std::error_code code;
        fs::rename(from_utf8(file_ + suffix), from_utf8(target + suffix), code);
        if (code && *suffix == '\0') {
            return failed(code, "moving the damaged state database aside", file_);
        }
    }
    return target;
}

Result<void> SqliteStore::commit(const StoreBatch& batch) {
    const Lock lock(mutex_);
    return in_transaction([&]() REGWATCH_NO_ANALYSIS -> Result<void> {
        for (const BaselineUpdate& update : batch.baseline) {
            if (auto done = write_baseline(*database_, update); !done) return done;
        }
        for (const NewRecord& record : batch.records) {
            if (auto done = write_record(*database_, record); !done) return done;
        }
        for (const DeliveryId& delivered : batch.delivered) {
            if (auto done = delete_delivery(*database_, delivered); !done) return done;
        }
        for (const LeftOutCount& count : batch.left_out) {
            if (auto done = add_left_out(*database_, count); !done) return done;
        }
        return {};
    });
}

Result<std::optional<StoredBaseline>> SqliteStore::baseline(const std::string& watch,
                                                            const KeyPath& key) {
    const Lock lock(mutex_);
    return guarded([&]() REGWATCH_NO_ANALYSIS { return read_baseline(*database_, watch, key); });
}

Result<std::vector<BaselineName>> SqliteStore::baselines() {
    const Lock lock(mutex_);
    return guarded([&]() REGWATCH_NO_ANALYSIS { return list_baselines(*database_); });
}

Result<void> SqliteStore::forget(const std::string& watch, const KeyPath& key) {
    const Lock lock(mutex_);
    return in_transaction(
        [&]() REGWATCH_NO_ANALYSIS { return forget_baseline(*database_, watch, key); });
}

Result<std::vector<SharedChange>> SqliteStore::pending(const std::string& action,
                                                       std::uint64_t after, std::size_t limit) {
    const Lock lock(mutex_);
    return guarded(
        [&]() REGWATCH_NO_ANALYSIS { return read_pending(*database_, action, after, limit); });
}

Result<std::vector<SharedChange>> SqliteStore::history(const HistoryQuery& query) {
    const Lock lock(mutex_);
    return guarded([&]() REGWATCH_NO_ANALYSIS { return read_history(*database_, query); });
}

Result<StoreCounts> SqliteStore::counts() {
    const Lock lock(mutex_);
    return guarded([&]() REGWATCH_NO_ANALYSIS -> Result<StoreCounts> {
        StoreCounts counts;
        for (const auto& [table, count] :
             {std::pair("change", &counts.changes), std::pair("pending", &counts.pending),
              std::pair("baseline", &counts.keys)}) {
            auto number = database_->number(std::string("SELECT count(*) FROM ") + table);
            if (!number) return std::move(number).error();
            *count = static_cast<std::uint64_t>(*number);
        }
        return counts;
    });
}

// Each piece is a transaction of its own, and others may come between them.
Result<std::vector<LostDeliveries>> SqliteStore::retain(const Retention& retention) {
    std::vector<LostDeliveries> lost;
    for (bool is_more = true; is_more;) {
        const Lock lock(mutex_);
        auto retained = in_transaction(
            [&]() REGWATCH_NO_ANALYSIS { return retain_rows(*database_, retention); });
        // What was given up is not to be told to nobody; the next call fails as well.
        if (!retained && lost.empty()) return std::move(retained).error();
        if (!retained) break;
        lost.insert(lost.end(), retained->lost.begin(), retained->lost.end());
        is_more = retained->is_more;
    }
    return lost;
}

}  // namespace regwatch
