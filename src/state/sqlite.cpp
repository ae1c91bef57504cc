#include "state/sqlite.h"

#include <sqlite3.h>

#include <system_error>
#include <utility>

namespace regwatch {
namespace {

constexpr const char* kWorking = "working with the state database";

// A file that cannot be made because its folder may not be written to is a state of its own. SQLite then
// tries to open it for reading, so that in the end the system says that there is no such file.
int told_apart(int code, sqlite3* connection, bool may_write) {
    if (connection == nullptr || (code & 0xFF) != SQLITE_CANTOPEN) return code;
    const std::error_code system(sqlite3_system_errno(connection), std::system_category());
    const bool denied = system == std::errc::permission_denied ||
                        system == std::errc::operation_not_permitted ||
                        system == std::errc::read_only_file_system ||
                        (may_write && system == std::errc::no_such_file_or_directory);
    return denied ? SQLITE_PERM : code;
}

ErrorKind kind_of(int code) {
    switch (code & 0xFF) {
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return ErrorKind::denied;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return ErrorKind::invalid;
        case SQLITE_MISUSE:
        case SQLITE_ERROR:
        case SQLITE_RANGE:
            return ErrorKind::internal;
        default:
            return ErrorKind::transient;
    }
}

Error made_error(int code, const char* doing, const std::string& file, sqlite3* connection) {
    std::string reason = sqlite3_errstr(code);
    if (connection != nullptr && sqlite3_errcode(connection) == (code & 0xFF)) {
        reason = sqlite3_errmsg(connection);
    }
    const bool may_write = connection != nullptr && sqlite3_db_readonly(connection, "main") == 0;
    code = told_apart(code, connection, may_write);
    return {kind_of(code), static_cast<std::uint32_t>(code & 0xFF), doing, file, std::move(reason)};
}

int size_of(std::size_t size) { return static_cast<int>(size); }

}  // namespace

StoreState state_of(const Error& error) noexcept {
    switch (static_cast<int>(error.code)) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return StoreState::locked;
        case SQLITE_FULL:
            return StoreState::full;
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return StoreState::read_only;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return StoreState::damaged;
        default:
            return StoreState::failed;
    }
}

Statement::~Statement() { sqlite3_finalize(raw_); }

Statement::Statement(Statement&& other) noexcept
    : raw_(std::exchange(other.raw_, nullptr)), file_(other.file_) {}

// A bind fails for want of memory or for a wrong index only; the step then answers NULL or misuse.
Statement& Statement::bind(int index, std::int64_t number) {
    sqlite3_bind_int64(raw_, index, number);
    return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
    // Null would be NULL.
    const char* const data = text.empty() ? "" : text.data();
    sqlite3_bind_text(raw_, index, data, size_of(text.size()), SQLITE_TRANSIENT);
    return *this;
}

Statement& Statement::bind(int index, const Bytes& bytes) {
    if (bytes.empty()) {
        sqlite3_bind_zeroblob(raw_, index, 0);
    } else {
        sqlite3_bind_blob(raw_, index, bytes.data(), size_of(bytes.size()), SQLITE_STATIC);
    }
    return *this;
}

Statement& Statement::bind_null(int index) {
    sqlite3_bind_null(raw_, index);
    return *this;
}

Result<bool> Statement::step() {
    const int code = sqlite3_step(raw_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return made_error(code, kWorking, file_, sqlite3_db_handle(raw_));
}

Result<void> Statement::run() {
    for (;;) {
        auto row = step();
        if (!row) return std::move(row).error();
        if (!*row) return {};
    }
}

void Statement::reset() noexcept {
    sqlite3_reset(raw_);
    sqlite3_clear_bindings(raw_);
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(raw_, column); }

std::string Statement::text(int column) const {
    const void* const data = sqlite3_column_text(raw_, column);
    if (data == nullptr) return {};
    return {static_cast<const char*>(data),
            static_cast<std::size_t>(sqlite3_column_bytes(raw_, column))};
}

Bytes Statement::bytes(int column) const {
    const void* const data = sqlite3_column_blob(raw_, column);
    if (data == nullptr) return {};
    const auto* const begin = static_cast<const std::uint8_t*>(data);
    return {begin, begin + sqlite3_column_bytes(raw_, column)};
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(raw_, column) == SQLITE_NULL;
}

Result<std::unique_ptr<Database>> Database::open(const std::string& file, Access access,
                                                 int patience) {
    std::unique_ptr<Database> database(new Database(file));
    const int flags =
        access == Access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const int code = sqlite3_open_v2(file.c_str(), &database->raw_, flags, nullptr);
    if (code != SQLITE_OK) {
        const int exact = told_apart(code, database->raw_, access == Access::write);
        return made_error(exact, "opening the state database", file, database->raw_);
    }
    sqlite3_busy_timeout(database->raw_, patience);
    return database;
}

Database::~Database() {
    statements_.clear();
    sqlite3_close_v2(raw_);
}

Error Database::error(const char* doing) const {
    return made_error(sqlite3_extended_errcode(raw_), doing, file_, raw_);
}

Result<void> Database::run(const std::string& sql) {
    if (sqlite3_exec(raw_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        return error(kWorking);
    }
    return {};
}

Result<Statement> Database::prepare(const std::string& sql) {
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v2(raw_, sql.c_str(), size_of(sql.size()) + 1, &made, nullptr) !=
        SQLITE_OK) {
        return error(kWorking);
    }
    return Statement(made, file_);
}

Result<Statement*> Database::statement(const char* sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return &known->second;
    auto made = prepare(sql);
    if (!made) return std::move(made).error();
    return &statements_.emplace(sql, std::move(made).value()).first->second;
}

Result<std::int64_t> Database::number(const std::string& sql) {
    auto asked = prepare(sql);
    if (!asked) return std::move(asked).error();
    auto row = asked->step();
    if (!row) return std::move(row).error();
    return *row ? asked->integer(0) : 0;
}

Result<std::string> Database::word(const std::string& sql) {
    auto asked = prepare(sql);
    if (!asked) return std::move(asked).error();
    auto row = asked->step();
    if (!row) return std::move(row).error();
    return *row ? asked->text(0) : std::string();
}

Error Database::damage(std::string reason) const {
    return {ErrorKind::invalid, SQLITE_CORRUPT, kWorking, file_, std::move(reason)};
}

std::int64_t Database::changed() const { return sqlite3_changes64(raw_); }

}  // namespace regwatch
