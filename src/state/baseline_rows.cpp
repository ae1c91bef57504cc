#include "state/baseline_rows.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include "state/extent_text.h"
#include "state/row_sum.h"
#include "state/stored.h"
#include "state/stored_time.h"
#include "text/utf.h"

namespace regwatch {
namespace {

struct BaselineRow {
    std::int64_t id = 0;
    bool present = false;
    WallTime seen{};
    std::string extent;
};

std::int64_t sum_of_value(std::string_view path, std::string_view name, std::int64_t type,
                          const Bytes& data) {
    return RowSum().add(path).add(name).add(type).add(data).value();
}

std::int64_t sum_of_key(std::string_view path, bool entered, std::string_view security) {
    return RowSum().add(path).add(entered ? 1 : 0).add(security).value();
}

std::int64_t sum_of_baseline(std::string_view identity, bool present, std::int64_t seen,
                             std::string_view extent) {
    return RowSum().add(identity).add(present ? 1 : 0).add(seen).add(extent).value();
}

// What is read of a row, with its sum as the last column but one, or the last.
constexpr const char* kBaselineColumns = "id, present, seen, extent, sum, identity";
constexpr const char* kKeyColumns = "path, last_write, entered, security, sum";
constexpr const char* kValueColumns = "path, name, type, data, sum";

Result<void> check_sum(const Database& database, const Statement& row, std::int64_t sum) {
    constexpr int kSum = 4;
    if (row.is_null(kSum) || row.integer(kSum) == sum) return {};
    return database.damage("a row of the baseline is not as it was written");
}
Result<void> check_baseline_row(const Database& database, const Statement& row) {
    return check_sum(
        database, row,
        sum_of_baseline(row.text(5), row.integer(1) != 0, row.integer(2), row.text(3)));
}
Result<void> check_key_row(const Database& database, const Statement& row) {
    return check_sum(database, row, sum_of_key(row.text(0), row.integer(2) != 0, row.text(3)));
}
Result<void> check_value_row(const Database& database, const Statement& row) {
    return check_sum(database, row,
                     sum_of_value(row.text(0), row.text(1), row.integer(2), row.bytes(3)));
}

Result<std::optional<BaselineRow>> find_row(Database& database, const std::string& watch,
                                            const KeyPath& key) {
    static const std::string sql =
        std::string("SELECT ") + kBaselineColumns + " FROM baseline WHERE watch=?1 AND identity=?2";
    auto found = database.statement(sql.c_str());
    if (!found) return std::move(found).error();
    Use use(**found);
    use->bind(1, watch).bind(2, to_wtf8(key.folded()));
    auto row = use->step();
    if (!row) return std::move(row).error();
    if (!*row) return std::optional<BaselineRow>();
    if (auto checked = check_baseline_row(database, *use); !checked)
        return std::move(checked).error();
    return std::optional<BaselineRow>(
        {use->integer(0), use->integer(1) != 0, wall_time(use->integer(2)), use->text(3)});
}

// One watched key's rows. `path` is relative to it, WTF-8.
class Rows {
public:
    Rows(Database& database, std::int64_t baseline) : database_(database), baseline_(baseline) {}

    Result<void> clear() {
        if (auto done = run("DELETE FROM baseline_key WHERE baseline=?1"); !done) return done;
        return run("DELETE FROM baseline_value WHERE baseline=?1");
    }

    Result<void> add(const std::string& path, const Snapshot& snapshot) {
        const std::string_view security =
            snapshot.security ? std::string_view(*snapshot.security) : std::string_view();
        if (auto done = put_key(path, snapshot.last_write, true, security); !done) return done;
        for (const ValueView value : snapshot.values) {
            auto done = put_value(path, std::u16string(value.name), value.data);
            if (!done) return done;
        }
        for (const Subkey& subkey : snapshot.subkeys) {
            const std::string below = path + (path.empty() ? "" : "\\") + to_wtf8(subkey.name);
            auto done = subkey.below ? add(below, *subkey.below)
                                     : put_key(below, subkey.last_write, false, "");
            if (!done) return done;
        }
        return {};
    }

    Result<void> apply(const Difference& difference, const Snapshot* now) {
        const std::string path = to_wtf8(difference.key);
        switch (difference.kind) {
            case DifferenceKind::value_set:
                if (difference.after) {
                    auto done = put_value(path, difference.value_name, *difference.after);
                    if (!done) return done;
                }
                return touch(path, difference.last_write);
            case DifferenceKind::value_deleted: {
                auto done = delete_value(path, difference.value_name);
                if (!done) return done;
                return touch(path, difference.last_write);
            }
            case DifferenceKind::key_created:
                return put_key(path, difference.last_write,
                               now != nullptr && find_key(*now, difference.key) != nullptr,
                               difference.security_after);
            case DifferenceKind::key_deleted:
                return delete_key(path);
            case DifferenceKind::key_renamed:
                return rename_key(difference, now);
            case DifferenceKind::security_changed:
                return put_security(path, difference.security_after);
        }
        return {};
    }

private:
    Result<void> run(const char* sql) {
        auto statement = database_.statement(sql);
        if (!statement) return std::move(statement).error();
        Use use(**statement);
        use->bind(1, baseline_);
        return use->run();
    }

    // What is in the key is in the look too.
    Result<void> rename_key(const Difference& difference, const Snapshot* now) {
        if (auto done = delete_key(to_wtf8(difference.key)); !done) return done;
        const std::size_t end = difference.key.rfind(u'\\');
        std::u16string path = end == std::u16string::npos ? u"" : difference.key.substr(0, end + 1);
        path += difference.new_name;
        const Snapshot* const renamed = now == nullptr ? nullptr : find_key(*now, path);
        return renamed == nullptr ? Result<void>() : add(to_wtf8(path), *renamed);
    }

    Result<void> put_security(const std::string& path, std::string_view security) {
        auto statement = database_.statement(
            "UPDATE baseline_key SET security=?3, sum=CASE entered WHEN 0 THEN ?4 ELSE ?5 END "
            "WHERE baseline=?1 AND path=?2");
        if (!statement) return std::move(statement).error();
        Use use(**statement);
        use->bind(1, baseline_).bind(2, path).bind(3, security);
        use->bind(4, sum_of_key(path, false, security));
        use->bind(5, sum_of_key(path, true, security));
        return use->run();
    }

    Result<void> put_key(const std::string& path, WallTime last_write, bool entered,
                         std::string_view security) {
        auto statement = database_.statement(
            "INSERT OR REPLACE INTO baseline_key "
            "(baseline, path, last_write, entered, security, sum) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        if (!statement) return std::move(statement).error();
        Use use(**statement);
        use->bind(1, baseline_).bind(2, path).bind(3, ticks(last_write)).bind(4, entered ? 1 : 0);
        use->bind(5, security).bind(6, sum_of_key(path, entered, security));
        return use->run();
    }

    Result<void> touch(const std::string& path, WallTime last_write) {
        if (last_write == WallTime{}) return {};
        auto statement = database_.statement(
            "UPDATE baseline_key SET last_write=?3 WHERE baseline=?1 AND path=?2");
        if (!statement) return std::move(statement).error();
        Use use(**statement);
        use->bind(1, baseline_).bind(2, path).bind(3, ticks(last_write));
        return use->run();
    }

    Result<void> put_value(const std::string& path, const std::u16string& name,
                           const ValueData& data) {
        auto statement = database_.statement(
            "INSERT OR REPLACE INTO baseline_value (baseline, path, name, type, data, sum) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        if (!statement) return std::move(statement).error();
        const std::string wtf8 = to_wtf8(name);
        const auto type = static_cast<std::int64_t>(data.type);
        Use use(**statement);
        use->bind(1, baseline_).bind(2, path).bind(3, wtf8);
        use->bind(4, type).bind(5, data.bytes).bind(6, sum_of_value(path, wtf8, type, data.bytes));
        return use->run();
    }

    Result<void> delete_value(const std::string& path, const std::u16string& name) {
        auto statement = database_.statement(
            "DELETE FROM baseline_value WHERE baseline=?1 AND path=?2 AND name=?3");
        if (!statement) return std::move(statement).error();
        Use use(**statement);
        use->bind(1, baseline_).bind(2, path).bind(3, to_wtf8(name));
        return use->run();
    }

    // With all that is below it: from "path\" to the character after the separator.
    Result<void> delete_key(const std::string& path) {
        if (path.empty()) return clear();
        for (const char* sql :
             {"DELETE FROM baseline_key WHERE baseline=?1 AND (path=?2 OR (path>=?3 AND path<?4))",
              "DELETE FROM baseline_value WHERE baseline=?1 AND (path=?2 OR (path>=?3 AND "
              "path<?4))"}) {
            auto statement = database_.statement(sql);
            if (!statement) return std::move(statement).error();
            Use use(**statement);
            use->bind(1, baseline_).bind(2, path).bind(3, path + '\\').bind(4, path + ']');
            if (auto done = use->run(); !done) return done;
        }
        return {};
    }

    Database& database_;
    const std::int64_t baseline_;
};

Result<std::int64_t> insert_row(Database& database, const BaselineUpdate& update) {
    auto statement = database.statement(
        "INSERT INTO baseline (watch, identity, root, view, key, present, seen) "
        "VALUES (?1, ?2, ?3, ?4, ?5, 0, 0) RETURNING id");
    if (!statement) return std::move(statement).error();
    Use use(**statement);
    const KeyPath& key = *update.key;
    use->bind(1, *update.watch).bind(2, to_wtf8(key.folded()));
    use->bind(3, static_cast<std::int64_t>(key.root)).bind(4, static_cast<std::int64_t>(key.view));
    use->bind(5, to_wtf8(key.subkey));
    auto row = use->step();
    if (!row) return std::move(row).error();
    const std::int64_t id = use->integer(0);
    if (auto rest = use->run(); !rest) return std::move(rest).error();
    return id;
}

// While it is read, a key's subkeys come in any order; a snapshot is made of it at the end.
struct Node {
    std::u16string name;
    WallTime last_write{};
    bool entered = false;
    Security security;
    std::vector<Value> values;
    std::vector<Node*> subkeys;
};

Snapshot to_snapshot(Node& node) {
    Snapshot snapshot;
    snapshot.last_write = node.last_write;
    snapshot.values = node.values;
    snapshot.security = std::move(node.security);
    for (Node* const below : node.subkeys) {
        Subkey subkey{std::move(below->name), below->last_write, nullptr};
        if (below->entered) subkey.below = std::make_shared<Snapshot>(to_snapshot(*below));
        snapshot.subkeys.push_back(std::move(subkey));
    }
    snapshot.sort();
    return snapshot;
}

class Nodes {
public:
    void add_key(const std::string& path, WallTime last_write, bool entered,
                 const std::string& security) {
        auto made = std::make_unique<Node>();
        const std::size_t separator = path.rfind('\\');
        const std::size_t begin = separator == std::string::npos ? 0 : separator + 1;
        made->name = to_utf16(std::string_view(path).substr(begin));
        made->last_write = last_write;
        made->entered = entered;
        if (!security.empty()) made->security = shared(security);
        if (!path.empty()) {
            // A parent sorts before its children, so it is here; if not, the row is nobody's.
            const auto parent =
                nodes_.find(path.substr(0, separator == std::string::npos ? 0 : separator));
            if (parent == nodes_.end()) return;
            parent->second->subkeys.push_back(made.get());
        }
        nodes_[path] = std::move(made);
    }
    void add_value(const std::string& path, Value value) {
        const auto node = nodes_.find(path);
        if (node != nodes_.end()) node->second->values.push_back(std::move(value));
    }
    Snapshot take() {
        const auto root = nodes_.find("");
        if (root == nodes_.end()) return {};
        return to_snapshot(*root->second);
    }

private:
    // Most keys have the same as the one before.
    Security shared(const std::string& security) {
        if (!last_ || *last_ != security) last_ = std::make_shared<const std::string>(security);
        return last_;
    }

    Security last_;
    std::unordered_map<std::string, std::unique_ptr<Node>> nodes_;
};

Result<Snapshot> read_snapshot_rows(Database& database, std::int64_t baseline) {
    Nodes nodes;
    {
        static const std::string sql = std::string("SELECT ") + kKeyColumns +
                                       " FROM baseline_key WHERE baseline=?1 ORDER BY path";
        auto keys = database.statement(sql.c_str());
        if (!keys) return std::move(keys).error();
        Use use(**keys);
        use->bind(1, baseline);
        for (;;) {
            auto row = use->step();
            if (!row) return std::move(row).error();
            if (!*row) break;
            if (auto checked = check_key_row(database, *use); !checked)
                return std::move(checked).error();
            nodes.add_key(use->text(0), wall_time(use->integer(1)), use->integer(2) != 0,
                          use->text(3));
        }
    }
    static const std::string sql = std::string("SELECT ") + kValueColumns +
                                   " FROM baseline_value WHERE baseline=?1 ORDER BY path, name";
    auto values = database.statement(sql.c_str());
    if (!values) return std::move(values).error();
    Use use(**values);
    use->bind(1, baseline);
    for (;;) {
        auto row = use->step();
        if (!row) return std::move(row).error();
        if (!*row) break;
        if (auto checked = check_value_row(database, *use); !checked)
            return std::move(checked).error();
        nodes.add_value(use->text(0), {to_utf16(use->text(1)),
                                       {static_cast<ValueType>(use->integer(2)), use->bytes(3)}});
    }
    return nodes.take();
}

}  // namespace

Result<void> write_baseline(Database& database, const BaselineUpdate& update) {
    using Write = BaselineUpdate::Write;
    auto known = find_row(database, *update.watch, *update.key);
    if (!known) return std::move(known).error();
    std::int64_t id = 0;
    Write write = update.write;
    const std::string extent = to_text(update.extent);
    if (*known) {
        id = (*known)->id;
        if ((*known)->extent != extent) write = Write::whole;
    } else {
        auto made = insert_row(database, update);
        if (!made) return std::move(made).error();
        id = *made;
        write = Write::whole;
    }
    Rows rows(database, id);
    if (write == Write::differences) {
        for (const Difference& difference : update.differences) {
            if (auto done = rows.apply(difference, update.now); !done) return done;
        }
    }
    if (write == Write::whole) {
        if (*known) {
            if (auto done = rows.clear(); !done) return done;
        }
        if (update.now != nullptr) {
            if (auto done = rows.add("", *update.now); !done) return done;
        }
    }
    auto statement = database.statement(
        "UPDATE baseline SET present=?2, seen=?3, extent=?4, sum=?5 WHERE id=?1");
    if (!statement) return std::move(statement).error();
    const bool is_present = update.now != nullptr;
    const std::int64_t seen = ticks(update.seen);
    Use use(**statement);
    use->bind(1, id).bind(2, is_present ? 1 : 0).bind(3, seen).bind(4, extent);
    use->bind(5, sum_of_baseline(to_wtf8(update.key->folded()), is_present, seen, extent));
    return use->run();
}

Result<std::optional<StoredBaseline>> read_baseline(Database& database, const std::string& watch,
                                                    const KeyPath& key) {
    auto row = find_row(database, watch, key);
    if (!row) return std::move(row).error();
    if (!*row) return std::optional<StoredBaseline>();
    StoredBaseline stored;
    stored.seen = (*row)->seen;
    stored.extent = parse_extent((*row)->extent);
    if ((*row)->present) {
        auto snapshot = read_snapshot_rows(database, (*row)->id);
        if (!snapshot) return std::move(snapshot).error();
        stored.state = std::move(snapshot).value();
    }
    return std::optional<StoredBaseline>(std::move(stored));
}

Result<void> check_baselines(Database& database) {
    struct Part {
        const char* columns;
        const char* table;
        Result<void> (*check)(const Database&, const Statement&);
    };
    for (const Part& part : {Part{kBaselineColumns, "baseline", check_baseline_row},
                             Part{kKeyColumns, "baseline_key", check_key_row},
                             Part{kValueColumns, "baseline_value", check_value_row}}) {
        auto all = database.prepare(std::string("SELECT ") + part.columns + " FROM " + part.table);
        if (!all) return std::move(all).error();
        for (;;) {
            auto row = all->step();
            if (!row) return std::move(row).error();
            if (!*row) break;
            if (auto checked = part.check(database, *all); !checked) return checked;
        }
    }
    return {};
}

Result<std::vector<BaselineName>> list_baselines(Database& database) {
    auto statement = database.statement(
        "SELECT watch, root, view, key, present, seen FROM baseline ORDER BY watch, identity");
    if (!statement) return std::move(statement).error();
    Use use(**statement);
    std::vector<BaselineName> names;
    for (;;) {
        auto row = use->step();
        if (!row) return std::move(row).error();
        if (!*row) return names;
        names.push_back({use->text(0),
                         {stored(use->integer(1), Root::current_user), to_utf16(use->text(3)),
                          stored(use->integer(2), View::bits32)},
                         wall_time(use->integer(5)),
                         use->integer(4) != 0});
    }
}

Result<void> forget_baseline(Database& database, const std::string& watch, const KeyPath& key) {
    auto row = find_row(database, watch, key);
    if (!row) return std::move(row).error();
    if (!*row) return {};
    if (auto done = Rows(database, (*row)->id).clear(); !done) return done;
    auto statement = database.statement("DELETE FROM baseline WHERE id=?1");
    if (!statement) return std::move(statement).error();
    Use use(**statement);
    use->bind(1, (*row)->id);
    return use->run();
}

}  // namespace regwatch
