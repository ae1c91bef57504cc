// The service's journal: every notice as a line of the diagnostic log, and what an admin must see
// as an entry of the Event Log too.
//
// Any thread. The first thread that has something to write also writes what others bring meanwhile,
// so that nobody waits for a slow disk but one, and no lock is held over a write. What comes in
// faster than the disk takes it is dropped beyond a limit, and counted in the log. What the Event Log
// does not take stays in the log alone; how much that was is told when it takes something again. The
// ports outlive the journal.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/sync.h"
#include "base/time.h"
#include "platform/append_file.h"
#include "platform/clock.h"
#include "platform/event_log.h"
#include "platform/journal.h"
#include "service/diagnostic_log.h"

namespace regwatch {

class ServiceJournal : public Journal {
public:
    ServiceJournal(FileSystem& files, EventLog& event_log, const Clock& clock,
                   const std::string& log_folder, DiagnosticLog::Limits limits = {});
    ~ServiceJournal() override;

    void write(const Notice& notice) noexcept override;
    // Notices that the Event Log has not taken since it last took one.
    [[nodiscard]] std::uint64_t not_taken() const REGWATCH_EXCLUDES(mutex_);

private:
    class Lines;

    void write_line(const Notice& notice);
    // Whatever happens, it is told like what the Event Log does not take.
    [[nodiscard]] Result<void> report(const Notice& notice);
    void write_out() REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] std::string next_batch() REGWATCH_EXCLUDES(mutex_);
    void write_line_about_event_log(const Notice& notice, const Error& error)
        REGWATCH_EXCLUDES(mutex_);
    void tell_of_loss() REGWATCH_EXCLUDES(mutex_);

    EventLog& event_log_;
    const Clock& clock_;

    mutable Mutex mutex_;
    std::unique_ptr<Lines> lines_ REGWATCH_GUARDED_BY(mutex_);
    bool writing_ REGWATCH_GUARDED_BY(mutex_) = false;
    // Notices that the Event Log did not take, and since when.
    std::uint64_t not_taken_ REGWATCH_GUARDED_BY(mutex_) = 0;
    WallTime not_taken_since_ REGWATCH_GUARDED_BY(mutex_){};

    DiagnosticLog log_;  // of the thread that set writing_
};

}  // namespace regwatch
