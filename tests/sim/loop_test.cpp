// A program that writes what it is told of: it would be run for ever, and is stopped, with a word to whoever
// has to repair it.
#include <catch2/catch_test_macros.hpp>

#include "action/loop_guard.h"
#include "sim/engine_bench.h"

namespace regwatch::sim {
namespace {

Settings running_a_program() {
    Settings settings = EngineBench::settings_for({kKey}, {"script", "first"});
    ProgramSettings program;
    program.file = "C:\\x.exe";
    settings.actions = {{.name = "script", .what = program}};
    return settings;
}

}  // namespace

TEST_CASE("a_program_that_writes_what_it_is_told_of_is_stopped_and_runs_again_when_it_is_quiet",
          "[loop]") {
    holds(
        "program answers itself",
        [](EngineBench& bench) {
            SimKernel& kernel = bench.platform.kernel;
            auto& journal = bench.platform.journal;
            std::uint8_t next = 1;
            kernel.create_key(kKey);
            bench.platform.processes.on_run = [&] {
                if (next < 200) kernel.set_value(kKey, u"v", dword(next++));
            };
            bench.make(running_a_program());
            bench.engine->start();
            kernel.set_value(kKey, u"v", dword(0));
            let_pass(5s);
            const std::size_t runs = bench.platform.processes.specs().size();
            check(runs >= LoopGuard::kLongestChain, "stopped too early");
            check(runs <= LoopGuard::kLongestChain + 2, "run again and again");
            check(journal.count(EventId::program_loops) == 1, "not told once");
            for (const Notice& notice : journal.notices()) {
                if (notice.id != EventId::program_loops) continue;
                check(notice.inserts[0] == "script", "the action is not named");
                check(notice.inserts[1].starts_with("HKLM\\A\\K"), "the key is not named");
            }
            // The other action has all of it.
            check(bench.first.last == dword(static_cast<std::uint8_t>(next - 1)),
                  "what the program wrote was not reported");
            let_pass(2min);
            kernel.set_value(kKey, u"w", dword(1));
            let_pass(1s);
            check(bench.platform.processes.specs().size() > runs, "stopped for good");
            bench.stop();
        },
        300);
}

TEST_CASE("a_program_that_is_run_for_what_others_change_is_no_loop", "[loop]") {
    holds(
        "program writes elsewhere",
        [](EngineBench& bench) {
            SimKernel& kernel = bench.platform.kernel;
            kernel.create_key(kKey);
            std::uint8_t done = 0;
            bench.platform.processes.on_run = [&] {
                kernel.set_value(key_path(u"A"), u"done", dword(++done));
            };
            bench.make(running_a_program());
            bench.engine->start();
            for (std::uint8_t i = 1; i <= 20; ++i) {
                kernel.set_value(kKey, u"v", dword(i));
                let_pass(1s);
            }
            check(bench.platform.processes.specs().size() == 20, "not run for each change");
            check(bench.platform.journal.count(EventId::program_loops) == 0, "taken for a loop");
            bench.stop();
        },
        300);
}

}  // namespace regwatch::sim
