// Data of values, of any type and shape, through every rendering of a change: each is well-formed, and
// none drives a terminal.
#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>

#include "change/event_entry.h"
#include "change/json.h"
#include "change/line.h"
#include "change/sysmon.h"
#include "fuzz/expect.h"
#include "registry/concealed.h"
#include "text/base64.h"
#include "text/utf.h"

namespace regwatch::fuzz {
namespace {

bool has_control_character(const std::string& text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

void check_renderings(const Change& change) {
    const std::string line = to_json_line(change, {"host"});
    expect(std::all_of(line.begin(), line.end(), [](char c) { return c >= 0x20 && c < 0x7F; }),
           "the record is not printable ASCII");
    const auto record = nlohmann::json::parse(line, nullptr, false);
    expect(!record.is_discarded(), "the record is no JSON");
    if (change.after && change.after->whole()) {
        expect(record["registry"]["data"]["bytes"] == to_base64(change.after->bytes),
               "the bytes are not in the record");
    }
    expect(!has_control_character(to_line(change)), "a control character reaches the console");
    const EventEntry entry = event_entry(change);
    std::size_t units = 0;
    for (const std::u16string& insert : entry.inserts) units += insert.size();
    expect(units <= kMaxEntryUnits, "the event is larger than the Event Log takes");
    (void)render(entry);
    (void)sysmon_fields(change);
}

// A type, a limit, how much of the rest is the name, the name, and the data.
void run(std::span<const std::uint8_t> input) {
    if (input.size() < 3) return;
    const auto type =
        static_cast<ValueType>(input[0] > 200 ? 0x7FFF0000U + input[0] : input[0] % 14);
    const std::size_t limit = 16 + input[1];
    const std::size_t name_size = std::min<std::size_t>(input[2], input.size() - 3);
    const auto name = input.subspan(3, name_size);
    const auto data = input.subspan(3 + name_size);

    Change change;
    change.key = {Root::local_machine, u"SOFTWARE\\Example", View::bits64};
    change.value_name = to_utf16({reinterpret_cast<const char*>(name.data()), name.size()});
    const ValueData whole{type, Bytes(data.begin(), data.end())};
    change.after = whole;
    check_renderings(change);
    change.before = truncated_to(limit, whole);
    check_renderings(change);
    change.after = redacted(type, concealed_size(conceal(whole)));
    expect(change.after->size == data.size(), "concealing loses the size");
    check_renderings(change);
    change.kind = DifferenceKind::value_deleted;
    change.after.reset();
    check_renderings(change);
}

}  // namespace
}  // namespace regwatch::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    regwatch::fuzz::run({data, size});
    return 0;
}
