// What actions do not get, because it is muted or more than a limit allows: all of it is in the history and
// is told, with the watches, also when the process was killed before it could.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <memory>
#include <set>
#include <string>

#include "sim/restart_bench.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t kOfEach = 4;  // changes of each of the two watches

// Two watches whose changes go to the same log.
struct LeftOutBench {
    explicit LeftOutBench(const KernelRules& rules) : platform({rules, 2, 2}) {
        for (const char* name : {"one", "two"}) {
            WatchSettings watch;
            watch.name = name;
            watch.keys = {key_of(name)};
            watch.actions = {"log"};
            settings.watches.push_back(watch);
            platform.kernel.create_key(watch.keys.front());
        }
        settings.actions = {{.name = "log", .what = LogSettings{"/logs"}}};
    }

    static KeyPath key_of(const std::string& watch) {
        return key_path(watch == "one" ? u"A\\One" : u"A\\Two");
    }
    void start() {
        life.dead = false;
        mortal = std::make_unique<MortalStore>(store, life);
        EngineOptions options;
        options.store = mortal.get();
        options.context.mutes = board;
        engine = std::move(Engine::create(settings, std::move(options), ports)).value();
        told_before = platform.journal.notices().size();
        engine->start();
    }
    void stop() {
        check(engine->stop(5s).undelivered == 0, "something was lost at the stop");
        engine.reset();
    }
    void kill() {
        life.dead = true;
        engine.reset();
    }
    void change_all() {
        for (std::uint8_t i = 1; i <= kOfEach; ++i) {
            for (const WatchSettings& watch : settings.watches)
                platform.kernel.set_value(watch.keys.front(), u"v", dword(i));
            Scheduler::current()->settle();
        }
    }
    [[nodiscard]] std::size_t logged() const {
        std::set<std::string> sequences;
        for (const std::string& path : platform.files.paths()) {
            const std::string lines = platform.files.content(path).value_or("");
            for (std::size_t at = lines.find("\"sequence\":"); at != std::string::npos;
                 at = lines.find("\"sequence\":", at + 1)) {
                sequences.insert(lines.substr(at, lines.find_first_of(",}", at) - at));
            }
        }
        return sequences.size();
    }
    // Since the last start, by the notices of this kind.
    [[nodiscard]] std::vector<Notice> told(EventId id) const {
        std::vector<Notice> told = platform.journal.notices();
        told.erase(told.begin(), told.begin() + static_cast<std::ptrdiff_t>(told_before));
        std::erase_if(told, [id](const Notice& notice) { return notice.id != id; });
        return told;
    }
    [[nodiscard]] std::uint64_t told_in_all() const {
        std::uint64_t sum = 0;
        for (const EventId id : {EventId::changes_muted, EventId::changes_limited})
            for (const Notice& notice : told(id)) sum += std::stoull(notice.inserts.at(1));
        for (const Notice& notice : told(EventId::changes_limited_in_all))
            sum += std::stoull(notice.inserts.at(0));
        return sum;
    }

    SimPlatform platform;
    Platform ports = platform.ports();
    MemoryStore store;
    Settings settings;
    std::shared_ptr<MuteBoard> board = std::make_shared<MuteBoard>();
    Life life;
    std::size_t told_before = 0;
    std::unique_ptr<MortalStore> mortal;
    std::unique_ptr<Engine> engine;
};

void leaves_out(const std::string& name, const std::function<void(LeftOutBench&)>& body,
                std::size_t schedules = 300) {
    holds_at_random(name, body, schedules);
}

// How it comes that something is left out.
enum class Way { muted, limited, limited_in_all };

void take(Way way, LeftOutBench& bench) {
    if (way == Way::muted) bench.board->set({{"", bench.platform.clock.wall_now() + 1h}});
    if (way == Way::limited) bench.settings.actions[0].rate_limit = 1;
    if (way == Way::limited_in_all) bench.settings.total_rate_limit = 2;
}

std::size_t logged_by(Way way) { return way == Way::muted ? 0 : 2; }

}  // namespace

TEST_CASE("what_all_actions_may_not_have_is_in_the_history_and_told_once_a_minute", "[limit]") {
    leaves_out("limit of all actions", [](LeftOutBench& bench) {
        bench.settings.total_rate_limit = 3;
        bench.start();
        bench.change_all();
        check(bench.logged() == 3, "not the limit of all");
        check(bench.told(EventId::changes_limited_in_all).empty(), "told at once");
        let_pass(61s);
        const auto told = bench.told(EventId::changes_limited_in_all);
        check(told.size() == 1, "not told once");
        check(told[0].inserts[0] == "5", "not all are counted");
        check(told[0].inserts[2] == "one (2), two (3)" || told[0].inserts[2] == "one (3), two (2)",
              "the watches are not named");
        check(bench.store.history({})->size() == 2U * kOfEach, "not in the history");
        bench.settings.total_rate_limit = 0;
        check(bench.engine->reload(bench.settings).ok(), "refused");
        bench.platform.kernel.set_value(LeftOutBench::key_of("one"), u"w", dword(1));
        Scheduler::current()->settle();
        for (std::uint8_t i = 2; i <= 4; ++i) {
            bench.platform.kernel.set_value(LeftOutBench::key_of("one"), u"w", dword(i));
            Scheduler::current()->settle();
        }
        check(bench.logged() == 7, "limited although there is no limit any more");
        bench.stop();
    });
}

TEST_CASE("what_was_left_out_and_not_told_before_a_kill_is_told_at_the_next_start_and_once",
          "[restart]") {
    const Way way = GENERATE(Way::muted, Way::limited, Way::limited_in_all);
    leaves_out("left out before a kill " + std::to_string(static_cast<int>(way)),
               [way](LeftOutBench& bench) {
                   take(way, bench);
                   bench.start();
                   bench.change_all();
                   check(bench.logged() == logged_by(way), "not left out");
                   check(bench.told_in_all() == 0, "told too early");
                   bench.kill();
                   bench.start();
                   Scheduler::current()->settle();
                   check(bench.told_in_all() == 2U * kOfEach - logged_by(way),
                         "not all that was left out is told after the kill");
                   bench.kill();
                   bench.start();
                   let_pass(2h);
                   check(bench.told_in_all() == 0, "told twice");
                   bench.stop();
               });
}

TEST_CASE("what_was_left_out_and_told_is_not_told_again_at_the_next_start", "[restart]") {
    const Way way = GENERATE(Way::muted, Way::limited, Way::limited_in_all);
    leaves_out("left out and told " + std::to_string(static_cast<int>(way)),
               [way](LeftOutBench& bench) {
                   take(way, bench);
                   bench.start();
                   bench.change_all();
                   const bool by_stop = choose(2, "who tells it") == 0;
                   if (by_stop) {
                       bench.stop();
                   } else {
                       let_pass(2h);
                       bench.kill();
                   }
                   check(bench.told_in_all() == 2U * kOfEach - logged_by(way), "not told");
                   bench.start();
                   let_pass(2h);
                   check(bench.told_in_all() == 0, "told twice");
                   bench.stop();
               });
}

TEST_CASE("killed_at_any_moment_each_change_got_there_or_is_told_to_be_left_out", "[restart]") {
    const Way way = GENERATE(Way::muted, Way::limited);
    leaves_out(
        "kill while leaving out " + std::to_string(static_cast<int>(way)),
        [way](LeftOutBench& bench) {
            take(way, bench);
            bench.start();
            {
                Thread writer("writer", [&] {
                    for (std::uint8_t i = 1; i <= kOfEach; ++i)
                        bench.platform.kernel.set_value(LeftOutBench::key_of("one"), u"v",
                                                        dword(i));
                });
                Thread killer("killer", [&] {
                    const std::size_t wait = 6 * choose(36, "when to kill");
                    for (std::size_t i = 0; i < wait; ++i) switch_point("living on");
                    bench.life.dead = true;
                });
            }
            bench.kill();
            bench.start();
            let_pass(3h);
            const std::uint64_t told = bench.told_in_all();
            const std::size_t changes = bench.store.history({})->size();
            check(bench.logged() + told >= changes, "one is neither there nor told");
            // One that was logged may be delivered again, and be too much then.
            check(told <= changes, "more is told than there was");
            bench.stop();
        },
        4'000);
}

}  // namespace regwatch::sim
