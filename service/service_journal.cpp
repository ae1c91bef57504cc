#include "service/service_journal.h"

#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <chrono>
#include <exception>
#include <utility>

#include "change/event_entry.h"
#include "service/notice_text.h"
#include "text/time.h"

namespace regwatch {
namespace {

constexpr std::size_t kMostPendingBytes = 1'048'576;

// Collects formatted lines; the lock around it is the journal's.
class CollectingSink : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
    std::string pending;
    std::size_t dropped = 0;

protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        if (pending.size() > kMostPendingBytes) {
            ++dropped;
            return;
        }
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        pending.append(line.data(), line.size());
    }
    void flush_() override {}
};

spdlog::level::level_enum to_spdlog(EventLevel level) {
    switch (level) {
        case EventLevel::information:
            return spdlog::level::info;
        case EventLevel::warning:
            return spdlog::level::warn;
        case EventLevel::error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

spdlog::log_clock::time_point to_spdlog(WallTime time) {
    return std::chrono::time_point_cast<spdlog::log_clock::duration>(time);
}

}  // namespace

class ServiceJournal::Lines {
public:
    Lines() : sink_(std::make_shared<CollectingSink>()), logger_("", sink_) {
        logger_.set_formatter(std::make_unique<spdlog::pattern_formatter>(
            "%Y-%m-%dT%H:%M:%S.%eZ %-8l%v", spdlog::pattern_time_type::utc, "\r\n"));
    }

    void add(WallTime time, EventLevel level, const std::string& text) {
        logger_.log(to_spdlog(time), spdlog::source_loc{}, to_spdlog(level), text);
    }

    std::string take() {
        std::string lines = std::exchange(sink_->pending, {});
        const std::size_t dropped = std::exchange(sink_->dropped, 0);
        if (dropped != 0)
            lines += "(" + std::to_string(dropped) + " notice(s) came too fast to be written)\r\n";
        return lines;
    }

private:
    std::shared_ptr<CollectingSink> sink_;
    spdlog::logger logger_;
};

ServiceJournal::ServiceJournal(FileSystem& files, EventLog& event_log, const Clock& clock,
                               const std::string& log_folder, DiagnosticLog::Limits limits)
    : event_log_(event_log),
      clock_(clock),
      lines_(std::make_unique<Lines>()),
      log_(files, log_folder, limits) {}

ServiceJournal::~ServiceJournal() = default;

void ServiceJournal::write(const Notice& notice) noexcept {
    try {
        write_line(notice);
        if (kind_of(notice.id).audience != EventAudience::admin) return;
        const auto reported = report(notice);
        reported ? tell_of_loss() : write_line_about_event_log(notice, reported.error());
    } catch (...) {
        // Out of memory while telling something: there is nobody left to tell.
        return;
    }
}

Result<void> ServiceJournal::report(const Notice& notice) {
    try {
        return event_log_.report(event_entry(notice.id, notice.inserts));
    } catch (const std::exception& error) {
        return Error{ErrorKind::internal, 0, "writing to", "the Event Log", error.what()};
    }
}

std::uint64_t ServiceJournal::not_taken() const {
    const Lock lock(mutex_);
    return not_taken_;
}

void ServiceJournal::write_line(const Notice& notice) {
    const std::string text =
        std::to_string(static_cast<unsigned>(notice.id)) + " " + text_of(notice);
    const WallTime now = clock_.wall_now();
    {
        const Lock lock(mutex_);
        lines_->add(now, kind_of(notice.id).level, text);
    }
    write_out();
}

void ServiceJournal::write_line_about_event_log(const Notice& notice, const Error& error) {
    const std::string text = "The Event Log did not take notice " +
                             std::to_string(static_cast<unsigned>(notice.id)) + ": " + error.text();
    const WallTime now = clock_.wall_now();
    {
        const Lock lock(mutex_);
        lines_->add(now, EventLevel::warning, text);
        if (not_taken_++ == 0) not_taken_since_ = now;
    }
    write_out();
}

void ServiceJournal::tell_of_loss() {
    std::uint64_t count = 0;
    WallTime since{};
    {
        const Lock lock(mutex_);
        count = std::exchange(not_taken_, 0);
        since = not_taken_since_;
    }
    if (count == 0) return;
    write({EventId::event_log_back, {std::to_string(count), to_iso_text(since)}});
}

void ServiceJournal::write_out() {
    {
        const Lock lock(mutex_);
        if (writing_) return;
        writing_ = true;
    }
    try {
        for (std::string batch = next_batch(); !batch.empty(); batch = next_batch())
            log_.write(batch);
    } catch (...) {
        const Lock lock(mutex_);
        writing_ = false;
        throw;
    }
}

std::string ServiceJournal::next_batch() {
    const Lock lock(mutex_);
    std::string batch = lines_->take();
    // Under the same lock, so that a line that is added after this finds a writer: its own thread.
    if (batch.empty()) writing_ = false;
    return batch;
}

}  // namespace regwatch
