#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <limits>
#include <mutex>

#include "bench/counting_registry.h"
#include "bench/floor.h"
#include "bench/report.h"
#include "contract/subject.h"
#include "support/memory_journal.h"
#include "support/system_time.h"
#include "watch/key_watch.h"

namespace regwatch::test {
namespace {

using namespace std::chrono_literals;

std::u16string subkey_name(std::size_t number) {
    std::u16string name = u"Subkey 00";
    name[7] = static_cast<char16_t>(u'0' + number / 10);
    name[8] = static_cast<char16_t>(u'0' + number % 10);
    return name;
}

// Groups of a hundred keys, ten groups to a key, as deep as it takes; ten values in each key.
void fill(RegistryEditor& editor, const std::u16string& key, std::size_t keys) {
    const std::size_t width = keys > 100 ? 10 : keys;
    for (std::size_t i = 0; i < width; ++i) {
        const std::u16string below = (key.empty() ? key : key + u"\\") + subkey_name(i);
        editor.create_key(below);
        for (char16_t digit = u'0'; digit <= u'9'; ++digit) {
            const std::u16string name = std::u16string(u"Value ") + digit;
            editor.set_value(below, name, {ValueType::binary, Bytes(24, std::uint8_t{1})});
        }
        if (keys > 100) fill(editor, below, keys / 10);
    }
}

std::u16string some_leaf(std::size_t keys) {
    std::u16string path;
    for (; keys > 100; keys /= 10) path += subkey_name(5) + u"\\";
    return path + subkey_name(7);
}

double seconds_of(const std::function<void()>& what) {
    const auto begin = std::chrono::steady_clock::now();
    what();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// The best of each, turn by turn, so that whatever else the machine does meets both.
double ratio_of_bests(const std::function<void()>& one, const std::function<void()>& other) {
    constexpr int kTurns = 5;
    double best = std::numeric_limits<double>::max();
    double best_other = best;
    for (int i = 0; i < kTurns; ++i) {
        best_other = std::min(best_other, seconds_of(other));
        best = std::min(best, seconds_of(one));
    }
    return best / best_other;
}

struct RawSize {
    std::size_t bytes = 0;  // of names and data
    std::size_t entries = 0;
};

void add_raw_size(const Snapshot& key, RawSize& size) {
    for (const ValueView value : key.values) {
        size.bytes += value.name.size() * sizeof(char16_t) + value.data.bytes.size();
        ++size.entries;
    }
    for (const Subkey& subkey : key.subkeys) {
        size.bytes += subkey.name.size() * sizeof(char16_t);
        ++size.entries;
        if (subkey.below) add_raw_size(*subkey.below, size);
    }
}

class Waiter final : public KeyWatch::Client {
public:
    void on_look(const KeyWatchPlan&, Look& look) override {
        const std::lock_guard lock(mutex_);
        differences_ += look.differences.size();
        if (looks_ == 0) first_look_ = std::chrono::steady_clock::now() - begin_;
        ++looks_;
        changed_.notify_all();
    }
    void on_settled() override {}

    // The next difference, and then no look for a while.
    bool wait_for_difference(std::size_t count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 60s, [&] { return differences_ >= count; });
    }
    // A look is followed by three times its own duration without one, and the first is the longest.
    void wait_until_quiet() {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, 60s, [this] { return looks_ > 0; });
        for (std::size_t seen = 0; seen != looks_;) {
            seen = looks_;
            changed_.wait_for(lock, 1s + 4 * first_look_, [&] { return looks_ != seen; });
        }
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t differences_ = 0;
    std::size_t looks_ = 0;
    const SteadyTime begin_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::duration first_look_{};
};

// How many calls finding one changed value takes.
std::uint64_t calls_for_one_change(RegistrySubject& subject, std::size_t keys) {
    CountingRegistry registry(subject.registry());
    MonitorSet monitors(registry, subject.thread());
    const auto executor = make_executor(2);
    SystemTime clock;
    MemoryJournal journal;
    Waiter waiter;
    auto watch = KeyWatch::create({"bench", subject.editor().path(u""), Scope::subtree},
                                  {monitors, *executor, clock, journal}, waiter);
    if (!watch) return 0;
    (*watch)->start();
    waiter.wait_until_quiet();
    const std::uint64_t before = registry.calls();
    subject.editor().set_value(some_leaf(keys), u"Value 3", {ValueType::binary, Bytes(24, 2)});
    const bool found = waiter.wait_for_difference(1);
    waiter.wait_until_quiet();
    const std::uint64_t calls = registry.calls() - before;
    (*watch)->close();
    return found ? calls : 0;
}

double measure_one_change(BenchReport& report, RegistrySubject& subject, std::size_t keys,
                          std::uint64_t calls_of_the_baseline, double last_share) {
    const std::string of_keys = ", " + std::to_string(keys) + " keys";
    const std::uint64_t calls = calls_for_one_change(subject, keys);
    if (calls == 0) report.broken("the change was not found" + of_keys);
    const double share = static_cast<double>(calls) / static_cast<double>(calls_of_the_baseline);
    report.ratio("calls for one change / the baseline's" + of_keys, share,
                 std::min(last_share, 0.05));
    return share;
}

// Returns the share of the baseline's calls that one change takes.
double measure(BenchReport& report, std::size_t keys, double last_share) {
    const std::string of_keys = ", " + std::to_string(keys) + " keys";
    const auto subject = make_registry_subject(systems().back());
    const KeyPath path = subject->editor().path(u"");
    fill(subject->editor(), u"", keys);

    SystemTime clock;
    CountingRegistry registry(subject->registry());
    const auto read = [&](Registry& from) {
        auto key = from.open(path);
        if (!key) return SharedSnapshot();
        auto snapshot = read_snapshot(**key, {Scope::subtree}, clock);
        return snapshot ? *snapshot : SharedSnapshot();
    };
    const std::size_t heap_before = heap_in_use();
    const SharedSnapshot baseline = read(registry);
    const std::size_t heap = heap_in_use() - heap_before;
    if (!baseline) {
        report.broken("the baseline could not be read" + of_keys);
        return last_share;
    }
    RawSize raw;
    add_raw_size(*baseline, raw);
    const double allowed =
        1.5 * static_cast<double>(raw.bytes) + 64.0 * static_cast<double>(raw.entries);
    report.ratio("heap of a snapshot / (1.5 x names and data + 64 an entry)" + of_keys,
                 static_cast<double>(heap) / allowed, 1);
    // The one is what limits are held against.
    report.ratio("heap of a snapshot / its memory_size()" + of_keys,
                 static_cast<double>(heap) / static_cast<double>(baseline->memory_size()), 1.5);

    if (!kFloorIsReal)
        return measure_one_change(report, *subject, keys, registry.calls(), last_share);
    report.ratio("time of the baseline / a bare enumeration" + of_keys,
                 ratio_of_bests([&] { (void)read(subject->registry()); },
                                [&] { (void)walk_bare(subject->registry(), path); }),
                 1.5);

    return measure_one_change(report, *subject, keys, registry.calls(), last_share);
}

}  // namespace

void run_tree_scenarios(BenchReport& report, std::size_t most_keys) {
    double share = 1;
    for (const std::size_t keys : {kFewestKeys, 10 * kFewestKeys, 100 * kFewestKeys}) {
        if (keys > most_keys) break;
        share = measure(report, keys, share);
    }
}

}  // namespace regwatch::test
