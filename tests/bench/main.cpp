// regwatch-bench: ratios against the bare system, one a line; the exit code says whether all bounds held.
//
//   regwatch-bench           everything; pin it and, under Wine, the server to one processor (taskset)
//   regwatch-bench --keys N  only trees of up to N keys: 1000, 10000 or 100000
//   regwatch-bench --quick   what takes seconds
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "bench/report.h"

int main(int argc, char** argv) {
    using namespace regwatch::test;
    std::size_t most_keys = 100'000;
    if (argc == 2 && std::string_view(argv[1]) == "--quick") {
        most_keys = kQuickKeys;
    } else if (argc == 3 && std::string_view(argv[1]) == "--keys") {
        most_keys = std::strtoull(argv[2], nullptr, 10);
    } else if (argc > 1) {
        most_keys = 0;
    }
    // Nothing measured is nothing that holds.
    if (most_keys < kFewestKeys) {
        std::fprintf(stderr, "usage: regwatch-bench [--quick | --keys N]\n");
        return 2;
    }
    BenchReport report;
    run_tree_scenarios(report, most_keys);
    return report.all_hold() ? EXIT_SUCCESS : EXIT_FAILURE;
}
