// A lane: bounded, and loud about what it drops.
#include "delivery/lane.h"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <memory>
#include <stdexcept>

#include "change/change_size.h"
#include "delivery/delivery.h"
#include "sim/explorer.h"
#include "sim/faults.h"
#include "sim/sim_platform.h"
#include "support/samples.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

// Lets nothing through until it is opened.
class Gate final : public Action {
public:
    struct State {
        bool open = false;
        std::vector<std::uint64_t> delivered;
    };
    explicit Gate(State& state) : state_(state) {}
    std::optional<ActionFailure> deliver(const Change& change) override {
        Scheduler::current()->wait_until("the gate", [&] { return state_.open; });
        state_.delivered.push_back(change.sequence);
        return std::nullopt;
    }
    void cancel() noexcept override { state_.open = true; }

private:
    State& state_;
};

// What is owed, for as long as it can be read.
class Owed final : public OwedDeliveries {
public:
    Result<std::vector<SharedChange>> owed(const std::string&, std::uint64_t after,
                                           std::size_t) override {
        switch_point("reading what is owed");
        if (!is_readable) return make_error(ErrorKind::transient, "reading", "what is owed");
        std::vector<SharedChange> more;
        for (const SharedChange& change : changes)
            if (change->sequence > after) more.push_back(change);
        return more;
    }
    void delivered(const std::string&, const Change& change) override {
        std::erase_if(changes, [&](const auto& owed) { return owed->id == change.id; });
    }
    void caught_up() override {}

    std::vector<SharedChange> changes;
    bool is_readable = true;
};

SharedChange change_of_number(std::uint64_t number) {
    Change change = *test::numbered_change(number);
    change.id = "id-" + std::to_string(number);
    return std::make_shared<const Change>(std::move(change));
}

// Waits on a system that lets go of it when it likes to, whoever cancels.
class Stuck final : public Action {
public:
    explicit Stuck(const bool& let_go) : let_go_(let_go) {}
    std::optional<ActionFailure> deliver(const Change&) override {
        Scheduler::current()->wait_until("the system", [this] { return let_go_; });
        return std::nullopt;
    }

private:
    const bool& let_go_;
};

class Throwing final : public Action {
public:
    std::optional<ActionFailure> deliver(const Change&) override {
        throw std::runtime_error("too much");
    }
};

Report explored_lane(const Scenario& scenario) {
    ExploreOptions options;
    options.search = ExploreOptions::Search::random;
    options.scheduler.locks_are_points = true;
    options.max_schedules = 2'000;
    return explore(options, scenario);
}

}  // namespace

TEST_CASE("a_full_lane_refuses_the_newest_counts_it_and_says_so_as_the_count_doubles", "[lane]") {
    const Report report = explored_lane([] {
        SimPlatform platform({});
        Gate::State gate;
        auto lane = std::move(Lane::create("log", std::make_unique<Gate>(gate), 2,
                                           platform.action_executor, platform.journal))
                        .value();
        lane->offer(test::numbered_change(1));
        Scheduler::current()->settle();  // the first is being delivered, the queue is empty
        for (std::uint64_t i = 2; i <= 8; ++i) lane->offer(test::numbered_change(i));
        check(lane->dropped() == 5, "not all that was refused is counted");
        check(platform.journal.count(EventId::queue_full) == 3, "not said at 1, 2 and 4");
        gate.open = true;
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        check(lane->stop(*deadline).lost == 0, "something was given up");
        check(gate.delivered == std::vector<std::uint64_t>{1, 2, 3}, "not the oldest, in order");
    });
    INFO(report.text());
    CHECK_FALSE(report.found());
}

TEST_CASE("a_lane_refuses_what_would_take_more_memory_than_it_may_and_says_so", "[lane]") {
    // Made once: a sanitizer takes its time over so much memory.
    std::map<std::uint64_t, SharedChange> large;
    for (std::uint64_t number = 2; number <= 6; ++number) {
        Change change = *test::numbered_change(number);
        change.after = ChangeData(ValueData{ValueType::binary, {}});
        change.after->bytes.reserve(kMostBytesUnkept / 3);
        large[number] = std::make_shared<const Change>(std::move(change));
    }
    const Report report = explored_lane([&] {
        SimPlatform platform({});
        Gate::State gate;
        auto lane = std::move(Lane::create("log", std::make_unique<Gate>(gate), 100,
                                           platform.action_executor, platform.journal))
                        .value();
        lane->offer(test::numbered_change(1));
        Scheduler::current()->settle();
        for (std::uint64_t i = 2; i <= 5; ++i) lane->offer(large.at(i));
        check(lane->dropped() == 2, "not what is too much");
        check(platform.journal.notices().front().inserts.at(1) == "64 MB", "another reason");
        gate.open = true;
        Scheduler::current()->settle();
        lane->offer(large.at(6));
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        check(lane->stop(*deadline).lost == 0, "something was given up");
        check(gate.delivered == std::vector<std::uint64_t>{1, 2, 3, 6}, "not the oldest, in order");
    });
    INFO(report.text());
    CHECK_FALSE(report.found());
}

TEST_CASE("changes_offered_by_many_threads_are_all_delivered", "[lane]") {
    const Report report = explored_lane([] {
        SimPlatform platform({});
        Gate::State gate;
        gate.open = true;
        auto lane = std::move(Lane::create("log", std::make_unique<Gate>(gate), 100,
                                           platform.action_executor, platform.journal))
                        .value();
        {
            Thread one("one", [&] {
                for (int i = 0; i < 3; ++i) lane->offer(test::numbered_change(1));
            });
            Thread two("two", [&] {
                for (int i = 0; i < 3; ++i) lane->offer(test::numbered_change(2));
            });
        }
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        check(lane->stop(*deadline).lost == 0, "something was given up");
        check(gate.delivered.size() == 6, "a change was lost");
    });
    INFO(report.text());
    CHECK_FALSE(report.found());
}

TEST_CASE("stop_waits_for_the_change_being_delivered_and_cancels_it_at_the_deadline", "[lane]") {
    const Report report = explored_lane([] {
        SimPlatform platform({});
        Gate::State gate;
        auto lane = std::move(Lane::create("log", std::make_unique<Gate>(gate), 100,
                                           platform.action_executor, platform.journal))
                        .value();
        lane->offer(test::numbered_change(1));
        Scheduler::current()->settle();  // the queue is empty, the gate is shut
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        check(lane->stop(*deadline).lost == 1, "the change under way is not counted");
        check(deadline->passed(), "not waited for");
        check(gate.open, "not cancelled");
    });
    INFO(report.text());
    CHECK_FALSE(report.found());
}

TEST_CASE("an_action_that_is_replaced_leaves_its_queue_to_the_next_in_order", "[lane]") {
    const Report report = explored_lane([] {
        SimPlatform platform({});
        Gate::State before;
        Gate::State after;
        before.open = after.open = true;
        auto lane = std::move(Lane::create("log", std::make_unique<Gate>(before), 10,
                                           platform.action_executor, platform.journal))
                        .value();
        Thread offering("offering", [&] {
            for (std::uint64_t i = 1; i <= 4; ++i) lane->offer(test::numbered_change(i));
        });
        lane->replace(std::make_unique<Gate>(after), 10);
        offering.join();
        Scheduler::current()->settle();
        lane->offer(test::numbered_change(5));
        Scheduler::current()->settle();
        check(!after.delivered.empty() && after.delivered.back() == 5, "not to the new action");
        std::vector<std::uint64_t> all = before.delivered;
        all.insert(all.end(), after.delivered.begin(), after.delivered.end());
        check(all == std::vector<std::uint64_t>{1, 2, 3, 4, 5}, "lost, told twice or out of order");
        check(lane->stop(*Deadline::passed_already()).lost == 0, "something was given up");
    });
    INFO(report.text());
    CHECK_FALSE(report.found());
}

TEST_CASE("a_retired_lane_delivers_what_is_queued_and_can_be_brought_back", "[lane]") {
    const Report report = explored_lane([] {
        SimPlatform platform({});
        Gate::State gate;
        Delivery delivery;
        delivery.add(std::move(Lane::create("log", std::make_unique<Gate>(gate), 10,
                                            platform.action_executor, platform.journal))
                         .value());
        delivery.deliver({"log"}, test::numbered_change(1));
        delivery.deliver({"log"}, test::numbered_change(2));
        delivery.retire("log");
        delivery.deliver({"log"}, test::numbered_change(3));  // to nobody
        check(delivery.queues().empty(), "still there");
        check(delivery.bring_back("log"), "forgotten with changes in its queue");
        delivery.deliver({"log"}, test::numbered_change(4));
        delivery.retire("log");
        gate.open = true;
        Scheduler::current()->settle();
        check(gate.delivered == std::vector<std::uint64_t>{1, 2, 4}, "not what was queued");
        check(!delivery.bring_back("log"), "kept for nothing");
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        check(delivery.stop(*deadline, platform.journal) == 0, "something was given up");
    });
    INFO(report.text());
    CHECK_FALSE(report.found());
}

TEST_CASE("what_is_not_kept_waits_for_what_is_owed_unless_that_cannot_be_read", "[lane]") {
    const Report report = explored_lane([] {
        SimPlatform platform({});
        Gate::State gate;
        gate.open = true;
        Owed owed;
        for (std::uint64_t i = 1; i <= 3; ++i) owed.changes.push_back(change_of_number(i));
        auto lane = std::move(Lane::create("log", std::make_unique<Gate>(gate), 10,
                                           platform.action_executor, platform.journal, &owed))
                        .value();
        owed.is_readable = choose(2, "can be read") == 0;
        lane->start();
        lane->offer(change_of_number(4));
        Scheduler::current()->settle();
        if (owed.is_readable) {
            check(gate.delivered == std::vector<std::uint64_t>{1, 2, 3, 4}, "out of order");
        } else {
            check(gate.delivered == std::vector<std::uint64_t>{4}, "waits for ever");
            lane->offer(change_of_number(5));
            Scheduler::current()->settle();
            check(gate.delivered == std::vector<std::uint64_t>{4, 5}, "waits for ever");
            owed.is_readable = true;
            Scheduler::current()->sleep_for(2s);
            Scheduler::current()->settle();
            check(gate.delivered == std::vector<std::uint64_t>{4, 5, 1, 2, 3}, "lost");
        }
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        check(lane->stop(*deadline).lost == 0, "something was given up");
    });
    INFO(report.text());
    CHECK_FALSE(report.found());
}

TEST_CASE("what_found_a_full_queue_is_delivered_when_it_is_kept_after_all", "[lane]") {
    const Report report = explored_lane([] {
        SimPlatform platform({});
        Gate::State gate;
        Owed owed;
        auto lane = std::move(Lane::create("log", std::make_unique<Gate>(gate), 2,
                                           platform.action_executor, platform.journal, &owed))
                        .value();
        lane->start();
        Scheduler::current()->settle();
        for (std::uint64_t i = 1; i <= 5; ++i) {
            lane->offer(change_of_number(i));
            Scheduler::current()->settle();
        }
        check(lane->dropped() == 2, "not bounded");
        for (std::uint64_t i = 1; i <= 5; ++i) owed.changes.push_back(change_of_number(i));
        gate.open = true;
        Scheduler::current()->settle();
        check(gate.delivered == std::vector<std::uint64_t>{1, 2, 3, 4, 5}, "lost, or twice");
        check(lane->stop(*Deadline::passed_already()).lost == 0, "something was given up");
    });
    INFO(report.text());
    CHECK_FALSE(report.found());
}

TEST_CASE("an_action_that_hangs_for_good_keeps_no_other_from_being_cancelled_and_told_of",
          "[lane]") {
    const Report report = explored_lane([] {
        SimPlatform platform({});
        bool let_go = false;
        Gate::State gate;
        Delivery delivery;
        const auto add = [&](const char* name, std::unique_ptr<Action> action) {
            delivery.add(std::move(Lane::create(name, std::move(action), 10,
                                                platform.action_executor, platform.journal))
                             .value());
        };
        add("a log", std::make_unique<Stuck>(let_go));
        add("program", std::make_unique<Gate>(gate));
        delivery.deliver({"a log", "program"}, test::numbered_change(1));
        delivery.deliver({"a log", "program"}, test::numbered_change(2));
        Scheduler::current()->settle();
        std::uint64_t undelivered = 0;
        Thread stopping("stopping", [&] {
            auto deadline = std::move(Deadline::create(platform.look_executor, 5s)).value();
            undelivered = delivery.stop(*deadline, platform.journal);
        });
        Scheduler::current()->wait_until("the cancelling of the other", [&] { return gate.open; });
        Scheduler::current()->settle();
        check(platform.journal.count(EventId::not_delivered) == 2, "what is left is not told");
        let_go = true;
        stopping.join();
        check(undelivered == 4, "not all that was left is counted");
    });
    INFO(report.text());
    CHECK_FALSE(report.found());
}

TEST_CASE("what_can_be_read_again_while_other_lanes_are_waited_for_is_not_begun", "[lane]") {
    const Report report = explored_lane([] {
        SimPlatform platform({});
        Gate::State reading;
        Gate::State slow;
        Owed owed;
        owed.changes.push_back(change_of_number(1));
        owed.is_readable = false;
        Delivery delivery;
        delivery.add(std::move(Lane::create("a", std::make_unique<Gate>(reading), 10,
                                            platform.action_executor, platform.journal, &owed))
                         .value());
        delivery.add(std::move(Lane::create("b", std::make_unique<Gate>(slow), 10,
                                            platform.action_executor, platform.journal))
                         .value());
        delivery.start();
        delivery.deliver({"b"}, test::numbered_change(2));
        Scheduler::current()->settle();
        Thread mending("mending", [&] {
            Scheduler::current()->sleep_for(2s);
            owed.is_readable = true;
        });
        auto deadline = std::move(Deadline::create(platform.look_executor, 10s)).value();
        check(delivery.stop(*deadline, platform.journal) == 1, "not what was left");
        check(!reading.open, "begun, and cancelled");
        check(owed.changes.size() == 1, "not owed any more");
        check(platform.journal.count(EventId::still_owed) == 1, "not said to be owed");
    });
    INFO(report.text());
    CHECK_FALSE(report.found());
}

TEST_CASE("an_action_that_throws_has_failed_and_the_lane_goes_on", "[lane]") {
    const Report report = explored_lane([] {
        SimPlatform platform({});
        Owed owed;
        auto lane = std::move(Lane::create("log", std::make_unique<Throwing>(), 10,
                                           platform.action_executor, platform.journal, &owed))
                        .value();
        lane->start();
        for (std::uint64_t i = 1; i <= 2; ++i) {
            const SharedChange change = change_of_number(i);
            owed.changes.push_back(change);
            lane->offer(change, Kept::yes);
            Scheduler::current()->settle();
        }
        check(platform.journal.count(EventId::delivery_broke_off) == 2, "not told");
        check(owed.changes.empty(), "tried again for ever");
        auto deadline = std::move(Deadline::create(platform.action_executor, 5s)).value();
        check(lane->stop(*deadline).lost == 0, "something was given up");
        check(!deadline->passed(), "as if it were still being delivered");
    });
    INFO(report.text());
    CHECK_FALSE(report.found());
}

}  // namespace regwatch::sim
