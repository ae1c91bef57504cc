#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <chrono>
#include <string>

#include "action/actions.h"
#include "action/loop_guard.h"
#include "change/json.h"
#include "change/line.h"
#include "platform/folder.h"
#include "support/manual_clock.h"
#include "support/memory_event_log.h"
#include "support/memory_file_system.h"
#include "support/memory_journal.h"
#include "support/memory_registry_writer.h"
#include "support/samples.h"
#include "support/scripted_process_runner.h"
#include "support/scripted_program_files.h"

namespace regwatch {
namespace {

using namespace std::chrono_literals;

const ActionContext kContext{"/data", "SRV01", nullptr};

Change sample() { return test::value_change(test::sz(u"old"), test::sz(u"new")); }

ProgramSettings program() {
    ProgramSettings settings;
    settings.file = "C:\\Ops\\triage.exe";
    settings.arguments = {"--quiet"};
    settings.timeout = 5s;
    return settings;
}

// What a program action stands on, and the action with the settings of program() or others.
struct ProgramBench {
    test::ScriptedProcessRunner processes;
    test::ScriptedProgramFiles files;
    test::ManualClock clock;
    test::MemoryJournal journal;

    std::unique_ptr<Action> action(const ProgramSettings& settings = program()) {
        return make_program_action(settings, "script", kContext,
                                   {processes, files, clock, journal});
    }
    void then(test::ScriptedProcessRunner::Answer answer) { processes.then(std::move(answer)); }
    [[nodiscard]] std::vector<ProcessSpec> specs() const { return processes.specs(); }
};

struct LogBench {
    test::MemoryFileSystem files;
    test::ManualClock clock;
    test::MemoryJournal journal;

    std::unique_ptr<Action> action() {
        return make_log_action({}, "log", log_folder({}, kContext, files).value(), kContext,
                               {files, clock, journal});
    }
};

TEST_CASE("the log action appends one record and one line end per change, in one write") {
    LogBench bench;
    auto& files = bench.files;
    const auto action = bench.action();
    REQUIRE_FALSE(action->deliver(sample()));
    REQUIRE_FALSE(action->deliver(sample()));
    REQUIRE(files.paths().size() == 1);
    const std::string line = to_json_line(sample(), {"SRV01"}) + "\n";
    CHECK(files.content(files.paths().front()) == line + line);
    CHECK(files.appends() == 2);
}

TEST_CASE(
    "the folder of a log may begin with a variable, and one that does not exist is an error") {
    test::MemoryFileSystem files;
    LogSettings settings;
    settings.folder = "%ProgramData%\\Logs";
    CHECK(log_folder(settings, kContext, files).value() == "/program-data\\Logs");
    settings.folder = "%Nothing%\\Logs";
    const auto folder = log_folder(settings, kContext, files);
    REQUIRE_FALSE(folder);
    CHECK(folder.error().subject == settings.folder);
    CHECK(log_folder({}, kContext, files).value() == join_path("/data", "logs"));
}

TEST_CASE("a log that cannot be written is a failure that names the reason, and no crash") {
    LogBench bench;
    auto& files = bench.files;
    const auto action = bench.action();
    files.fail_append(Error{ErrorKind::transient, 112, "writing to", "/data/logs/x", "disk full"});
    const auto failure = action->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->id == EventId::log_not_written);
    CHECK(failure->reason == "writing to /data/logs/x: disk full (112).");
}

TEST_CASE("after a torn write the log goes on in a new file, so that no torn line is continued") {
    LogBench bench;
    auto& files = bench.files;
    const auto action = bench.action();
    REQUIRE_FALSE(action->deliver(sample()));
    files.fail_append(Error{ErrorKind::transient, 112, "writing to", "x", "disk full"}, 3);
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
    ProgramBench runner;
    Change hostile = sample();
    hostile.value_name = u"& calc %COMSPEC% \"";
    hostile.key.subkey += u"\\& whoami";
    hostile.after = test::sz(u"%PATH%\r\ncalc");
    REQUIRE_FALSE(runner.action()->deliver(hostile));
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
    ProgramBench runner;
    ProcessOutcome outcome;
    outcome.exit_code = 3;
    outcome.output = "no such\tthing";
    runner.then(outcome);
    const auto failure = runner.action()->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->id == EventId::program_failed);
    CHECK(failure->reason ==
          "it ended with exit code 3; the end of its output: no such\\u{9}thing");
}

TEST_CASE("of a flood of output the end is told, and that it was too long") {
    ProgramBench runner;
    ProcessOutcome outcome;
    outcome.exit_code = 1;
    outcome.output = "begin" + std::string(60'000, '\x1b') + "end";
    outcome.output_truncated = true;
    runner.then(outcome);
    const auto failure = runner.action()->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->reason.find("which was too long to be kept whole: \\u{1b}") !=
          std::string::npos);
    CHECK(failure->reason.ends_with("end"));
    CHECK(failure->reason.find("begin") == std::string::npos);
    CHECK(failure->reason.size() < 10'000);
}

TEST_CASE("a program that ends well though its output was cut is told of as the runs double") {
    ProgramBench bench;
    const auto action = bench.action();
    const auto run = [&](const ProcessOutcome& outcome) {
        bench.then(outcome);
        CHECK_FALSE(action->deliver(sample()));
    };
    ProcessOutcome cut;
    cut.output_truncated = true;
    run({});
    CHECK(bench.journal.notices().empty());
    for (int i = 0; i < 5; ++i) run(cut);
    REQUIRE(bench.journal.count(EventId::program_limited) == 3);
    const std::string line = to_line(sample());
    CHECK(bench.journal.notices().front().inserts ==
          std::vector<std::string>{
              "script", line, "of its output only the last 64KB were kept (output_limit).", "1"});
    CHECK(bench.journal.notices().back().inserts.back() == "4");
    cut.met_memory_limit = true;  // of another kind, so counted by itself
    run(cut);
    CHECK(bench.journal.notices().back().inserts ==
          std::vector<std::string>{"script", line,
                                   "it was refused more memory than 1GB (max_memory); of its "
                                   "output only the last 64KB were kept (output_limit).",
                                   "1"});
}

TEST_CASE("what a program was refused by its limits is told, with its failure when it fails") {
    ProgramBench bench;
    ProcessOutcome outcome;
    outcome.met_process_limit = true;
    bench.then(outcome);
    REQUIRE_FALSE(bench.action()->deliver(sample()));
    REQUIRE(bench.journal.count(EventId::program_limited) == 1);
    CHECK(bench.journal.notices().front().inserts[2] ==
          "it was refused more than 32 process(es) (max_processes).");
    outcome.exit_code = 9;
    outcome.met_memory_limit = true;
    bench.then(outcome);
    const auto failure = bench.action()->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->reason ==
          "it ended with exit code 9; it was refused more than 32 process(es) (max_processes); it "
          "was refused more memory than 1GB (max_memory); it wrote nothing.");
    outcome.end = ProcessOutcome::End::timed_out;
    bench.then(outcome);
    CHECK(bench.action()->deliver(sample())->reason.find("(max_memory); it wrote nothing.") !=
          std::string::npos);
    CHECK(bench.journal.count(EventId::program_limited) == 1);
}

TEST_CASE("a program that somebody killed is a failure with the code that he gave it") {
    ProgramBench runner;
    ProcessOutcome outcome;
    outcome.exit_code = 0xC000013A;
    runner.then(outcome);
    const auto failure = runner.action()->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->id == EventId::program_failed);
    CHECK(failure->reason == "it ended with exit code 3221225786; it wrote nothing.");
}

TEST_CASE("a program that runs too long is a failure of its own kind") {
    ProgramBench runner;
    ProcessOutcome outcome;
    outcome.end = ProcessOutcome::End::timed_out;
    runner.then(outcome);
    const auto failure = runner.action()->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->id == EventId::program_timed_out);
}

TEST_CASE("a program that cannot be started is a failure that says why") {
    ProgramBench runner;
    runner.then(Error{ErrorKind::not_found, 2, "starting", "C:\\Ops\\triage.exe", "no such file"});
    const auto failure = runner.action()->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->id == EventId::program_not_started);
    CHECK(failure->reason == "starting C:\\Ops\\triage.exe: no such file (2).");
}

TEST_CASE("a program that was cancelled is a failure, so that its change is still owed") {
    ProgramBench runner;
    const auto action = runner.action();
    action->cancel();
    const auto failure = action->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->reason == "it was ended, or not begun, because the service stops.");
    CHECK(failure->is_passing);
}

TEST_CASE("a program that others may change is not run, and the failure says how to repair it") {
    ProgramBench bench;
    bench.files.set_sddl("O:BAD:(A;;FA;;;BA)(A;;FA;;;BU)");
    const auto failure = bench.action()->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->id == EventId::program_unsafe);
    CHECK(failure->reason.find("icacls \"C:\\Ops\\triage.exe\"") != std::string::npos);
    CHECK_FALSE(failure->is_passing);
    CHECK(bench.specs().empty());
}

TEST_CASE("a program that others may change is run with one warning when the config says so") {
    ProgramBench bench;
    bench.files.set_sddl("O:BAD:(A;;FA;;;BA)(A;;FA;;;BU)");
    ProgramSettings settings = program();
    settings.unsafe_files = UnsafeFiles::warn;
    const auto action = bench.action(settings);
    CHECK_FALSE(action->deliver(sample()));
    CHECK_FALSE(action->deliver(sample()));
    CHECK(bench.specs().size() == 2);
    CHECK(bench.journal.count(EventId::program_unsafe_but_run) == 1);
}

TEST_CASE("a program is not run in a folder that others may change") {
    ProgramBench bench;
    ProgramSettings settings = program();
    settings.working_directory = "C:\\Work";
    REQUIRE_FALSE(bench.action(settings)->deliver(sample()));
    bench.files.set_other_sddl("O:BAD:(A;;FA;;;BA)(A;;0x2;;;BU)");
    REQUIRE_FALSE(bench.action()->deliver(sample()));  // runs elsewhere
    const auto failure = bench.action(settings)->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->id == EventId::program_unsafe);
    CHECK(failure->reason.find("icacls \"C:\\Work\"") != std::string::npos);
    CHECK(bench.specs().size() == 2);
}

TEST_CASE("a program is started by the path that its links lead to") {
    ProgramBench bench;
    bench.files.have_links_lead_to("D:\\Real\\triage.exe");
    REQUIRE_FALSE(bench.action()->deliver(sample()));
    CHECK(bench.specs().front().file == "D:\\Real\\triage.exe");
}

TEST_CASE("where owners are not kept a program is run, and that it was not checked is said once") {
    ProgramBench bench;
    bench.files.set_sddl("O:S-1-5-21-0-0-0-1000D:(A;;FA;;;WD)");
    bench.files.have_no_owners("Wine does not keep the owners of files.");
    const auto action = bench.action();
    CHECK_FALSE(action->deliver(sample()));
    CHECK_FALSE(action->deliver(sample()));
    CHECK(bench.specs().size() == 2);
    CHECK(bench.journal.count(EventId::program_not_checked) == 1);
}

TEST_CASE("a program whose content is another than the pinned one is not run") {
    ProgramBench bench;
    ProgramSettings settings = program();
    settings.sha256 = std::string(64, 'a');
    bench.files.set_hash(std::string(64, 'a'));
    const auto action = bench.action(settings);
    CHECK_FALSE(action->deliver(sample()));
    bench.files.set_hash(std::string(64, 'b'));
    const auto failure = action->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->id == EventId::program_exchanged);
    CHECK(failure->reason.find(std::string(64, 'b')) != std::string::npos);
    CHECK(bench.specs().size() == 1);
}

TEST_CASE(
    "a program that is missing, or being written, is a failure; the latter is a passing one") {
    ProgramBench bench;
    bench.files.refuse_to_hold(Error{ErrorKind::not_found, 2, "holding", "x.exe", "no such file"});
    const auto missing = bench.action()->deliver(sample());
    REQUIRE(missing);
    CHECK(missing->id == EventId::program_not_started);
    CHECK_FALSE(missing->is_passing);
    bench.files.refuse_to_hold(Error{ErrorKind::transient, 32, "holding", "x.exe", "it is in use"});
    CHECK(bench.action()->deliver(sample())->is_passing);
    CHECK(bench.specs().empty());
}

TEST_CASE("a program that is told of its own writing is stopped, and that is said") {
    ProgramBench bench;
    const auto action = bench.action();
    std::optional<ActionFailure> failure;
    unsigned runs = 0;
    for (; runs < 100 && !failure; ++runs) {
        Change change = sample();
        change.not_before = bench.clock.wall_now() - std::chrono::duration_cast<WallTicks>(10ms);
        change.detected_at = bench.clock.wall_now();
        change.key_last_write = change.not_before;  // as the program of the change before ran
        change.sequence = runs + 1;
        failure = action->deliver(change);
        bench.clock.advance(10ms);
    }
    REQUIRE(failure);
    CHECK(failure->id == EventId::program_loops);
    CHECK(runs < 10);
}

TEST_CASE("how many changes a loop has left out is told at its end, or when the action ends") {
    ProgramBench bench;
    auto action = bench.action();
    Change change = sample();
    const auto next = [&] {
        bench.clock.advance(10ms);
        // As the program of the change before ran.
        change.key_last_write =
            bench.clock.wall_now() - std::chrono::duration_cast<WallTicks>(10ms);
        ++change.sequence;
        return action->deliver(change);
    };
    for (unsigned i = 0; i < LoopGuard::kLongestChain; ++i) CHECK_FALSE(next());
    REQUIRE(next());
    for (int i = 0; i < 6; ++i) (void)next();  // seven in all
    CHECK(bench.journal.count(EventId::program_loops) == 0);
    bench.clock.advance(2min);
    CHECK_FALSE(next());
    REQUIRE(bench.journal.count(EventId::program_loops) == 1);
    CHECK(bench.journal.notices().back().inserts[2] ==
          "it seemed to write what it is told of; left out in all: 7.");
    for (unsigned i = 1; i < LoopGuard::kLongestChain; ++i) CHECK_FALSE(next());
    REQUIRE(next());
    action.reset();
    CHECK(bench.journal.count(EventId::program_loops) == 2);
}

TEST_CASE("a program that is tried again for the same change is no loop") {
    ProgramBench bench;
    const auto action = bench.action();
    Change change = sample();
    for (int i = 0; i < 20; ++i) {
        change.key_last_write = bench.clock.wall_now();
        bench.then(Error{ErrorKind::transient, 8, "starting", "C:\\Ops\\triage.exe", "no memory"});
        const auto failure = action->deliver(change);
        REQUIRE(failure);
        CHECK(failure->id == EventId::program_not_started);
    }
    CHECK_FALSE(action->deliver(change));
}

TEST_CASE("a program is run for every change that was made after it ended, however many") {
    ProgramBench bench;
    const auto action = bench.action();
    Change change = sample();
    for (unsigned i = 0; i < 3 * LoopGuard::kLongestChain; ++i) {
        change.not_before = bench.clock.wall_now();  // the look before, for which it ran
        bench.clock.advance(1h);
        change.key_last_write = change.detected_at = bench.clock.wall_now();
        ++change.sequence;
        bench.clock.advance(1s);
        CHECK_FALSE(action->deliver(change));
    }
}

TEST_CASE("the variables of the config are added, and cannot take the place of RegWatch's own") {
    ProgramBench bench;
    ProgramSettings settings = program();
    settings.environment = {{"CHANNEL", "security"}, {"REGWATCH_ID", "forged"}};
    REQUIRE_FALSE(bench.action(settings)->deliver(sample()));
    const auto environment = bench.specs().front().environment;
    CHECK(environment.front() == std::pair<std::string, std::string>("CHANNEL", "security"));
    std::string id;
    for (const auto& [name, value] : environment) {
        if (name == "REGWATCH_ID") id = value;
    }
    CHECK(id == sample().id);
}

TEST_CASE("the restore action writes the old data back and says so") {
    test::MemoryRegistryWriter registry;
    test::MemoryFileSystem files;
    test::ManualClock clock(sample().detected_at);
    test::MemoryJournal journal;
    const auto action =
        make_restore_action("restore", kContext, {registry, registry, files, clock, journal});
    registry.undergo(sample());
    CHECK_FALSE(action->deliver(sample()));
    CHECK(registry.steps() == std::vector<std::string>{"set Updater"});
    CHECK(journal.count(EventId::restored) == 1);
    CHECK(files.paths().size() == 1);  // where that is kept
    CHECK_FALSE(action->deliver(test::value_change(test::sz(u"new"), test::sz(u"old"))));
    CHECK(journal.count(EventId::restored) == 1);
    CHECK_FALSE(action->deliver(sample()));
    CHECK(journal.count(EventId::restore_overtaken) == 1);
    registry.undergo(sample());
    registry.fail(Error{ErrorKind::denied, 5, "setting", "HKLM\\X", "access is denied"});
    const auto failure = action->deliver(sample());
    REQUIRE(failure);
    CHECK(failure->id == EventId::restore_failed);
}

}  // namespace
}  // namespace regwatch
