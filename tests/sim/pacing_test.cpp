// Retrying and pacing under every schedule: what fails in passing gets there, what is left out is said,
// and cancelling ends every wait.
#include <catch2/catch_test_macros.hpp>

#include "action/action.h"
#include "delivery/lane.h"
#include "delivery/paced_action.h"
#include "delivery/retrying_action.h"
#include "sim/explorer.h"
#include "sim/sim_platform.h"
#include "support/samples.h"
#include "text/utf.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

// Fails as often as it is told, then keeps what it gets.
class Stubborn final : public Action {
public:
    struct State {
        unsigned failures = 0;
        bool is_passing = true;
        unsigned tries = 0;
        SteadyTime last_try{};
        std::vector<std::uint64_t> delivered;
    };
    explicit Stubborn(State& state) : state_(state) {}

    std::optional<ActionFailure> deliver(const Change& change) override {
        switch_point("acting");
        ++state_.tries;
        state_.last_try = Scheduler::current()->now();
        if (state_.failures != 0) {
            --state_.failures;
            return ActionFailure{EventId::log_not_written, "the disk is full.", state_.is_passing};
        }
        state_.delivered.push_back(change.sequence);
        return std::nullopt;
    }

private:
    State& state_;
};

std::unique_ptr<Action> retrying(Stubborn::State& state, SimPlatform& platform,
                                 Duration patience = 1h) {
    return std::make_unique<RetryingAction>("log", std::make_unique<Stubborn>(state),
                                            RetryPolicy{patience}, platform.action_executor,
                                            platform.clock, platform.journal);
}

std::unique_ptr<Lane> lane_of(std::unique_ptr<Action> action, SimPlatform& platform) {
    return std::move(Lane::create("log", std::move(action), 100, platform.action_executor,
                                  platform.journal))
        .value();
}

void is_paced(const std::function<void()>& scenario) {
    ExploreOptions options;
    options.search = ExploreOptions::Search::random;
    options.scheduler.locks_are_points = true;
    options.max_schedules = 1'000;
    const Report report = explore(options, scenario);
    INFO(report.text());
    CHECK_FALSE(report.found());
}

}  // namespace

TEST_CASE("what_fails_in_passing_is_tried_again_until_it_gets_there_in_order", "[lane]") {
    is_paced([] {
        SimPlatform platform({});
        Stubborn::State state;
        state.failures = 4;
        auto lane = lane_of(retrying(state, platform), platform);
        lane->offer(test::numbered_change(1));
        lane->offer(test::numbered_change(2));
        let_pass(20s);
        check(state.delivered == std::vector<std::uint64_t>{1, 2}, "not all, or not in order");
        check(state.tries == 6, "not tried as often as needed");
        check(state.last_try - SteadyTime{} == 15s, "not after 1, 2, 4 and 8 seconds");
        check(platform.journal.count(EventId::log_not_written) == 1, "not told once");
        check(platform.journal.count(EventId::action_recovered) == 1, "the end is not told");
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        check(lane->stop(*deadline).lost == 0, "something was given up");
    });
}

TEST_CASE("what_fails_for_good_is_not_tried_again", "[lane]") {
    is_paced([] {
        SimPlatform platform({});
        Stubborn::State state;
        state.failures = 1;
        state.is_passing = false;
        auto lane = lane_of(retrying(state, platform), platform);
        lane->offer(test::numbered_change(1));
        lane->offer(test::numbered_change(2));
        Scheduler::current()->settle();
        check(state.tries == 2, "tried again, or not gone on");
        check(platform.journal.count(EventId::log_not_written) == 1, "not told once");
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        (void)lane->stop(*deadline);
    });
}

TEST_CASE("an_action_that_fails_for_longer_than_the_patience_gives_up_one_change_and_says_so",
          "[lane]") {
    is_paced([] {
        SimPlatform platform({});
        Stubborn::State state;
        state.failures = 1000;
        auto lane = lane_of(retrying(state, platform, 1h), platform);
        lane->offer(test::numbered_change(1));
        let_pass(2h);
        check(state.delivered.empty(), "delivered although it fails");
        check(state.tries > 60 && state.tries < 70, "not about once a minute");
        check(state.last_try - SteadyTime{} <= 1h, "beyond the patience");
        check(platform.journal.count(EventId::log_not_written) == 2, "not told first and last");
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        check(lane->stop(*deadline).lost == 0, "given up twice");
    });
}

TEST_CASE("an_action_that_fails_for_an_hour_gets_everything_afterwards_in_order", "[lane]") {
    is_paced([] {
        SimPlatform platform({});
        Stubborn::State state;
        state.failures = 1'000'000;
        auto lane = lane_of(retrying(state, platform, 24h), platform);
        std::vector<std::uint64_t> offered;
        for (std::uint64_t i = 1; i <= 60; ++i) {
            lane->offer(test::numbered_change(i));
            offered.push_back(i);
            let_pass(1min);
        }
        check(state.delivered.empty(), "delivered although it fails");
        state.failures = 0;
        let_pass(2min);
        check(state.delivered == offered, "not all, or not in order");
        check(platform.journal.count(EventId::log_not_written) == 1, "not told once");
        check(platform.journal.count(EventId::action_recovered) == 1, "the end is not told");
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        check(lane->stop(*deadline).lost == 0, "something was given up");
    });
}

TEST_CASE("ten_thousand_changes_through_log_and_eventlog_lose_none_though_both_fail_for_a_while",
          "[lane]") {
    ExploreOptions options;
    options.search = ExploreOptions::Search::random;
    options.scheduler.max_steps = 10'000'000;
    options.max_schedules = 1;  // there is nothing to find but what the number of changes does
    const Report report = explore(options, [] {
        constexpr std::uint64_t kChanges = 10'000;
        SimPlatform platform({});
        Platform ports = platform.ports();
        const ActionContext context{"/data", "SRV01", nullptr};
        const auto lane_for = [&](ActionSettings settings) {
            auto action = std::move(make_action(settings, context, ports)).value();
            return std::move(Lane::create(settings.name, std::move(action), settings.queue_limit,
                                          platform.action_executor, platform.journal))
                .value();
        };
        auto to_log = lane_for({.name = "log", .what = LogSettings{}});
        auto to_event_log = lane_for({.name = "eventlog", .what = EventLogSettings{}});
        const Error full{ErrorKind::transient, 112, "writing", "the disk", "it is full"};
        for (std::uint64_t i = 1; i <= kChanges; ++i) {
            if (i == 4'000) platform.files.fail_append(full);
            if (i == 4'000) platform.event_log.answer_with(full);
            to_log->offer(test::numbered_change(i));
            to_event_log->offer(test::numbered_change(i));
            if (i == 6'000) let_pass(1min);
            if (i == 6'000) platform.files.fail_append({});
            if (i == 6'000) platform.event_log.answer_with({});
        }
        let_pass(10min);
        std::string lines;
        for (const std::string& path : platform.files.paths())
            lines += platform.files.content(path).value_or("");
        std::uint64_t next = 1;
        for (std::size_t at = lines.find("\"sequence\":"); at != std::string::npos;
             at = lines.find("\"sequence\":", at + 1)) {
            check(std::stoull(lines.substr(at + 11, 10)) == next++, "a line is missing");
        }
        check(next == kChanges + 1, "lines are missing at the end");
        const auto entries = platform.event_log.entries();
        check(entries.size() == kChanges, "events are missing");
        for (std::size_t i = 0; i < entries.size(); ++i) {
            check(to_utf8(entries[i].inserts.at(8)) == std::to_string(i + 1), "out of order");
        }
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        check(to_log->stop(*deadline).lost == 0, "lines were given up");
        check(to_event_log->stop(*deadline).lost == 0, "events were given up");
    });
    INFO(report.text());
    CHECK_FALSE(report.found());
}

TEST_CASE("stop_ends_the_wait_between_two_tries_and_counts_the_change", "[lane]") {
    is_paced([] {
        SimPlatform platform({});
        Stubborn::State state;
        state.failures = 1000;
        auto lane = lane_of(retrying(state, platform), platform);
        lane->offer(test::numbered_change(1));
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        check(lane->stop(*deadline).lost == 1, "the change under way is not counted");
        check(Scheduler::current()->now() - SteadyTime{} <= 6s, "waited for the next try");
    });
}

TEST_CASE("what_a_rate_limit_leaves_out_is_summed_up_without_another_change", "[lane]") {
    is_paced([] {
        SimPlatform platform({});
        Stubborn::State state;
        auto paced = std::move(PacedAction::create("log", std::make_unique<Stubborn>(state),
                                                   {{3, 0}}, platform.action_executor,
                                                   platform.clock, platform.journal))
                         .value();
        auto lane = lane_of(std::move(paced), platform);
        for (std::uint64_t i = 1; i <= 10; ++i) lane->offer(test::numbered_change(i));
        let_pass(2min);
        check(state.delivered == std::vector<std::uint64_t>{1, 2, 3}, "not the first three");
        check(platform.journal.count(EventId::changes_limited) == 1, "not summed up once");
        check(platform.journal.notices().back().inserts[1] == "7", "not all are counted");
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        check(lane->stop(*deadline).lost == 0, "something was given up");
    });
}

TEST_CASE("what_a_schedule_mutes_is_not_delivered_and_summed_up_when_its_time_is_over", "[lane]") {
    is_paced([] {
        SimPlatform platform({});
        Stubborn::State state;
        const auto board = std::make_shared<MuteBoard>();
        // The hour that it is now, whatever day it is.
        const auto time = std::chrono::floor<std::chrono::minutes>(
            platform.clock.wall_now() -
            std::chrono::floor<std::chrono::days>(platform.clock.wall_now()));
        MuteWindow window;
        window.days.fill(true);
        window.from = time;
        window.to = (time + std::chrono::minutes(60)) % std::chrono::minutes(24 * 60);
        board->set_schedules({{"run-keys", {window}}});
        auto paced = std::move(PacedAction::create("log", std::make_unique<Stubborn>(state),
                                                   {{}, board}, platform.action_executor,
                                                   platform.clock, platform.journal))
                         .value();
        auto lane = lane_of(std::move(paced), platform);
        lane->offer(test::numbered_change(1));
        let_pass(50min);
        check(platform.journal.count(EventId::changes_muted) == 0, "summed up too early");
        let_pass(12min);
        check(state.delivered.empty(), "delivered although it is muted");
        check(platform.journal.count(EventId::changes_muted) == 1, "not summed up");
        lane->offer(test::numbered_change(2));
        Scheduler::current()->settle();
        check(state.delivered == std::vector<std::uint64_t>{2}, "muted for too long");
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        check(lane->stop(*deadline).lost == 0, "something was given up");
    });
}

TEST_CASE("what_was_muted_is_summed_up_when_the_mute_is_over_or_the_action_ends", "[lane]") {
    is_paced([] {
        SimPlatform platform({});
        Stubborn::State state;
        const auto board = std::make_shared<MuteBoard>();
        const WallTime until = platform.clock.wall_now() + std::chrono::minutes(10);
        board->set({{"run-keys", until}});
        auto paced = std::move(PacedAction::create("log", std::make_unique<Stubborn>(state),
                                                   {{}, board}, platform.action_executor,
                                                   platform.clock, platform.journal))
                         .value();
        auto lane = lane_of(std::move(paced), platform);
        lane->offer(test::numbered_change(1));
        let_pass(9min);
        check(platform.journal.count(EventId::changes_muted) == 0, "summed up too early");
        let_pass(3min);
        check(state.delivered.empty(), "delivered although it is muted");
        check(platform.journal.count(EventId::changes_muted) == 1, "not summed up");
        lane->offer(test::numbered_change(2));
        Scheduler::current()->settle();
        check(state.delivered == std::vector<std::uint64_t>{2}, "muted for too long");
        board->set({{"", platform.clock.wall_now() + std::chrono::minutes(10)}});
        lane->offer(test::numbered_change(3));
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        check(lane->stop(*deadline).lost == 0, "something was given up");
        lane.reset();
        check(platform.journal.count(EventId::changes_muted) == 2, "not said at the end");
    });
}

}  // namespace regwatch::sim
