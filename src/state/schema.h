// What the state database looks like, and how an older one becomes a newer one.
//
// `PRAGMA user_version` is the version of the schema, `application_id` says that the file is ours. The
// tables are meant to be read with the ordinary sqlite3 program as well:
//   baseline         a watched key (or pattern) of a watch, and when it was last seen
//   baseline_key     the keys in it, by their path relative to it
//   baseline_value   the values of those; each row of the three with a sum over what it says
//   change           the history, one row per change; `recent` is a view of it for people
//   pending          which action is still owed which change
//   left_out         how many changes an action did not get, muted or limited, and nobody was told of
//   fact             single numbers, such as the last sequence number
// Names are kept as WTF-8, exactly; data as bytes; times as 100-nanosecond ticks since 1970.
#pragma once

#include "base/result.h"
#include "state/sqlite.h"

namespace regwatch {

inline constexpr int kSchemaVersion = 3;

// Settings of a connection that writes. Called first.
Result<void> prepare_connection(Database& database);

// Makes the schema, or brings it up to date, in one transaction. False: a later version wrote it.
Result<bool> prepare_schema(Database& database);

// Empty: all is well. Otherwise what is broken: also that nothing is in it, unless it was just made.
Result<std::string> find_damage(Database& database, bool is_just_made);

}  // namespace regwatch
