// The commands that work with the state: history, undo, export, baseline.
//
// The main thread. They read while the service writes; `baseline accept` alone needs the state for
// itself, and is refused while the service runs.
#pragma once

#include "service/command_line.h"

namespace regwatch {

[[nodiscard]] int history(const CommonOptions& options, const HistoryCommand& command);
[[nodiscard]] int undo(const CommonOptions& options, const UndoCommand& command);
[[nodiscard]] int export_changes(const CommonOptions& options, const ExportCommand& command);
[[nodiscard]] int baseline(const CommonOptions& options, const BaselineCommand& command);

}  // namespace regwatch
