// What `test-action` tries, and what it will not.
#include "service/test_action.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "support/manual_clock.h"
#include "support/scripted_process_runner.h"

namespace regwatch {
namespace {

struct Recorder final : Action {
    struct Record {
        std::vector<Change> changes;
        std::optional<ActionFailure> answer;
    };
    explicit Recorder(Record& record_in) : record(record_in) {}
    std::optional<ActionFailure> deliver(const Change& change) override {
        record.changes.push_back(change);
        return record.answer;
    }
    Record& record;
};

Result<std::optional<ActionFailure>> run(const std::string& name, Recorder::Record& record) {
    Settings settings;
    settings.actions = {{"eventlog", EventLogSettings{}}, {"back", RestoreSettings{}}};
    const auto make = [&](const ActionSettings&) -> Result<std::unique_ptr<Action>> {
        return std::unique_ptr<Action>(std::make_unique<Recorder>(record));
    };
    return test_action(settings, name, make, WallTime(WallTicks(17'000'000'000'000'000)));
}

TEST_CASE("an action gets one change that says that it is a test") {
    Recorder::Record record;
    const auto outcome = run("eventlog", record);
    REQUIRE(outcome);
    CHECK_FALSE(outcome->has_value());
    REQUIRE(record.changes.size() == 1);
    CHECK(record.changes[0].watch == "test-action");
    CHECK(record.changes[0].tags == std::vector<std::string>{"test"});
    CHECK(record.changes[0].id.size() == 26);
    CHECK(as_string(*record.changes[0].after) == u"the new data");
}

TEST_CASE("an action that fails is told with its reason") {
    Recorder::Record record;
    record.answer = ActionFailure{EventId::program_failed, "it ended with exit code 3."};
    const auto outcome = run("eventlog", record);
    REQUIRE(outcome);
    REQUIRE(outcome->has_value());
    CHECK((*outcome)->id == EventId::program_failed);
}

TEST_CASE("a name that no action has is answered with those there are") {
    Recorder::Record record;
    const auto outcome = run("evntlog", record);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().reason.ends_with("there is eventlog, back"));
}

TEST_CASE("an action that writes to the registry is not tried") {
    Recorder::Record record;
    const auto outcome = run("back", record);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::unsupported);
    CHECK(record.changes.empty());
}

TEST_CASE("of a program that was run, the last run and how long it took are remembered") {
    test::ManualClock clock;
    struct Slow final : ProcessRunner {
        explicit Slow(test::ManualClock& clock_in) : clock(clock_in) {}
        Result<ProcessOutcome> run(const ProcessSpec& spec) override {
            clock.advance(std::chrono::milliseconds(1250));
            return scripted.run(spec);
        }
        void cancel_all() noexcept override { scripted.cancel_all(); }
        test::ManualClock& clock;
        test::ScriptedProcessRunner scripted;
    } slow(clock);
    RememberingRunner runner(slow, clock);
    slow.scripted.then(Error{ErrorKind::not_found, 2, "starting", "x.exe", "no such file"});
    CHECK_FALSE(runner.run({}));
    CHECK_FALSE(runner.last());
    ProcessOutcome outcome;
    outcome.exit_code = 3;
    slow.scripted.then(outcome);
    REQUIRE(runner.run({}));
    REQUIRE(runner.last());
    CHECK(runner.last()->outcome.exit_code == 3);
    CHECK(runner.last()->took == std::chrono::milliseconds(1250));
    runner.cancel_all();
    CHECK(runner.run({})->end == ProcessOutcome::End::cancelled);
}

TEST_CASE(
    "the report of a run has its exit code, its time and its output, and no control character") {
    RememberingRunner::Run run;
    run.took = std::chrono::milliseconds(1250);
    using Lines = std::vector<std::string>;
    CHECK(run_report(run) ==
          Lines{"The program ended with exit code 0 after 1.250 s.", "It wrote nothing."});
    run.outcome.exit_code = 7;
    run.outcome.output = "one\r\n\n\x1b[2Jthree \xE2\x80\xAE\n";
    CHECK(run_report(run) == Lines{"The program ended with exit code 7 after 1.250 s.",
                                   "It wrote:", "  one", "  ", "  \\u{1b}[2Jthree \\u{202e}"});
    run.outcome.end = ProcessOutcome::End::timed_out;
    run.outcome.output = "no line end";
    run.outcome.output_truncated = true;
    CHECK(run_report(run) ==
          Lines{"The program was ended after 1.250 s.",
                "It wrote more than output_limit keeps; the end of that:", "  no line end"});
}

}  // namespace
}  // namespace regwatch
