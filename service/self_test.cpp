#include "service/self_test.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "text/utf.h"

namespace regwatch {
namespace {

constexpr const char* kCheck = "self_test";
constexpr std::u16string_view kValue = u"Mark";

Finding bad(std::string found, std::string repair) {
    return {kCheck, Health::bad, std::move(found), std::move(repair)};
}

ValueData text_data(const std::string& text) {
    ValueData data{ValueType::sz, {}};
    for (const char16_t unit : to_utf16(text) + u'\0') {
        data.bytes.push_back(static_cast<std::uint8_t>(unit));
        data.bytes.push_back(static_cast<std::uint8_t>(unit >> 8));
    }
    return data;
}

Result<std::uint64_t> last_number(Store& store) {
    HistoryQuery newest;
    newest.limit = 1;
    auto found = store.history(newest);
    if (!found) return std::move(found).error();
    return found->empty() ? 0 : found->front()->sequence;
}

// The number of the change that the test made, if the service has found it by now.
Result<std::optional<std::uint64_t>> heard(Store& store, std::uint64_t after,
                                           const ValueData& mark) {
    HistoryQuery query;
    query.watch = kSelfTestWatch;
    query.after = after;
    auto found = store.history(query);
    if (!found) return std::move(found).error();
    for (const SharedChange& change : *found) {
        if (change->after == mark) return std::optional(change->sequence);
    }
    return std::optional<std::uint64_t>();
}

// The key, and the one above it if nothing else is in it. What cannot be deleted is harmless.
void clean_up(const SelfTestPorts& ports) {
    const KeyPath key = self_test_key();
    (void)ports.writer.delete_key(key);
    const KeyPath above = key.parent().value_or(key);
    const auto open = ports.registry.open(above);
    if (!open) return;
    const auto info = (*open)->info();
    if (info && info->subkey_count == 0 && info->value_count == 0)
        (void)ports.writer.delete_key(above);
}

Finding wait_for_it(const SelfTestPorts& ports, std::uint64_t after, const ValueData& mark,
                    Duration patience) {
    const SteadyTime begin = ports.clock.steady_now();
    for (;;) {
        const auto number = heard(ports.store, after, mark);
        const Duration waited = ports.clock.steady_now() - begin;
        const auto milliseconds =
            std::chrono::duration_cast<std::chrono::milliseconds>(waited).count();
        if (number && *number)
            return {kCheck,
                    Health::good,
                    "It hears: it found a change of its own key within " +
                        std::to_string(milliseconds) + " ms (change " + std::to_string(**number) +
                        ").",
                    {}};
        if (waited >= patience) {
            if (!number)
                return bad("Whether it hears is not known: " + number.error().text() + ".",
                           "regwatch status says what is wrong with the state");
            return bad(
                "It is deaf, or cannot write its history: a change of its own key was not "
                "found within " +
                    std::to_string(milliseconds) + " ms.",
                "regwatch status, and logs\\regwatch.log, say more; then start it again");
        }
        ports.pause();
    }
}

}  // namespace

KeyPath self_test_key() {
    return {Root::local_machine, u"SOFTWARE\\RegWatch\\SelfTest", View::bits64};
}

Settings with_self_test(Settings settings) {
    WatchSettings watch;
    watch.name = kSelfTestWatch;
    watch.keys = {self_test_key()};
    watch.severity = Severity::info;
    settings.watches.push_back(std::move(watch));
    return settings;
}

EngineStatus without_self_test(EngineStatus status) {
    std::erase_if(status.watches,
                  [](const WatchStatus& watch) { return watch.watch == kSelfTestWatch; });
    return status;
}

Finding run_self_test(const SelfTestPorts& ports, const std::string& mark, Duration patience) {
    const auto before = last_number(ports.store);
    if (!before)
        return bad("Its history cannot be read: " + before.error().text() + ".",
                   "run this elevated, with the --data-dir of the service");
    const ValueData data = text_data(mark);
    Result<void> written = ports.writer.create_key(self_test_key());
    if (written) written = ports.writer.set_value(self_test_key(), kValue, data);
    Finding finding = written
                          ? wait_for_it(ports, *before, data, patience)
                          : bad("The self-test could not be made: " + written.error().text() + ".",
                                "run this from an elevated prompt");
    clean_up(ports);
    return finding;
}

}  // namespace regwatch
