#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <chrono>
#include <string>

#include "action/actions.h"
#include "change/json.h"
#include "support/manual_clock.h"
#include "support/memory_event_log.h"
#include "support/memory_file_system.h"
#include "support/samples.h"
#include "support/scripted_process_runner.h"

namespace regwatch {
namespace {

using namespace std::chrono_literals;

const ActionContext kContext{"/data", "SRV01"};

Change sample() { return test::value_change(test::sz(u"old"), test::sz(u"new")); }

ProgramSettings program() {
    ProgramSettings settings;
    settings.file = "C:\\Ops\\triage.exe";
    settings.arguments = {"--quiet"};
    settings.timeout = 5s;
    return settings;
}

TEST_CASE("the log action appends one record and one line end per change") {
    test::MemoryFileSystem files;
    test::ManualClock clock;
    const auto action = make_log_action({}, kContext, files, clock);
    REQUIRE_FALSE(action->deliver(sample()));
    REQUIRE_FALSE(action->deliver(sample()));
    REQUIRE(files.paths().size() == 1);
    const std::string line = to_json_line(sample(), {"SRV01"}) + "\n";
    CHECK(files.content(files.paths().front()) == line + line);
}

TEST_CASE("a log that cannot be written is a failure that names the reason, and no crash") {
    test::MemoryFileSystem files;
    test::ManualClock clock;
    const auto action = make_log_action({}, kContext, files, clock);
    files.fail_append(Error{ErrorKind::transient, 112, "writing to", "/data/logs/x", "disk full"});
    const auto failure = action->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->id == EventId::log_not_written);
    CHECK(failure->reason == "writing to /data/logs/x: disk full (112).");
}

TEST_CASE("after a failed write the log goes on in a new file, so that no torn line is continued") {
    test::MemoryFileSystem files;
    test::ManualClock clock;
    const auto action = make_log_action({}, kContext, files, clock);
    REQUIRE_FALSE(action->deliver(sample()));
    files.fail_append(Error{ErrorKind::transient, 112, "writing to", "x", "disk full"});
    REQUIRE(action->deliver(sample()));
    files.fail_append(std::nullopt);
    REQUIRE_FALSE(action->deliver(sample()));
    CHECK(files.paths().size() == 2);
}

TEST_CASE("the event log action reports the composed entry") {
    test::MemoryEventLog log;
    const auto action = make_event_log_action(log);
    REQUIRE_FALSE(action->deliver(sample()));
    REQUIRE(log.entries().size() == 1);
    CHECK(log.entries().front().id == EventId::value_changed);
    CHECK(log.entries().front().inserts == event_entry(sample()).inserts);
}

TEST_CASE("an event that the Event Log refuses is a failure") {
    test::MemoryEventLog log;
    log.answer_with(Error{ErrorKind::transient, 1502, "writing to", "the Event Log", "it is full"});
    const auto failure = make_event_log_action(log)->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->id == EventId::event_not_written);
}

TEST_CASE("a program gets the record on stdin and nothing from the registry anywhere else") {
    test::ScriptedProcessRunner runner;
    Change hostile = sample();
    hostile.value_name = u"& calc %COMSPEC% \"";
    hostile.key.subkey += u"\\& whoami";
    hostile.after = test::sz(u"%PATH%\r\ncalc");
    REQUIRE_FALSE(make_program_action(program(), kContext, runner)->deliver(hostile));
    REQUIRE(runner.specs().size() == 1);
    const ProcessSpec spec = runner.specs().front();
    CHECK(spec.file == "C:\\Ops\\triage.exe");
    CHECK(spec.arguments == std::vector<std::string>{"--quiet"});
    CHECK(spec.timeout == 5s);
    CHECK(spec.input == to_json_line(hostile, {"SRV01"}) + "\n");
    REQUIRE_FALSE(spec.environment.empty());
    CHECK(std::none_of(spec.environment.begin(), spec.environment.end(), [](const auto& variable) {
        return variable.second.find("calc") != std::string::npos ||
               variable.second.find("whoami") != std::string::npos;
    }));
}

TEST_CASE("a program that ends with another code than 0 is a failure that shows its output") {
    test::ScriptedProcessRunner runner;
    ProcessOutcome outcome;
    outcome.exit_code = 3;
    outcome.output = "no such\tthing";
    runner.then(outcome);
    const auto failure = make_program_action(program(), kContext, runner)->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->id == EventId::program_failed);
    CHECK(failure->reason ==
          "it ended with exit code 3; the end of its output: no such\\u{9}thing");
}

TEST_CASE("a program that runs too long is a failure of its own kind") {
    test::ScriptedProcessRunner runner;
    ProcessOutcome outcome;
    outcome.end = ProcessOutcome::End::timed_out;
    runner.then(outcome);
    const auto failure = make_program_action(program(), kContext, runner)->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->id == EventId::program_timed_out);
}

TEST_CASE("a program that cannot be started is a failure that says why") {
    test::ScriptedProcessRunner runner;
    runner.then(Error{ErrorKind::not_found, 2, "starting", "C:\\Ops\\triage.exe", "no such file"});
    const auto failure = make_program_action(program(), kContext, runner)->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->id == EventId::program_not_started);
    CHECK(failure->reason == "starting C:\\Ops\\triage.exe: no such file (2).");
}

TEST_CASE("a program that was cancelled is a failure, so that its change is still owed") {
    test::ScriptedProcessRunner runner;
    const auto action = make_program_action(program(), kContext, runner);
    action->cancel();
    const auto failure = action->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->reason == "it was ended, or not begun, because the service stops.");
}

}  // namespace
}  // namespace regwatch
