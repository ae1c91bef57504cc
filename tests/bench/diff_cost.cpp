// regwatch-diff-cost VALUES REPETITIONS: compares two snapshots of so many values so often, for an instruction
// counter (diff_is_linear.sh). A program of its own, because it needs the values only.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "registry/diff.h"

namespace regwatch::test {
namespace {

std::shared_ptr<Snapshot> key_with_values(std::size_t count, std::uint8_t last) {
    std::vector<Value> values;
    for (std::size_t i = 0; i < count; ++i) {
        std::u16string name = u"Value 00";
        name[6] = static_cast<char16_t>(u'0' + i / 10);
        name[7] = static_cast<char16_t>(u'0' + i % 10);
        values.push_back({std::move(name), {ValueType::binary, Bytes(24, std::uint8_t{1})}});
    }
    values.back().data.bytes[0] = last;
    auto key = std::make_shared<Snapshot>();
    key->values = values;
    return key;
}

// Each key is a copy of its own: what is shared is not compared.
Snapshot snapshot_of(std::size_t values, std::uint8_t last) {
    constexpr std::size_t kValuesOfAKey = 100;
    const auto key = key_with_values(kValuesOfAKey, 1);
    Snapshot root;
    for (std::size_t i = 0; i < values / kValuesOfAKey; ++i) {
        std::u16string name(1, static_cast<char16_t>(0x1000 + i));
        root.subkeys.push_back({std::move(name), WallTime{}, std::make_shared<Snapshot>(*key)});
    }
    root.subkeys.back().below = key_with_values(kValuesOfAKey, last);
    return root;
}

int run_diff(std::size_t values, int repetitions) {
    const Snapshot before = snapshot_of(values, 1);
    const Snapshot after = snapshot_of(values, 2);
    for (int i = 0; i < repetitions; ++i) {
        if (diff(&before, &after).size() != 1) return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

}  // namespace
}  // namespace regwatch::test

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: regwatch-diff-cost VALUES REPETITIONS\n");
        return 2;
    }
    return regwatch::test::run_diff(std::strtoull(argv[1], nullptr, 10), std::atoi(argv[2]));
}
