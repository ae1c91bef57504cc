#include "state/schema.h"

namespace regwatch {
namespace {

constexpr std::int64_t kApplicationId = 0x52675774;  // "RgWt"

constexpr const char* kVersion1 = R"sql(
CREATE TABLE fact (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE baseline (
  id INTEGER PRIMARY KEY,
  watch TEXT NOT NULL,
  identity TEXT NOT NULL,
  root INTEGER NOT NULL,
  view INTEGER NOT NULL,
  key TEXT NOT NULL,
  present INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  UNIQUE (watch, identity)
);
CREATE TABLE baseline_key (
  baseline INTEGER NOT NULL,
  path TEXT NOT NULL,
  last_write INTEGER NOT NULL,
  entered INTEGER NOT NULL,
  security TEXT NOT NULL,
  PRIMARY KEY (baseline, path)
) WITHOUT ROWID;
CREATE TABLE baseline_value (
  baseline INTEGER NOT NULL,
  path TEXT NOT NULL,
  name TEXT NOT NULL,
  type INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (baseline, path, name)
) WITHOUT ROWID;
CREATE TABLE change (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  root INTEGER NOT NULL,
  view INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  before_type INTEGER,
  before_data BLOB,
  after_type INTEGER,
  after_data BLOB,
  detection TEXT NOT NULL,
  detected_at INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  key_last_write INTEGER NOT NULL,
  watch TEXT NOT NULL,
  tags TEXT NOT NULL,
  techniques TEXT NOT NULL,
  severity INTEGER NOT NULL,
  new_name TEXT NOT NULL,
  security_before TEXT NOT NULL,
  security_after TEXT NOT NULL,
  extra TEXT NOT NULL
);
CREATE INDEX change_by_time ON change (detected_at);
CREATE TABLE pending (
  action TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (action, sequence)
) WITHOUT ROWID;
CREATE VIEW recent AS
  SELECT sequence, id, datetime(detected_at / 10000000, 'unixepoch') AS time, watch, kind, key, value
  FROM change ORDER BY sequence DESC;
)sql";

// What a record says of data that it does not hold as a whole: its size, and its hash unless nobody may
// see it. NULL: it is all there. And how much of a key its baseline has, which before was all of it, and of
// the keys below it where the watch was recursive.
constexpr const char* kVersion2 = R"sql(
ALTER TABLE change ADD COLUMN before_size INTEGER;
ALTER TABLE change ADD COLUMN before_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE change ADD COLUMN after_size INTEGER;
ALTER TABLE change ADD COLUMN after_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE change ADD COLUMN hive_owner TEXT NOT NULL DEFAULT '';
ALTER TABLE change ADD COLUMN control_set TEXT NOT NULL DEFAULT '';
ALTER TABLE baseline ADD COLUMN extent TEXT NOT NULL DEFAULT '';
UPDATE baseline SET extent = 'subtree' || char(10)
  WHERE id IN (SELECT baseline FROM baseline_key WHERE path <> '' AND entered);
UPDATE baseline SET extent = extent || 'security' || char(10)
  WHERE id IN (SELECT baseline FROM baseline_key WHERE security <> '');
CREATE TABLE secret (name TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
)sql";

// The sums are over the rest of the row, see row_sum.h. NULL: an earlier version wrote it, and nobody can tell.
constexpr const char* kVersion3 = R"sql(
CREATE TABLE left_out (
  action TEXT NOT NULL,
  watch TEXT NOT NULL,
  reason TEXT NOT NULL,
  number INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (action, watch, reason)
) WITHOUT ROWID;
ALTER TABLE baseline ADD COLUMN sum INTEGER;
ALTER TABLE baseline_key ADD COLUMN sum INTEGER;
ALTER TABLE baseline_value ADD COLUMN sum INTEGER;
)sql";

Result<void> migrate(Database& database, std::int64_t from) {
    if (from < 1) {
        if (auto made = database.run(kVersion1); !made) return made;
        const std::string id = std::to_string(kApplicationId);
        if (auto named = database.run("PRAGMA application_id = " + id); !named) return named;
    }
    if (from < 2) {
        if (auto made = database.run(kVersion2); !made) return made;
    }
    if (from < 3) {
        if (auto made = database.run(kVersion3); !made) return made;
    }
    return database.run("PRAGMA user_version = " + std::to_string(kSchemaVersion));
}

}  // namespace

Result<void> prepare_connection(Database& database) {
    return database.run(
        // Readers such as `history` do not wait for the service, nor it for them.
        "PRAGMA journal_mode = WAL;"
        // A commit is safe from the end of the process at once, and from a power cut after the next
        // checkpoint. A power cut takes baseline, history and deliveries back together, to an
        // earlier moment, so that the difference is found again at the next start, under another id
        // and perhaps under a number that another change had; and the registry itself is written as
        // lazily. To wait for the disk at every look would gain nothing but those numbers.
        "PRAGMA synchronous = NORMAL;"
        // A storm must not leave a large file behind.
        "PRAGMA journal_size_limit = 16777216;"
        // Notices a broken page when it is read, not when it has broken others.
        "PRAGMA cell_size_check = ON;"
        // 4 MB: a baseline is written once and read once.
        "PRAGMA cache_size = -4096;");
}

Result<bool> prepare_schema(Database& database) {
    auto version = database.number("PRAGMA user_version");
    if (!version) return std::move(version).error();
    if (*version > kSchemaVersion) return false;
    if (*version == kSchemaVersion) return true;
    if (auto begun = database.run("BEGIN IMMEDIATE"); !begun) return std::move(begun).error();
    auto done = migrate(database, *version);
    if (done) done = database.run("COMMIT");
    if (done) return true;
    (void)database.run("ROLLBACK");
    return std::move(done).error();
}

Result<std::string> find_damage(Database& database, bool is_just_made) {
    auto id = database.number("PRAGMA application_id");
    if (!id) return std::move(id).error();
    auto tables = database.number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return std::move(tables).error();
    if (*tables == 0) return std::string(is_just_made ? "" : "it is empty");
    if (*id != kApplicationId) return std::string("it is another program's database");
    // Reads every page once, which a state of usual size (some MB) allows at every start. Only the index
    // that baselines are found by is compared with its table, which has one row for each watched key: a
    // baseline that is not found would be taken for a key that nobody has seen. The other one is but
    // for people who ask for a time.
    for (const char* const check : {"PRAGMA quick_check(1)", "PRAGMA integrity_check(baseline)"}) {
        auto verdict = database.word(check);
        if (!verdict) return std::move(verdict).error();
        if (*verdict != "ok") return verdict;
    }
    return std::string();
}

}  // namespace regwatch
