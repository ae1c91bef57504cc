// A strand, under every schedule with a few forced switches: after each poke a whole run, never
// two at once, none after the end.
#include "platform/strand.h"

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <stdexcept>

#include "sim/floors.h"
#include "sim/scheduler.h"
#include "sim/sim_executor.h"

namespace regwatch::sim {
namespace {

struct StrandBench {
    Faults faults;
    SimExecutor executor{"pool", 3, faults};
    int pokes = 0;
    int seen = 0;  // the number of pokes before the last run began
    int runs = 0;
    bool running = false;
    bool closed = false;
    std::function<void()> in_the_run;
    std::unique_ptr<Strand> strand = std::move(Strand::create(executor, [this] { run(); })).value();

    void run() {
        check(!running, "it runs twice at once");
        check(!closed, "it runs after the end");
        running = true;
        ++runs;
        seen = pokes;
        switch_point("running");
        if (in_the_run) in_the_run();
        running = false;
    }
    void throw_in_the_run() {
        running = false;
        throw std::runtime_error("a bug");
    }
    void poke() {
        switch_point("before poking");
        ++pokes;
        strand->poke();
    }
    void close() {
        strand->close();
        check(!running, "close() returned while it runs");
        closed = true;
    }
};

void strand_holds(const char* name, const std::function<void(StrandBench&)>& body) {
    ExploreOptions options;
    options.name = name;
    options.scheduler.locks_are_points = true;
    (void)explore_completely(options, [&] {
        StrandBench bench;
        body(bench);
    });
}

}  // namespace

TEST_CASE("after_each_poke_a_whole_run_follows_and_never_two_at_once", "[strand]") {
    strand_holds("pokes from two threads", [](StrandBench& bench) {
        {
            const Thread one("one", [&] { bench.poke(); });
            bench.poke();
        }
        Scheduler::current()->settle();
        check(bench.seen == 2, "a poke was lost");
        check(bench.runs <= 2, "more runs than pokes");
        bench.close();
    });
}

TEST_CASE("a_poke_from_within_the_run_is_followed_by_another_run", "[strand]") {
    strand_holds("poke in a run", [](StrandBench& bench) {
        bench.in_the_run = [&] {
            if (bench.runs <= 2) bench.poke();
        };
        bench.poke();
        Scheduler::current()->settle();
        check(bench.runs == 3, "a poke was lost");
        bench.close();
    });
}

TEST_CASE("close_waits_for_the_run_and_for_one_that_queues_itself_again", "[strand]") {
    strand_holds("close beside a run", [](StrandBench& bench) {
        bench.in_the_run = [&] {
            if (bench.runs < 3) bench.strand->poke();
        };
        bench.poke();
        Scheduler::current()->point("closing");
        bench.close();
        // Whoever is still inside would now use what is gone.
        bench.strand.reset();
        Scheduler::current()->settle();
    });
}

// The first run has handed in the second and is not back yet; the second hands in a third.
TEST_CASE("close_waits_for_all_runs_that_queue_themselves_again", "[strand]") {
    strand_holds("close beside two that queue themselves", [](StrandBench& bench) {
        bench.in_the_run = [&] {
            if (bench.runs < 3) bench.strand->poke();
        };
        bench.poke();
        bench.close();
        bench.strand.reset();
        Scheduler::current()->settle();
    });
}

TEST_CASE("a_run_that_throws_is_told_of_and_the_next_poke_is_followed_by_a_run", "[strand]") {
    strand_holds("a run throws", [](StrandBench& bench) {
        bench.executor.expect_escapes();
        bench.in_the_run = [&] {
            if (bench.runs == 1) bench.throw_in_the_run();
        };
        bench.poke();
        Scheduler::current()->settle();
        check(bench.executor.escapes() == 1, "nobody was told");
        bench.poke();
        Scheduler::current()->settle();
        check(bench.runs == 2, "a poke was lost");
        bench.close();
    });
}

TEST_CASE("a_poke_during_a_run_that_throws_is_not_lost", "[strand]") {
    strand_holds("a poke, and the run throws", [](StrandBench& bench) {
        bench.executor.expect_escapes();
        bench.in_the_run = [&] {
            if (bench.runs > 1) return;
            bench.poke();
            bench.throw_in_the_run();
        };
        bench.poke();
        Scheduler::current()->settle();
        check(bench.executor.escapes() == 1, "nobody was told");
        check(bench.runs == 2, "a poke was lost");
        bench.close();
    });
}

TEST_CASE("close_beside_a_run_that_throws_is_the_end", "[strand]") {
    strand_holds("close, and the run throws", [](StrandBench& bench) {
        bench.executor.expect_escapes();
        bench.in_the_run = [&] { bench.throw_in_the_run(); };
        bench.poke();
        Scheduler::current()->point("closing");
        bench.close();
        bench.strand.reset();
        Scheduler::current()->settle();
    });
}

TEST_CASE("several_threads_close_a_strand_at_once", "[strand]") {
    strand_holds("close by two threads", [](StrandBench& bench) {
        bench.poke();
        {
            const Thread other("other", [&] {
                bench.strand->close();
                check(!bench.running, "close() returned while it runs");
            });
            bench.strand->close();
            check(!bench.running, "close() returned while it runs");
        }
        bench.close();
        bench.strand->poke();
        Scheduler::current()->settle();
    });
}

}  // namespace regwatch::sim
