#include "service/service_journal.h"

#include <catch2/catch_test_macros.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "change/event_entry.h"
#include "platform/folder.h"
#include "support/manual_clock.h"
#include "support/memory_event_log.h"
#include "support/memory_file_system.h"

using namespace regwatch;
using regwatch::test::ManualClock;
using regwatch::test::MemoryEventLog;
using regwatch::test::MemoryFileSystem;

namespace {

const std::string kFolder = "/nowhere/logs";
const std::string kFile = join_path(kFolder, "regwatch.log");
const Error kFull{ErrorKind::transient, 112, "writing", "the file", "the disk is full"};

struct Desk {
    MemoryFileSystem files;
    MemoryEventLog event_log;
    ManualClock clock{WallTime(WallTicks(17'000'000'001'234'567))};  // 2023-11-14T22:13:20.123Z
    ServiceJournal journal{files, event_log, clock, kFolder};

    std::string text() const { return files.content(kFile).value_or(""); }
};

const Notice kWatched{EventId::key_watched, {"run", "HKLM\\SOFTWARE\\Run"}};
const Notice kStopped{EventId::service_stopped, {"7"}};

std::size_t lines_of(const std::string& text) {
    std::size_t lines = 0;
    for (std::size_t at = text.find("\r\n"); at != text.npos; at = text.find("\r\n", at + 2))
        ++lines;
    return lines;
}

}  // namespace

TEST_CASE("a notice is one line of the log: time in UTC, level, number, text") {
    Desk desk;
    desk.journal.write(kWatched);
    CHECK(desk.text() ==
          "2023-11-14T22:13:20.123Z info    301 Watch run: watching the key "
          "HKLM\\SOFTWARE\\Run.\r\n");
}

TEST_CASE("what an admin must see goes to the Event Log too, the rest does not") {
    Desk desk;
    desk.journal.write(kWatched);
    CHECK(desk.event_log.entries().empty());
    desk.journal.write(kStopped);
    REQUIRE(desk.event_log.entries().size() == 1);
    CHECK(desk.event_log.entries()[0].id == EventId::service_stopped);
    CHECK(desk.text().find(" 101 ") != std::string::npos);
}

TEST_CASE("a notice that the Event Log does not take is told in the log with the reason") {
    Desk desk;
    desk.event_log.answer_with(Error{ErrorKind::transient, 1502, "writing", "the log", "full"});
    desk.journal.write(kStopped);
    CHECK(lines_of(desk.text()) == 2);
    CHECK(desk.text().find("did not take notice 101") != std::string::npos);
    CHECK(desk.text().find("full (1502)") != std::string::npos);
}

TEST_CASE("how many notices the Event Log did not take is told when it takes one again, once") {
    Desk desk;
    desk.event_log.answer_with(Error{ErrorKind::transient, 1722, "writing", "the log", "down"});
    desk.journal.write(kStopped);
    desk.journal.write(kStopped);
    CHECK(desk.journal.not_taken() == 2);
    desk.event_log.answer_with({});
    desk.journal.write(kStopped);
    CHECK(desk.journal.not_taken() == 0);
    desk.journal.write(kStopped);
    const auto entries = desk.event_log.entries();
    REQUIRE(entries.size() == 3);
    CHECK(entries[1].id == EventId::event_log_back);
    CHECK(entries[1].inserts.at(0) == u"2");
    CHECK(entries[1].inserts.at(1).starts_with(u"2023-11-14T22:13:20.123"));
}

TEST_CASE("an exception on the way to the Event Log is counted like what it does not take") {
    class Throwing final : public EventLog {
    public:
        Result<void> report(const EventEntry&) override { throw std::runtime_error("no memory"); }
    };
    MemoryFileSystem files;
    Throwing event_log;
    const ManualClock clock;
    ServiceJournal journal(files, event_log, clock, kFolder);
    journal.write(kStopped);
    CHECK(journal.not_taken() == 1);
    const std::string text = files.content(kFile).value_or("");
    CHECK(text.find("did not take notice 101") != std::string::npos);
    CHECK(text.find("no memory") != std::string::npos);
}

TEST_CASE("the further lines of a notice are indented") {
    Desk desk;
    desk.journal.write({EventId::config_invalid, {"c.json", "1", "c.json:1:2: wrong"}});
    CHECK(desk.text().find("problem(s):\n    c.json:1:2: wrong\r\n") != std::string::npos);
}

TEST_CASE("what could not be written is counted where writing works again") {
    Desk desk;
    desk.files.fail_open(kFull);
    desk.journal.write(kWatched);
    desk.files.fail_open({});
    desk.journal.write(kWatched);
    desk.files.fail_append(kFull);
    desk.journal.write(kWatched);
    desk.files.fail_append({});
    desk.journal.write(kWatched);
    desk.journal.write(kWatched);
    const std::string text = desk.text();
    CHECK(text.starts_with("(1 earlier notice(s) could not be written)\r\n"));
    CHECK(lines_of(text) == 5);
}

TEST_CASE("the notices of many threads are whole lines, none is lost") {
    Desk desk;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&desk] {
            for (int n = 0; n < 200; ++n) desk.journal.write(kWatched);
        });
    }
    for (auto& thread : threads) thread.join();
    const std::string text = desk.text();
    CHECK(lines_of(text) == 1600);
    std::size_t whole = 0;
    const std::string line = " info    301 Watch run: watching the key HKLM\\SOFTWARE\\Run.\r\n";
    for (std::size_t at = text.find(line); at != text.npos; at = text.find(line, at + 1)) ++whole;
    CHECK(whole == 1600);
}
