// The store in a SQLite database: <folder>/regwatch.db, with a lock file beside it.
//
// Any thread; a mutex keeps the calls apart, held for as long as SQLite takes. For the service: takes
// the folder for itself for as long as it lives, so that a second service on it is refused. For
// commands that read: takes nothing, changes nothing, and goes on while the service writes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "base/sync.h"
#include "platform/clock.h"
#include "platform/store.h"
#include "state/sqlite.h"

namespace regwatch {

class SqliteStore final : public Store {
public:
    enum class Access { own, read };
    struct Options {
        std::string folder;  // UTF-8, absolute; made when it is not there
        Access access = Access::own;
        int patience = 2'000;          // milliseconds that a lock is waited for
        std::uint64_t most_pages = 0;  // of the database; 0: as many as the disk holds
    };
    SqliteStore(Options options, const Clock& clock);
    ~SqliteStore() override;

    // Takes the folder, if nobody else has it; `in_use` if somebody does. Part of open().
    Result<void> take() REGWATCH_EXCLUDES(mutex_);
    Result<StoreOpened> open() override REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] StoreState state() const override REGWATCH_EXCLUDES(mutex_);
    Result<void> commit(const StoreBatch& batch) override REGWATCH_EXCLUDES(mutex_);
    Result<std::optional<StoredBaseline>> baseline(const std::string& watch,
                                                   const KeyPath& key) override
        REGWATCH_EXCLUDES(mutex_);
    Result<std::vector<BaselineName>> baselines() override REGWATCH_EXCLUDES(mutex_);
    Result<void> forget(const std::string& watch, const KeyPath& key) override
        REGWATCH_EXCLUDES(mutex_);
    Result<std::vector<SharedChange>> pending(const std::string& action, std::uint64_t after,
                                              std::size_t limit) override REGWATCH_EXCLUDES(mutex_);
    Result<std::vector<SharedChange>> history(const HistoryQuery& query) override
        REGWATCH_EXCLUDES(mutex_);
    Result<StoreCounts> counts() override REGWATCH_EXCLUDES(mutex_);
    Result<std::vector<LostDeliveries>> retain(const Retention& retention) override
        REGWATCH_EXCLUDES(mutex_);

    [[nodiscard]] const std::string& file() const noexcept { return file_; }

private:
    // `body` is given the open database; what goes wrong becomes the state.
    template <class Body>
    std::invoke_result_t<Body&> guarded(Body body) REGWATCH_REQUIRES(mutex_);
    template <class Body>
    std::invoke_result_t<Body&> in_transaction(Body body) REGWATCH_REQUIRES(mutex_);

    Result<StoreOpened> open_locked() REGWATCH_REQUIRES(mutex_);
    Result<void> find_or_begin() REGWATCH_REQUIRES(mutex_);
    Result<void> take_folder() REGWATCH_REQUIRES(mutex_);
    Result<void> connect() REGWATCH_REQUIRES(mutex_);
    // Makes one where there is none, unless it is only read.
    Result<void> find_key() REGWATCH_REQUIRES(mutex_);
    Result<std::string> move_aside(const std::string& damage) REGWATCH_REQUIRES(mutex_);
    void note(const Error& error) REGWATCH_REQUIRES(mutex_);

    // Fixed after construction.
    const Options options_;
    const std::string file_;
    const Clock& clock_;

    mutable Mutex mutex_;
    StoreState state_ REGWATCH_GUARDED_BY(mutex_) = StoreState::failed;
    std::unique_ptr<Database> lock_ REGWATCH_GUARDED_BY(mutex_);  // in an exclusive transaction
    std::unique_ptr<Database> database_ REGWATCH_GUARDED_BY(mutex_);
    std::optional<ConcealingKey> key_ REGWATCH_GUARDED_BY(mutex_);
    bool ran_before_ REGWATCH_GUARDED_BY(mutex_) = false;    // somebody, in this folder
    bool is_beginning_ REGWATCH_GUARDED_BY(mutex_) = false;  // there was no database before us
    // What happened to the file, until an open() that succeeds tells of it.
    StoreOpened untold_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace regwatch
