// SQLite as far as it is used here: a connection and its statements, with errors as the project has them.
//
// SQLite's own functions are known in sqlite.cpp, and its files in in_place_file.cpp, only. A connection and its statements are
// for one thread at a time. An error's `code` is SQLite's primary result code; state_of() says what
// it means for the store.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "platform/store.h"
#include "registry/value.h"

struct sqlite3;
struct sqlite3_stmt;

namespace regwatch {

[[nodiscard]] StoreState state_of(const Error& error) noexcept;

// Parameters and columns are numbered from 1 and from 0, as SQLite does. What is bound lives until the
// statement is reset. Reset when it goes out of use, so that no lock of it stays.
class Statement {
public:
    Statement(sqlite3_stmt* statement, const std::string& file) : raw_(statement), file_(file) {}
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& bind(int index, std::int64_t number);
    Statement& bind(int index, std::string_view text);
    Statement& bind(int index, const Bytes& bytes);
    Statement& bind_null(int index);

    Result<bool> step();  // true: at a row
    Result<void> run();   // to the end
    void reset() noexcept;

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] Bytes bytes(int column) const;
    [[nodiscard]] bool is_null(int column) const;

private:
    sqlite3_stmt* raw_ = nullptr;
    const std::string& file_;
};

// A statement in use: reset at the end, whatever happens.
class Use {
public:
    explicit Use(Statement& statement) : statement_(statement) {}
    ~Use() { statement_.reset(); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    Statement* operator->() noexcept { return &statement_; }
    Statement& operator*() noexcept { return statement_; }

private:
    Statement& statement_;
};

class Database {
public:
    enum class Access { read, write };
    // With write access the file is made when there is none. `patience` in milliseconds: for locks.
    static Result<std::unique_ptr<Database>> open(const std::string& file, Access access,
                                                  int patience);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    Result<void> run(const std::string& sql);  // several statements; no parameters
    // Prepared once; `sql` is a literal.
    Result<Statement*> statement(const char* sql);
    Result<Statement> prepare(const std::string& sql);
    Result<std::int64_t> number(const std::string& sql);  // the first column of the first row, or 0
    Result<std::string> word(const std::string& sql);
    // What SQLite has not noticed.
    [[nodiscard]] Error damage(std::string reason) const;
    [[nodiscard]] std::int64_t changed() const;  // rows, by the last statement
    [[nodiscard]] const std::string& file() const noexcept { return file_; }

private:
    explicit Database(std::string file) : file_(std::move(file)) {}
    [[nodiscard]] Error error(const char* doing) const;

    const std::string file_;
    sqlite3* raw_ = nullptr;
    std::unordered_map<const char*, Statement> statements_;  // before the connection is closed
};

}  // namespace regwatch
